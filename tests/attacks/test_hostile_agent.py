"""An agent that is not the agent: whatever it says, or does not, it fails its own job and loses its
container. It cannot crash, block or grow kilnd, nor touch another job.

What takes kilnd's patience, of ten to fifteen seconds, runs in the background on engines of its
own: it begins with the first test, and the tests at the end of this file wait for it.
"""
import asyncio
import dataclasses
import json
import secrets
import time

import pytest
import pytest_asyncio

from client import COMPILER, PROBLEMS, request_body
from engine import SANITIZER
from hostile_agent.images import Images, frame_types
from hostile_agent.watch import MIB, SLOWNESS, watched
from reply import GO_KEYS, OTHER_KEYS
from waiting import eventually

# kilnd's patience with an agent: for a HELLO; for DONE, beyond what the job may take, and in each
# of two attempts; for READY.
HELLO_SECONDS = 15
ANSWER_SECONDS = 2 * (10 + 0.6)
READY_SECONDS = 10
SLACK_SECONDS = 5 * SLOWNESS
# Many attacks at a time wait for each other's containers to be replaced.
CROWD_SECONDS = 20 * SLOWNESS

QUEUE_WAIT_SECONDS = 1
BRIEF = {"KILN_QUEUE_WAIT_MS": int(QUEUE_WAIT_SECONDS * 1000)}

# The types of frames that may come before what ends each part of a conversation, and those that end
# it. Every other type, those that do not exist included, is sent there by the tests.
MAY_COME = {
    "HELLO": {"HELLO", "FAULT"},
    "DONE": {"STARTED", "OUTPUT", "DONE", "FAULT", "WARM"},
    "READY": {"READY"},
    "RUN": {"WARM"},  # while it is idle
}


def wrong_frames(until):
    return [name for name in frame_types() if name not in MAY_COME[until]]


# Answers to a RUN that are none, and are seen to be none at once; and what kilnd says of them.
BROKEN = {
    "its end is gone": ["exit", "exit-halfway", "half-close"],
    "too long": ["garbage", "http", "raw-reply", "length-max", "length-one-more"],
    "malformed STARTED": ["started-twice", "started-for-ever", "started-wide"],
    "while a job runs": ["ready-first"],
    "beyond the limit": ["output", "output-bytes", "output-alternating"],
    "malformed OUTPUT": ["output-nothing", "output-empty",
                         *(f"output-stream {stream}" for stream in (0, 4, 255))],
    "malformed DONE": ["done-short", "done-long", "done-empty",
                       *(f"done-wrong {i}" for i in range(14))],
    "agent: ": ["fault", "fault-empty", "fault-reply"],
}
# Answers that are good for the job; those after which the container serves on, and those that end it.
GOOD = ["honest", "reply", "ready-lies"]
GOOD_ONCE = ["done-twice", "done-and-output", "done-and-exit", "ready-short", "residue",
             *(f"say-for-ready {name}" for name in wrong_frames("READY"))]
# Greetings that are none: containers of one engine take turns.
TURNS = ["64-KiB", "protocol-0", "other-protocol", "no-languages", "too-many-languages",
         "long-name", "controls", *wrong_frames("HELLO")]
# Greetings that turn out to be bad when there may be a job already.
SEEMS_GOOD = ["two", "chatter"]
# What is handed over after DONE in place of an artifact.
NO_ARTIFACTS = ["cut-short", "too-much", "twice", "wrong-sum", "other-bytes", "unannounced", "empty",
                "empty-chunk", "huge", "endless"]
# Answers that go on after READY, and so into the next job's time.
TALKATIVE = ["in-advance", "ready-twice", "chat", "flood",
             *(f"say-when-idle {name}" for name in wrong_frames("RUN"))]

# What costs most: one at a time, over and over.
COSTLY = ["output", "output-alternating", "garbage", "exit"]
# Each byte of output may cost a record of 16 bytes, where its neighbours are another stream's.
PEAK_BYTES = 24 * MIB

TIMES = 2
MANY_TIMES = 4
SEEDS = 30
BATCH = 10
JOBS = 24
AT_A_TIME = 2


