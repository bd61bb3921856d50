import os

os.register_at_fork(before=lambda: print("before", flush=True),
                    after_in_child=lambda: print("in child", flush=True),
                    after_in_parent=lambda: None)
child = os.fork()
if child == 0:
    os._exit(0)
os.waitpid(child, 0)
print("in parent")
