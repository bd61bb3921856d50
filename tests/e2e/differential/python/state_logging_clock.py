import logging
import time

record = logging.LogRecord("n", 20, "p", 1, "m", (), None)
print(0 <= record.relativeCreated < 5000, record.processName, record.threadName)
print(record.process > 1, abs(record.created - time.time()) < 1)
