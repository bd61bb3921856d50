import os

print("twice, as the buffer was copied")
child = os.fork()
if child:
    os.waitpid(child, 0)
