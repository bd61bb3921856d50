# Tells whom it reached. Arguments: host:port of what listens on the host, and @name of an abstract
# socket there.
import socket
import struct
import sys

NETWORK = ["1.1.1.1:53", "8.8.8.8:53", "8.8.8.8:443", "169.254.169.254:80", "172.17.0.1:2375",
           "172.17.0.1:22", "10.0.0.1:80", "192.168.0.1:80", "[2606:4700:4700::1111]:53",
           "[fd00:ec2::254]:80", "[fe80::1]:80", "224.0.0.251:5353", "255.255.255.255:67",
           "127.0.0.1:4222", "[::1]:4222", "127.0.0.1:2375", "127.0.0.53:53"]


def family_of(host):
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def query():
    name = b"".join(bytes([len(part)]) + part.encode() for part in "example.com".split("."))
    return struct.pack(">6H", 7, 0x0100, 1, 0, 0, 0) + name + b"\0\0\1\0\1"


def attempt(host, port, kind):
    with socket.socket(family_of(host), kind) as outside:
        outside.settimeout(0.5)
        if kind == socket.SOCK_DGRAM:
            outside.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        outside.connect((host, port))
        if kind == socket.SOCK_DGRAM:
            # What is sent to a port of its own loopback that nobody has comes back as refused.
            outside.send(query())
            outside.recv(512)


for target in NETWORK + [target for target in sys.argv[1:] if not target.startswith("@")]:
    host, _, port = target.rpartition(":")
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        try:
            attempt(host.strip("[]"), int(port), kind)
        except OSError:
            continue
        print("reached", target, kind.name)
for name in [target for target in sys.argv[1:] if target.startswith("@")]:
    with socket.socket(socket.AF_UNIX) as outside:
        try:
            outside.connect("\0" + name[1:])
            print("reached", name)
        except OSError:
            pass
try:
    print("resolved", socket.getaddrinfo("example.com", 80))
except OSError:
    pass
for line in open("/proc/net/dev").read().splitlines()[2:]:
    if line.split(":")[0].strip() != "lo":
        print("device", line)
print("tried")
