WHO = "the program's own json"
