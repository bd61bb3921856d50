import os

for folder, folders, names in sorted(os.walk(".")):
    print(folder, sorted(folders), sorted(names), oct(os.stat(folder).st_mode))
print(open("data.txt", "rb").read(), open("a/b/c.txt").read())
print(os.listdir("/tmp"), os.listdir("/dev/shm"))
