exit("text of exit")
