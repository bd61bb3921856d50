"""Waiting for a condition with a deadline, never for a fixed time."""
import asyncio
import inspect
import time


async def eventually(condition, seconds, what):
    """Polls condition (plain or async) until it is true; its value. Fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if inspect.isawaitable(value):
            value = await value
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        await asyncio.sleep(0.02)
