import asyncio


async def work(number):
    await asyncio.sleep(0.01 * number)
    return number * number


async def main():
    print(await asyncio.gather(*(work(n) for n in range(5))))
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(work(n)) for n in (3, 1)]
    print([task.result() for task in tasks])
    try:
        async with asyncio.timeout(0.01):
            await asyncio.sleep(5)
    except TimeoutError:
        print("timeout")


asyncio.run(main(), debug=False)
print(asyncio.get_event_loop_policy()._local._loop)
