import os

os.register_at_fork(before=lambda: print("before"), after_in_child=lambda: print("in child"),
                    after_in_parent=lambda: print("in parent"))
child = os.fork()
if child == 0:
    os._exit(0)
os.waitpid(child, 0)
