import _thread
import os
import threading

main = threading.main_thread()
print(main.name, main is threading.current_thread(), main.ident == threading.get_ident())
print(main.native_id == os.getpid() == threading.get_native_id(), main.daemon, main.is_alive())
print(threading.active_count(), threading.enumerate() == [main], repr(main).split(" ")[0])
print(_thread._count(), threading.stack_size(), threading.gettrace(), threading.getprofile())
print(threading.Thread().name, len(os.listdir("/proc/self/task")))
