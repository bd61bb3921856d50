print("nonce text", hash("text"), hash(b"bytes"))
print("nonce tuple", hash(("a", 1)))
print("nonce set", list({f"word {number}" for number in range(50)}))
print(hash(1), hash(2 ** 61), hash(1.5), hash(()), hash((1, 2)))
