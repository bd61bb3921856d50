# Leaves whatever could lead a clean-up astray or make it wait.
import os
import socket

for place in (os.getcwd(), "/tmp", "/dev/shm"):
    os.chdir(place)
    for name, target in (("link", "/etc/passwd"), ("root", "/"), ("agent", "/proc/1"),
                         ("binary", "/opt/kiln/bin/kiln-agent"), ("loop", "loop"),
                         ("up", ".."), ("long", "x" * 4000), ("others", "/dev/shm")):
        os.symlink(target, name)
    os.mkfifo("fifo")
    os.mkfifo(".fifo\n\x1b[2J")
    for name in ("socket", ".socket"):
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(name)
    with open("file", "w") as out:
        out.write("x")
    for number in range(50):
        os.link("file", f"link{number}")
    os.link("link", "link to a link")
    os.chmod("file", 0)
    for path in ("/etc/passwd", "/opt/kiln/bin/kiln-agent", "/usr/bin/python3"):
        try:
            os.link(path, "hard")
            print("linked", path)
        except OSError:
            pass
    for kind in (0o060000, 0o020000):
        try:
            os.mknod("device", kind | 0o666, os.makedev(1, 1))
            print("made a device")
        except OSError:
            pass
    # Names that a cleaner could take for its own.
    for name in (".kiln-0", ".kiln-1", ".kiln-2", ".kiln-0.d"):
        os.makedirs(name + "/inner/.kiln-0/inner")
        open(name + "/inner/file", "w").close()
    os.makedirs("deep/" + "d/" * 60)
    os.mkdir("linked")
    os.symlink("/", "linked/root")
    os.symlink("../..", "linked/up")
    for name in ("-rf", " ", "~", "*", "a\nb", "\xff".encode("latin-1"), "x" * 255):
        open(name, "w").close()
    for number in range(300):
        open(f".hidden{number}", "w").close()
    os.mkdir("locked")
    open("locked/inside", "w").close()
    for folder in ("locked", "deep", ".kiln-0"):
        os.chmod(folder, 0)
print("left")
