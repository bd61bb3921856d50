print("the program's package")
