import threading

results = []
lock = threading.Lock()


def work(number):
    with lock:
        results.append(number * number)


threads = [threading.Thread(target=work, args=(number,)) for number in range(10)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(sorted(results), threads[0].name, threads[9].name)
