import io
import sys
import traceback

try:
    (lambda: 1 / 0)()
except ZeroDivisionError as error:
    text = io.StringIO()
    traceback.print_exc(file=text)
    print(text.getvalue())
    print(traceback.format_exception_only(error))
    print(traceback.extract_tb(error.__traceback__))
traceback.print_stack(file=sys.stdout)
