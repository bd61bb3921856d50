print("before")
text = "café"
