# Fills the places that it is told, and says why it could not go on.
import errno
import sys

for place in sys.argv[1:]:
    try:
        for number in range(64):
            with open(f"{place}/fill{number}", "wb", buffering=0) as out:
                for _ in range(16):
                    out.write(b"x" * (1 << 20))
    except OSError as error:
        print(errno.errorcode[error.errno], place, flush=True)
