import ctypes
import os
import threading

libc = ctypes.CDLL(None)
libc.getenv.restype = libc.setlocale.restype = ctypes.c_char_p
print(libc.rand(), libc.rand(), libc.random())
print(libc.getpid() == os.getpid(), libc.syscall(186) == threading.get_native_id())
print(libc.getenv(b"HOME"), libc.getenv(b"NATSURL"), libc.setlocale(6, None))
print(ctypes.c_int.in_dll(libc, "optind").value, ctypes.get_errno())
print(ctypes.c_char_p.in_dll(libc, "program_invocation_short_name").value)
