import os
import platform
import sysconfig

print(platform.python_implementation(), platform.python_version(), platform.python_build())
print(platform.machine(), platform.system(), platform.architecture(), platform.libc_ver())
print(os.uname().sysname, platform.freedesktop_os_release()["VERSION_CODENAME"])
print(sysconfig.get_paths(), sysconfig.get_platform(), sysconfig.get_default_scheme())
