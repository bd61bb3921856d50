import sys
import time
import itertools

print(sys, time, itertools)
