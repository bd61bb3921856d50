import faulthandler
import sys

print(faulthandler.is_enabled())
faulthandler.enable()
print(faulthandler.is_enabled(), flush=True)
faulthandler._sigsegv()
