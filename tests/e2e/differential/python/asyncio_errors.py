import asyncio


async def fail():
    raise ValueError("in a task")


async def main():
    task = asyncio.create_task(fail())
    await asyncio.sleep(0.01)
    del task
    print(await asyncio.gather(fail(), return_exceptions=True))
    async with asyncio.TaskGroup() as group:
        group.create_task(fail())


asyncio.run(main())
