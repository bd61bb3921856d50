import queue
import threading

channel = queue.Queue(maxsize=2)
barrier = threading.Barrier(2)
event = threading.Event()


def produce():
    barrier.wait()
    for number in range(5):
        channel.put(number)
    event.set()


threading.Thread(target=produce).start()
barrier.wait()
print([channel.get() for _ in range(5)], event.wait(1), channel.empty())
timer = threading.Timer(0.01, print, ["timer"])
timer.start()
timer.join()
