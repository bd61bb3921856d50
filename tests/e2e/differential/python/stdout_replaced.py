import io
import sys

kept = sys.stdout
sys.stdout = io.StringIO()
print("caught")
text = sys.stdout.getvalue()
sys.stdout = kept
print(repr(text))
