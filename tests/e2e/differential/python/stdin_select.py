import select
import sys

print([stream.fileno() for stream in select.select([sys.stdin], [], [], 1)[0]])
poll = select.poll()
poll.register(0, select.POLLIN)
print([number for number, _ in poll.poll(1000)])
