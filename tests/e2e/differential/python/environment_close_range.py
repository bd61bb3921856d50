import os

os.closerange(3, 1024)
print("still runs")
import json
import socket

print(json.dumps([1]), os.open("main.py", os.O_RDONLY), socket.socketpair()[0].fileno())
