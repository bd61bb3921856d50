import subprocess

subprocess.Popen(["/bin/sleep", "100"])
print("does not wait for its child")
