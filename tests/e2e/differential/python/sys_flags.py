import sys

print(sys.flags)
print(sys.flags.hash_randomization, sys.flags.utf8_mode, sys.flags.safe_path)
print(sys._xoptions, sys.warnoptions, sys.dont_write_bytecode)
