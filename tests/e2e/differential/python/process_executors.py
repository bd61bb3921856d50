from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor


def double(number):
    return number * 2


if __name__ == "__main__":
    with ThreadPoolExecutor(3, thread_name_prefix="t") as pool:
        print(list(pool.map(double, range(5))))
        print(pool.submit(lambda: 1 / 0).exception())
    with ProcessPoolExecutor(2) as pool:
        print(list(pool.map(double, range(5))))