def new_token():
    return secrets.token_hex(16)


async def run(client, words, seconds, **fields):
    """The reply to a program of words, which must come in time."""
    started = time.monotonic()
    reply = await client.run("python", words, **fields)
    took = time.monotonic() - started
    assert took <= seconds + SLACK_SECONDS, f"answered after {took:.1f} s: {reply}"
    assert reply.error.isprintable(), reply
    return reply


async def run_in_vain(client, words, seconds=0, verdicts=("internal_error",), **fields):
    """A reply that says why there is no result."""
    reply = await run(client, words, seconds, **fields)
    assert reply.verdict in verdicts and reply.error, reply
    assert reply.output == b"" and reply.limit is None or reply.verdict == "busy", reply
    return reply


async def run_honestly(client, seconds=0):
    """A job that gets what it would get alone."""
    token = new_token()
    reply = await run(client, f"honest {token}", seconds, id=f"id-{token}")
    assert reply.verdict == "ok" and reply.output == token.encode(), reply


async def warm_up(watch):
    """Threads, connections and memory that any work needs, and any container that fails."""
    for _ in range(watch.engine.pool_size):
        await run_honestly(watch.engine.client, CROWD_SECONDS)
        await run_in_vain(watch.engine.client, "output", CROWD_SECONDS)


# Trials, each with an engine of its own


async def says_no_hello(image, _way, **settings):
    async with watched(image, **BRIEF, **settings) as watch:
        first = await eventually(watch.engine.containers, 10, "a container")
        client = watch.engine.client
        await run_in_vain(client, "honest word", QUEUE_WAIT_SECONDS, ("busy",))
        await eventually(lambda: set(watch.engine.containers()) - set(first),
                         HELLO_SECONDS + SLACK_SECONDS, "another container")
        reply = await run_in_vain(client, "honest word", QUEUE_WAIT_SECONDS, ("busy",))
        assert "agent" in reply.error, reply
        await watch.check()  # and SIGTERM comes while kilnd waits


async def greets_badly(image, way, **settings):
    async with watched(image, **BRIEF, **settings) as watch:
        async def is_told_why():
            reply = await run_in_vain(watch.engine.client, "honest word", 2 * QUEUE_WAIT_SECONDS,
                                      ("busy", "internal_error"))
            return way in SEEMS_GOOD or reply.error.startswith("no container within ")
        await eventually(is_told_why, SLACK_SECONDS, "the reason")
        await watch.check()


async def greets_by_turns(image, _way):
    """With growing pauses, in each way once: no container gets so far as to have a job."""
    async with watched(image, **BRIEF) as watch:
        await eventually(lambda: len(watch.records(message="container ended")) >= len(TURNS),
                         60 * SLOWNESS, "each way was tried")
        await run_in_vain(watch.engine.client, "honest word", QUEUE_WAIT_SECONDS, ("busy",))
        assert not watch.records(message="container ready")
        await watch.check()


async def greets_well(image, _way):
    async with watched(image) as watch:
        await watch.engine.wait_ready()
        for _ in range(TIMES):
            await run_honestly(watch.engine.client)
        await watch.check()


async def does_not_read(image, _way):
    """Not even a RUN that is larger than the socket's buffers."""
    async with watched(image) as watch:
        await watch.engine.wait_ready()
        await run_in_vain(watch.engine.client, "#" * MIB, ANSWER_SECONDS, subject=PROBLEMS)
        await watch.check()


async def answers_without_end(image, way, **settings):
    async with watched(image, warm_up, **settings) as watch:
        await run_in_vain(watch.engine.client, way, ANSWER_SECONDS)
        await run_honestly(watch.engine.client)
        await watch.check()


async def is_never_ready(image, way):
    async with watched(image, warm_up) as watch:
        for _ in range(TIMES):
            token = new_token()
            reply = await run(watch.engine.client, f"{way} {token}", READY_SECONDS)
            assert reply.verdict == "ok" and reply.output == token.encode(), reply
            assert reply.timing["run_ms"] < 1000, reply
        await watch.check()  # and SIGTERM comes while kilnd waits


