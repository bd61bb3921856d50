import os
import random
import secrets
import tempfile
import uuid

print(random.random(), uuid.uuid4(), hash("x"), tempfile.mktemp(), secrets.token_hex(8),
      os.urandom(8).hex(), sep="\n")
