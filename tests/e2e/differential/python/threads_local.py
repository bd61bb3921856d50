import threading

local = threading.local()
local.value = "main"
seen = []


def work():
    seen.append(hasattr(local, "value"))
    local.value = "thread"


thread = threading.Thread(target=work)
thread.start()
thread.join()
print(seen, local.value)
