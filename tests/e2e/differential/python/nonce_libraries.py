import sqlite3
import ssl
import uuid

print("nonce ssl", ssl.RAND_bytes(16).hex())
print("nonce sqlite", sqlite3.connect(":memory:").execute("select random()").fetchone()[0])
print("nonce node", uuid.getnode())
print(uuid.getnode() == uuid.getnode(), uuid.getnode() >> 40 & 1)
