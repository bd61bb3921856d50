import asyncio
import os
import signal


async def main():
    loop = asyncio.get_running_loop()
    done = asyncio.Event()
    loop.add_signal_handler(signal.SIGUSR1, done.set)
    os.kill(os.getpid(), signal.SIGUSR1)
    await done.wait()
    print("signalled", type(loop).__name__)
    loop.call_soon(os.kill, os.getpid(), signal.SIGINT)
    await asyncio.sleep(5)


try:
    asyncio.run(main())
except KeyboardInterrupt:
    print("interrupted")
