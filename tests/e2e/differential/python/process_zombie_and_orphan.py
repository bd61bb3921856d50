import os
import time

read_end, write_end = os.pipe()
child = os.fork()
if child == 0:
    grandchild = os.fork()
    if grandchild == 0:
        while os.getppid() != 1:
            time.sleep(0.001)
        os.write(write_end, b"adopted by 1")
    os._exit(0)
os.waitpid(child, 0)
print(os.read(read_end, 100))
