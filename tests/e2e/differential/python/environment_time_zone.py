import datetime
import os
import time
import zoneinfo

print(time.tzname, time.timezone, time.altzone, time.daylight, os.environ.get("TZ"))
print(time.localtime(0), time.strftime("%c %Z", time.gmtime(10 ** 9)))
print(datetime.datetime.fromtimestamp(10 ** 9).astimezone())
print(datetime.datetime(2024, 7, 1, 12, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin")).utcoffset())
os.environ["TZ"] = "Asia/Tokyo"
time.tzset()
print(time.tzname, time.ctime(0))
