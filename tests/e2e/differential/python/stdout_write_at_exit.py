import threading


def work():
    threading.main_thread().join()
    print("after main")


threading.Thread(target=work).start()
print("main ends")
