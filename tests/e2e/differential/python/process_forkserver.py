import multiprocessing


def work(number):
    return number + 1, multiprocessing.get_start_method()


if __name__ == "__main__":
    multiprocessing.set_start_method("forkserver")
    with multiprocessing.Pool(1) as pool:
        print(pool.map(work, [1, 2]))
