import sys

frame = sys._getframe()
depth = 0
while frame:
    print(depth, frame.f_code.co_filename, frame.f_code.co_name, frame.f_lineno,
          sorted(frame.f_builtins)[:2])
    frame = frame.f_back
    depth += 1
code = sys._getframe().f_code
print(code.co_name, code.co_qualname, code.co_firstlineno, code.co_flags, code.co_names[:3])
print(len(sys._current_frames()), sys.exc_info())