async def is_silent_at_the_end(image, way):
    async with watched(image, warm_up) as watch:
        body = json.dumps(request_body("python", way)).encode()
        answers = await watch.engine.client.send(COMPILER, body)
        await watch.engine.client.flush()
        await watch.check()
    reply = json.loads(await asyncio.wait_for(answers.first, 1))
    assert reply["verdict"] in ("busy", "cancelled"), reply


@dataclasses.dataclass(frozen=True)
class Trial:
    how: object
    way: str
    channel: str = "socket"
    slow: bool = True

    def __str__(self):
        return f"{self.how.__name__}-{self.way}-{self.channel}"

    async def run(self, images):
        # Before any RUN the image decides, and after it the program.
        of_image = self.how in (says_no_hello, greets_badly, greets_by_turns, greets_well,
                                does_not_read)
        image = await images.get(self.way if of_image else "answers")
        settings = {"KILN_CHANNEL": "attach"} if self.channel == "attach" else {}
        await self.how(image, self.way, **settings)


TRIALS = [
    *(Trial(says_no_hello, way) for way in ("silence", "drip", "no-dial")),
    Trial(greets_by_turns, "by-turns"),
    Trial(does_not_read, "deaf"),
    *(Trial(answers_without_end, way) for way in (
        "silence", "half-a-frame", "output-drip", "done-drip")),
    Trial(answers_without_end, "stderr", "attach"),
    *(Trial(is_never_ready, way) for way in ("never-ready", "ready-drip")),
    Trial(is_silent_at_the_end, "silence"),
    *(Trial(greets_badly, way, slow=False) for way in (
        "exit", "hang-up", "by-a-child", "64-MiB", "fault", "garbage", "http", "output", "two",
        "chatter")),
    *(Trial(greets_badly, way, "attach", slow=False) for way in ("exit", "64-MiB", "garbage")),
    *(Trial(greets_well, way, slow=False) for way in ("wide", "dial-twice")),
]


@pytest_asyncio.fixture(scope="module", autouse=True)
async def images():
    made = Images(TURNS)
    yield made
    await made.close()


@pytest_asyncio.fixture(scope="module", autouse=True)
async def trials(request, images):
    """A task for each trial that is asked for. Those that only wait do so all at once."""
    few = asyncio.Semaphore(AT_A_TIME)

    async def begin(trial, number):
        if trial.slow:
            await asyncio.sleep(number / AT_A_TIME)  # they do not wait while they start
            await trial.run(images)
        else:
            async with few:
                await trial.run(images)
    asked_for = [item.callspec.params["trial"] for item in request.session.items
                 if "trial" in getattr(item, "fixturenames", ())]
    tasks = {trial: asyncio.create_task(begin(trial, number))
             for number, trial in enumerate(asked_for)}
    yield tasks
    for task in tasks.values():
        task.cancel()
    await asyncio.gather(*tasks.values(), return_exceptions=True)


@pytest_asyncio.fixture(scope="module")
async def shared(images):
    """One engine for all the answers that are over at once."""
    image = await images.get("answers")
    async with watched(image, warm_up, KILN_POOL_SIZE=3, KILN_WORKERS=3) as watch:
        yield watch


async def attack(watch, words, why, attempts=2, seconds=0):
    """With an honest job beside it, and one after it."""
    client = watch.engine.client
    job_id = new_token()
    reply, _ = await asyncio.gather(run_in_vain(client, words, seconds, id=job_id),
                                    run_honestly(client, seconds))
    assert why in reply.error, reply
    await run_honestly(client, seconds)
    await watch.check_retired(job_id, attempts)


@pytest.mark.parametrize("why", BROKEN)
async def test_answers_that_are_none(shared, why):
    attempts = 1 if why == "agent: " else 2
    shared.mark()
    await asyncio.gather(*(attack(shared, words, why, attempts, CROWD_SECONDS)
                           for words in BROKEN[why] if words not in COSTLY))
    await shared.check()


