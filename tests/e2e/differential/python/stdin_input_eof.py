print(input("nothing comes: "))
