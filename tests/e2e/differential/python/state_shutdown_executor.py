from concurrent.futures import ThreadPoolExecutor
import time


def work(number):
    time.sleep(0.01)
    print("task", number)


pool = ThreadPoolExecutor(1)
for number in range(3):
    pool.submit(work, number)
print("main ends")
