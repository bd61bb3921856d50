import multiprocessing
import sys


def work(pipe):
    pipe.send((__name__, sys.argv, multiprocessing.current_process().name))


print("top level", __name__, flush=True)
if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=work, args=(theirs,))
    process.start()
    print(ours.recv())
    process.join()
    print(process.exitcode)
