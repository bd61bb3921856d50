import multiprocessing
from multiprocessing import shared_memory


def work(value, array):
    with value.get_lock():
        value.value += 1
    array[0] = 9


if __name__ == "__main__":
    value, array = multiprocessing.Value("i", 1), multiprocessing.Array("i", 3)
    process = multiprocessing.Process(target=work, args=(value, array))
    process.start()
    process.join()
    print(value.value, list(array))
    memory = shared_memory.SharedMemory(create=True, size=16)
    memory.buf[:3] = b"abc"
    again = shared_memory.SharedMemory(memory.name)
    print(bytes(again.buf[:3]))
    again.close()
    memory.close()
    memory.unlink()
