import threading
from concurrent.futures import ThreadPoolExecutor

ending = threading.Event()


def work(number):
    ending.wait()
    print("task", number)


pool = ThreadPoolExecutor(1)
for number in range(3):
    pool.submit(work, number)
print("main ends")
ending.set()
