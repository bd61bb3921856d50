class Thing:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        print("deleted", self.name)


first = Thing("first")
second = Thing("second")
first.cycle = first
print("end of main")
