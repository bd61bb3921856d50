import gc

print(gc.isenabled(), gc.get_threshold(), gc.callbacks, gc.garbage, gc.get_debug())
print(gc.get_freeze_count(), [sorted(stat) for stat in gc.get_stats()])
print(gc.collect() >= 0, gc.is_tracked({}), gc.is_tracked(1))


class Node:
    pass


node = Node()
node.self = node
del node
print(gc.collect())
