import sys

sys.stdout.write("no line break")
sys.exit("to standard error ünï")
