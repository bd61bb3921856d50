import ctypes

libc = ctypes.CDLL(None, use_errno=True)
print([(option, libc.prctl(option, 0, 0, 0, 0)) for option in (3, 7, 39)])
death = ctypes.c_int(-1)
print(libc.prctl(2, ctypes.byref(death), 0, 0, 0), death.value)
reaper = ctypes.c_int(-1)
print(libc.prctl(37, ctypes.byref(reaper), 0, 0, 0), reaper.value)
print(libc.prctl(30, 0, 0, 0, 0), libc.personality(0xFFFFFFFF))
