import os
import secrets
import uuid

print("nonce token", secrets.token_hex(16))
print("nonce urandom", os.urandom(16).hex())
print("nonce uuid4", uuid.uuid4())
print("nonce uuid1", uuid.uuid1())
print(uuid.uuid5(uuid.NAMESPACE_DNS, "kiln"), uuid.UUID(int=5))
