import socket

try:
    socket.create_connection(("192.0.2.1", 80), 1)
except OSError as error:
    print(error)
try:
    socket.getaddrinfo("example.com", 80)
except OSError as error:
    print(error)
one, two = socket.socketpair()
one.send(b"through a pair")
print(two.recv(100))
