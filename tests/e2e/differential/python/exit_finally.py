import sys

try:
    try:
        sys.exit(5)
    finally:
        print("finally")
except SystemExit as end:
    print("caught", end.code)
    raise SystemExit(6) from end
