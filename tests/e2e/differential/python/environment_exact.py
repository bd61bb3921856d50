import os

print(dict(os.environ), list(os.environb.items())[:2])
print(os.getenv("HOME"), os.path.expanduser("~"), os.get_exec_path())
print(sorted(name for name in os.environ if name.startswith(("PYTHON", "KILN", "LD_", "LC_"))))
with open("/proc/self/environ", "rb") as file:
    print(file.read())
os.environ["NEW"] = "value"
print(os.popen("echo $NEW").read())
