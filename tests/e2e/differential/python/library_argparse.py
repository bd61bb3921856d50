import argparse

parser = argparse.ArgumentParser(description="A program.")
parser.add_argument("--number", type=int, default=3, help="a number")
parser.add_argument("name")
print(parser.prog)
parser.print_help()
print(parser.parse_args(["x", "--number", "5"]))
parser.parse_args(["--number", "x"])
