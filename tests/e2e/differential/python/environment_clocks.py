import time

print(time.process_time() < 1, time.thread_time() < 1, 0 < time.perf_counter())
print(abs(time.time() - time.clock_gettime(time.CLOCK_REALTIME)) < 1)
print(time.get_clock_info("perf_counter").implementation, time.get_clock_info("process_time"))
