import sys

print(sys.getrecursionlimit(), sys.getswitchinterval(), sys.getdlopenflags())
print(sys.get_int_max_str_digits(), sys.getdefaultencoding(), sys.getfilesystemencoding(),
      sys.getfilesystemencodeerrors())
print(sys.float_info, sys.int_info, sys.hash_info, sys.thread_info)
print(sys.maxsize, sys.maxunicode, sys.byteorder, sys.platform, sys.api_version, sys.abiflags)
