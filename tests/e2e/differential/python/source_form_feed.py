print("after a form feed")

raise ValueError
