import multiprocessing


def work(number, queue):
    queue.put((number, multiprocessing.current_process().name))


if __name__ == "__main__":
    print(multiprocessing.get_start_method(), multiprocessing.current_process().name,
          multiprocessing.parent_process())
    queue = multiprocessing.Queue()
    processes = [multiprocessing.Process(target=work, args=(n, queue)) for n in range(3)]
    for process in processes:
        process.start()
    print(sorted(queue.get() for _ in processes))
    for process in processes:
        process.join()
    print([process.exitcode for process in processes])
