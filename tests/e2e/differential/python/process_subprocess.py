import subprocess
import sys

done = subprocess.run([sys.executable, "-c", "import sys; print(sys.argv, sys.flags.isolated)",
                       "a"], capture_output=True, text=True)
print(done.returncode, done.stdout, done.stderr)
print(subprocess.check_output(["/bin/echo", "echoed"]))
print(subprocess.run("exit 3", shell=True).returncode)
print(subprocess.getstatusoutput("echo text; kill -TERM $$"))
