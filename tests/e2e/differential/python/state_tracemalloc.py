import tracemalloc

print(tracemalloc.is_tracing(), tracemalloc.get_traced_memory())
tracemalloc.start()
data = [bytes(1000) for _ in range(10)]
current, peak = tracemalloc.get_traced_memory()
print(current > 10000, peak >= current, tracemalloc.get_traceback_limit())
print(tracemalloc.get_object_traceback(data))
