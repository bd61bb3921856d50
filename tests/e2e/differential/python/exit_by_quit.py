print("before")
quit(3)
