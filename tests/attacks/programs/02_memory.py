kept = []
for i in range(1024):
    kept.append(bytes([i % 255 + 1]) * (1 << 20))
