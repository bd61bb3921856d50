import subprocess

process = subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
print(process.communicate(b"through cat"), process.returncode)
try:
    subprocess.Popen(["/no/such/program"])
except FileNotFoundError as error:
    print(error)
try:
    subprocess.run(["/bin/false"], check=True)
except subprocess.CalledProcessError as error:
    print(error)
