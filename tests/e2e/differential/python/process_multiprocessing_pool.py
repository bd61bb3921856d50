import multiprocessing


def square(number):
    return number * number


if __name__ == "__main__":
    with multiprocessing.Pool(2) as pool:
        print(pool.map(square, range(10)))
        try:
            pool.apply(square, ("x",))
        except TypeError as error:
            print(error)
