import os
import threading

read_end, write_end = os.pipe()
thread = threading.Thread(target=os.read, args=(read_end, 1))
thread.start()
child = os.fork()
if child == 0:
    print(threading.active_count(), threading.current_thread().name,
          threading.main_thread().name, flush=True)
    os._exit(0)
os.waitpid(child, 0)
os.write(write_end, b"x")
thread.join()
print("parent", threading.active_count())
