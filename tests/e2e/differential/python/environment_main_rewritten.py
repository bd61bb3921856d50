with open("main.py", "w") as file:
    file.write("# other text\n" * 3 + "raise SomethingElse  # as it stands in the file now\n")
raise ValueError("at line 3 of the old text")
