import os

print("before", flush=True)
print(os.system("echo from a shell; exit 4"))
with os.popen("echo piped") as pipe:
    print(pipe.read())
print(os.WEXITSTATUS(os.spawnv(os.P_WAIT, "/bin/true", ["true"])))
