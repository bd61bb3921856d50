import os

print(oct(os.umask(0)), os.getcwd(), os.path.abspath("x"), os.path.realpath("."))
os.umask(0o022)
with open("made", "w"):
    pass
print(oct(os.stat("made").st_mode), oct(os.stat("main.py").st_mode), os.stat("main.py").st_nlink)
print(os.stat("main.py").st_uid == os.getuid(), oct(os.stat(".").st_mode), sorted(os.listdir(".")))