async def test_frames_that_must_not_come_before_done(shared):
    numbers = frame_types()
    exists = range(1, numbers["UNKNOWN"])
    shared.mark()
    await asyncio.gather(*(
        attack(shared, f"say {name}", f"frame of type {numbers[name]} while a job runs"
               if numbers[name] in exists else "Bad message", seconds=CROWD_SECONDS)
        for name in wrong_frames("DONE")))
    await shared.check()


@pytest.mark.parametrize("words", COSTLY)
async def test_repetition_does_not_make_it_grow(shared, words):
    why = next(why for why, group in BROKEN.items() if words in group)
    shared.mark()
    residents = []
    for _ in range(MANY_TIMES):
        await attack(shared, words, why)
        residents.append(shared.resident())
    await shared.check(peak=PEAK_BYTES)
    assert SANITIZER or residents[-1] <= residents[0] + MIB // 2, residents


async def run_well(watch, words, seconds=0):
    """A job that gets what it printed, whatever its agent does else; its id."""
    token, job_id = new_token(), new_token()
    reply = await run(watch.engine.client, f"{words} {token}", seconds, id=job_id)
    assert reply.verdict == "ok" and reply.output.endswith(token.encode()), reply
    assert (b"stolen" in reply.output) == (words == "reply"), reply
    return job_id


@pytest.mark.parametrize("words", GOOD)
async def test_an_answer_that_is_good(shared, words):
    shared.mark()
    for _ in range(TIMES):
        job_id = await run_well(shared, words)
        await run_honestly(shared.engine.client)
        assert all(map(shared.engine.docker.exists, await shared.containers_of(job_id)))
    await shared.check()


async def test_answers_that_are_good_for_their_job_alone(shared):
    async def prove(words):
        job_id = await run_well(shared, words, CROWD_SECONDS)
        await run_honestly(shared.engine.client, CROWD_SECONDS)
        await shared.check_retired(job_id)
    shared.mark()
    await asyncio.gather(*map(prove, GOOD_ONCE))
    await shared.check()


async def compile_double(watch, kind, token):
    """A job of a compiled language. Whether it came from the cache."""
    reply = await watch.engine.client.run("c", f"artifact {kind} {token}")
    assert reply.verdict == "ok" and reply.output == token.encode(), reply
    return reply.compile["cached"]


@pytest.mark.parametrize("kind", NO_ARTIFACTS)
async def test_an_artifact_that_is_none(shared, kind):
    """Good for the job, whose reply is out by then; the container goes and nothing is kept."""
    shared.mark()
    token = new_token()
    for _ in range(TIMES):
        before = set(shared.engine.containers())
        assert await compile_double(shared, kind, token) is False
        await eventually(lambda: before - set(shared.engine.containers()), SLACK_SECONDS,
                         "the end of the container")
        await run_honestly(shared.engine.client)
    await shared.check(peak=PEAK_BYTES if kind == "endless" else 8 * MIB)


async def test_an_artifact_serves_its_own_source_alone(shared):
    shared.mark()
    own, other = new_token(), new_token()

    async def cached():
        return await compile_double(shared, "good", own)
    await eventually(cached, SLACK_SECONDS, "the artifact is kept")
    assert await compile_double(shared, "none", own) is False
    assert await compile_double(shared, "good", other) is False
    assert await compile_double(shared, "none", other) is False
    await run_honestly(shared.engine.client)
    await shared.check()


async def test_an_agent_that_has_not_run_what_it_was_given(shared):
    """It fails that attempt; the job is compiled on another container, and the entry is gone."""
    shared.mark()
    token = new_token()
    for _ in range(2 * TIMES):
        assert await compile_double(shared, "stubborn", token) is False
    await run_honestly(shared.engine.client)
    await shared.check()
    assert b"a compile that was not asked for" in shared.engine.log()


async def test_numbers_that_lie_are_the_jobs_own_trouble(shared):
    """A year of run time, and as much memory as can be written."""
    shared.mark()
    token = new_token()
    body = request_body("python", f"done-a-year {token}", id="year")
    reply = json.loads(await shared.engine.client.ask(COMPILER, json.dumps(body).encode(), 10))
    assert set(reply) == set(GO_KEYS) | OTHER_KEYS and reply["id"] == "year", reply
    assert reply["verdict"] == "ok" and reply["output"] == token, reply
    await run_honestly(shared.engine.client)
    await shared.check()


