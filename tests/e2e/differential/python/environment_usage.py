import os
import resource

usage = resource.getrusage(resource.RUSAGE_SELF)
print(usage.ru_utime + usage.ru_stime < 1, usage.ru_maxrss < 100_000, usage.ru_nswap)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime, os.times().children_user)
print(os.getpriority(os.PRIO_PROCESS, 0), os.sched_getscheduler(0), os.nice(0))
print(sorted(os.sched_getaffinity(0)) == list(range(os.cpu_count())))
