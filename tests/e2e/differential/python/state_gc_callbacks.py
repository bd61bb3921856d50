import gc

gc.collect()
seen = []
gc.callbacks.append(lambda phase, info: seen.append((phase, info["generation"])))
gc.collect()
gc.collect(0)
gc.callbacks.clear()
print(seen)
gc.disable()
print(gc.isenabled())