async def test_no_word_of_one_job_gets_into_the_next(images):
    async with watched(await images.get("answers"), warm_up) as watch:
        for words in TALKATIVE:
            job_id = await run_well(watch, words)
            if words.split()[0] in ("chat", "flood", "say-when-idle"):
                await watch.check_retired(job_id)  # before any other job, and for idleness' sake
            for _ in range(TIMES):
                await run_honestly(watch.engine.client)
            await watch.check_retired(job_id)
        await watch.check()


async def mutated(watch, seed, tokens):
    """One conversation with something wrong in it. Nearly anything may come back, but once, and
    with nothing of another job."""
    body = request_body("python", f"mutated {seed} {tokens[seed]}", id=f"seed-{seed}")
    data = await watch.engine.client.ask(COMPILER, json.dumps(body).encode(), 30 * SLOWNESS)
    reply = json.loads(data)
    assert set(reply) == set(GO_KEYS) | OTHER_KEYS and reply["id"] == body["id"], reply
    assert reply["verdict"] != "busy" and reply["error"].isprintable(), reply
    others = [token for token in tokens if token in data.decode() and token != tokens[seed]]
    assert not others, reply
    return reply["verdict"]


async def test_mutated_conversations(images):
    tokens = [new_token() for _ in range(SEEDS)]
    # What goes on after READY is the next job's answer where there is one: see TALKATIVE.
    async with watched(await images.get("answers"), warm_up, KILN_POOL_SIZE=4, KILN_WORKERS=4,
                       KILN_JOBS_PER_CONTAINER=1, KILN_QUEUE_WAIT_MS=60_000) as watch:
        verdicts, residents = [], []
        for first in range(0, SEEDS, BATCH):
            verdicts += await asyncio.gather(*(
                mutated(watch, seed, tokens) for seed in range(first, first + BATCH)))
            await run_honestly(watch.engine.client)
            residents.append(watch.resident())
        await watch.check()
    assert "ok" in verdicts and verdicts.count("internal_error") > SEEDS // 4, verdicts
    assert SANITIZER or residents[-1] <= residents[0] + MIB, residents


async def fill_up(watch):
    """All containers, and a job that may or may not meet an honest one."""
    await watch.engine.wait_full()
    await watch.engine.client.run("python", "print()")


async def test_good_jobs_among_hostile_agents(images):
    """Every second container is hostile. Each job prints its own token or is not run at all."""
    tokens = [new_token() for _ in range(JOBS)]
    async with watched(await images.get("mixed"), fill_up, KILN_POOL_SIZE=4, KILN_WORKERS=4,
                       KILN_JOBS_PER_CONTAINER=1, KILN_QUEUE_WAIT_MS=60_000, KILN_WARM_MS=0,
                       KILN_COMPILER_WALL_MS=10_000) as watch:
        await watch.engine.wait_ready()
        replies = await asyncio.gather(*(
            watch.engine.client.run("python", f"print('{token}')", id=f"job-{token}")
            for token in tokens))
        await watch.check()
        failures = watch.engine.log().count(b"a container failed while it ran a job")
    for token, reply in zip(tokens, replies):
        if reply.verdict == "ok":
            assert reply.output == token.encode() + b"\n", reply
        else:
            assert reply.verdict in ("internal_error", "busy") and not reply.output, reply
    verdicts = [reply.verdict for reply in replies]
    assert verdicts.count("ok") > JOBS // 4 and failures > JOBS // 4, (verdicts.count("ok"), failures)


async def test_all_that_was_done_to_it_has_not_made_kilnd_grow(shared):
    await shared.check(growth=2 * MIB, peak=PEAK_BYTES, since=shared.first)


@pytest.mark.parametrize("trial", TRIALS, ids=str)
async def test_a_trial(trials, trial):
    await trials[trial]
