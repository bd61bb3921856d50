import ctypes
import ctypes.util
import mmap

libc = ctypes.CDLL(None)
print(libc.abs(-5), ctypes.sizeof(ctypes.c_long), ctypes.string_at(b"text"))
libc.puts.argtypes = [ctypes.c_char_p]
print("python first", flush=True)
libc.puts(b"through C's own buffer")
CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)
print(CALLBACK(lambda n: n + 1)(41))
with mmap.mmap(-1, 4096) as memory:
    memory[:3] = b"abc"
    print(memory[:4])
