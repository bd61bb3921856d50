import os
import sys

sys.stdout.write("once\n")
sys.stdout.flush()
child = os.fork()
if child == 0:
    print("child", os.getppid() != 1)
    sys.exit(7)
print("status", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
