print("broken begins")
raise RuntimeError("at import")
