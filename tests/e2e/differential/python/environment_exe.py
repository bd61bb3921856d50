import os
import sys

print(os.readlink("/proc/self/exe"), os.path.samefile("/proc/self/exe", sys.executable))
