import sys

print("readline" in sys.modules, "rlcompleter" in sys.modules)
import readline

print(readline.get_completer(), readline.get_current_history_length())
