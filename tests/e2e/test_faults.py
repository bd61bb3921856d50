"""Whatever dies around Kiln costs time, not answers."""
import asyncio
import contextlib
import json
import os
import signal
import time
from urllib.parse import parse_qs, urlsplit

from nats.errors import NoRespondersError

import processes
from client import COMPILER, Client, request_body
from dockerapi import ENGINE_LABEL, Docker
from engine import IMAGE, STOP_SECONDS, running_engine
from natsserver import NatsServer
from programs import printing
from relay import Relay
from waiting import eventually


def sleeping(name, seconds, text="done"):
    """A program that the host sees as a process `name` while it sleeps."""
    return processes.NAME_ME.format(name=name) + f"import time; time.sleep({seconds})\n" \
        f"print({text!r})"


def ask(kiln, code, **fields):
    return asyncio.ensure_future(kiln.client.run("python", code, **fields))


async def nobody_listens(kiln):
    """Whether kilnd has stopped taking requests. One that it still took is answered later."""
    body = json.dumps(request_body("python", "print('late')")).encode()
    answers = await kiln.client.send(COMPILER, body)
    try:
        await asyncio.wait_for(asyncio.shield(answers.first), 0.3)
    except NoRespondersError:
        return True
    except asyncio.TimeoutError:
        pass
    return False


# Containers


async def test_a_killed_container_costs_time_and_not_the_answer():
    async with running_engine(KILN_POOL_SIZE=2) as kiln:
        job = ask(kiln, sleeping("killedjob", 1.5, "same answer"))
        pids = await processes.wait_for_name("killedjob")
        for container in kiln.containers():
            if _is_below(pids[0], pid := kiln.docker.pid(container)):
                os.kill(pid, signal.SIGKILL)
                break
        else:
            raise AssertionError("no container holds the job")
        reply = await job
        assert reply.verdict == "ok" and reply.stdout == b"same answer\n", reply
        assert reply.timing["total_ms"] > 1500
        await kiln.wait_full()


def _is_below(pid, ancestor):
    while pid > 1:
        if pid == ancestor:
            return True
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
            pid = int(stat.read().rpartition(")")[2].split()[1])
    return False


async def test_the_whole_pool_killed_heals():
    async with running_engine(KILN_POOL_SIZE=3) as kiln:
        for end in (kiln.docker.kill, kiln.docker.stop, kiln.docker.remove):
            before = await kiln.wait_full()
            for container in before:
                end(container)
            replies = await asyncio.gather(*(
                kiln.client.run("python", printing("python", i)) for i in range(6)))
            assert [reply.stdout for reply in replies] == [b"%d\n" % i for i in range(6)]
            after = await kiln.wait_full()
            assert not set(before) & set(after), "a killed container is still counted"


async def test_a_container_that_hangs_loses_no_answer():
    async with running_engine(KILN_POOL_SIZE=1, KILN_COMPILER_WALL_MS=500,
                              KILN_COMPILER_COMPILE_WALL_MS=100) as kiln:
        container = (await kiln.wait_full())[0]
        kiln.docker.call("POST", f"/containers/{container}/pause")
        reply = await kiln.client.run("python", "print('still')", timeout=60)
        assert reply.stdout == b"still\n", reply
        assert container not in kiln.containers()


async def test_containers_killed_under_load_lose_no_answer():
    async with running_engine(KILN_POOL_SIZE=3, KILN_WORKERS=3,
                              KILN_QUEUE_WAIT_MS=60_000) as kiln:
        await kiln.wait_full()
        jobs = [ask(kiln, f"import time; time.sleep(0.15)\nprint({i})") for i in range(60)]
        for _ in range(3):
            await asyncio.sleep(0.5)
            for container in kiln.containers()[:1]:
                with contextlib.suppress(Exception):
                    kiln.docker.kill(container)
        replies = await asyncio.gather(*jobs)
        assert [reply.stdout for reply in replies] == [b"%d\n" % i for i in range(60)]


# kilnd


async def test_a_killed_kilnd_leaves_no_container():
    async with running_engine(KILN_POOL_SIZE=3) as kiln:
        await kiln.wait_full()
        job = ask(kiln, sleeping("orphanjob", 20))
        await processes.wait_for_name("orphanjob")
        kiln.process.kill()
        await kiln.wait_exit()
        await eventually(lambda: not kiln.docker.containers(kiln.name), 5, "no container left")
        assert not processes.named("orphanjob")
        job.cancel()
        await kiln.start()
        assert (await kiln.client.run("python", "print('again')")).stdout == b"again\n"


async def test_sigterm_answers_everything_that_was_accepted():
    async with running_engine(KILN_POOL_SIZE=3, KILN_WORKERS=3, KILN_QUEUE_WAIT_MS=60_000,
                              KILN_GRACE_MS=30_000) as kiln:
        await kiln.wait_full()
        body = [json.dumps(request_body("python", f"import time; time.sleep(0.1)\nprint({i})"))
                for i in range(60)]
        sent = [await kiln.client.send(COMPILER, text.encode()) for text in body]
        await asyncio.wait_for(asyncio.shield(sent[0].first), 30)
        kiln.process.send_signal(signal.SIGTERM)
        assert await kiln.wait_exit() == 0
        await kiln.client.flush()
        outputs = [json.loads(await asyncio.wait_for(answers.first, 5))["output"]
                   for answers in sent]
        assert outputs == [f"{i}\n" for i in range(60)]
        kiln.check_nothing_left()


async def test_sigterm_refuses_new_work_and_finishes_the_old():
    async with running_engine(KILN_POOL_SIZE=1) as kiln:
        job = ask(kiln, sleeping("drainjob", 2))
        await processes.wait_for_name("drainjob")
        kiln.process.send_signal(signal.SIGTERM)
        await eventually(lambda: nobody_listens(kiln), 5, "new requests find nobody")
        assert (await job).stdout == b"done\n"
        assert await kiln.wait_exit() == 0
        kiln.check_nothing_left()


async def test_the_grace_period_ends_what_takes_too_long():
    async with running_engine(KILN_POOL_SIZE=1, KILN_WORKERS=1, KILN_GRACE_MS=1000) as kiln:
        job = ask(kiln, sleeping("gracejob", 8))
        await processes.wait_for_name("gracejob")
        queued = ask(kiln, "print('never')")
        await kiln.client.flush()
        started = time.monotonic()
        kiln.process.send_signal(signal.SIGTERM)
        for reply in (await job, await queued):
            assert reply.verdict in ("cancelled", "busy"), reply
        assert await kiln.wait_exit() == 0
        assert time.monotonic() - started < 5
        kiln.check_nothing_left()


async def test_a_second_sigterm_ends_at_once():
    async with running_engine(KILN_POOL_SIZE=1) as kiln:
        job = ask(kiln, sleeping("secondjob", 8))
        await processes.wait_for_name("secondjob")
        kiln.process.send_signal(signal.SIGTERM)
        await eventually(lambda: nobody_listens(kiln), 5, "it drains")
        kiln.process.send_signal(signal.SIGTERM)
        await kiln.wait_exit(2)
        await eventually(lambda: not kiln.docker.containers(kiln.name), 5, "no container left")
        job.cancel()


async def test_sigint_is_as_sigterm():
    async with running_engine(KILN_POOL_SIZE=1) as kiln:
        kiln.process.send_signal(signal.SIGINT)
        assert await kiln.wait_exit() == 0
        kiln.check_nothing_left()


async def test_leftovers_of_the_same_name_are_removed_and_no_others():
    docker = Docker()
    name = f"e2e-leftover-{os.getpid()}"
    command = ["/bin/sleep", "600"]
    mine = [docker.create(IMAGE, command, {"kiln.engine": name}, start=start)
            for start in (True, False)]
    others = [docker.create(IMAGE, command, labels)
              for labels in ({"kiln.engine": name + "-other"}, {})]
    try:
        async with running_engine(KILN_ENGINE_NAME=name, KILN_POOL_SIZE=1) as kiln:
            await eventually(lambda: not any(map(docker.exists, mine)), 10, "leftovers removed")
            assert (await kiln.client.run("python", "print(1)")).stdout == b"1\n"
        assert all(docker.inspect(other)["State"]["Running"] for other in others)
    finally:
        for container in mine + others:
            docker.remove(container)


async def test_a_second_engine_of_the_same_name_does_not_start():
    async with running_engine(KILN_POOL_SIZE=1) as kiln:
        before = await kiln.wait_full()
        async with running_engine(nats=kiln.nats, start=False, KILN_ENGINE_NAME=kiln.name,
                                  KILN_RUN_DIR=kiln.run_dir, KILN_POOL_SIZE=1) as second:
            await second.spawn()
            second.name += "-refused"  # close() removes what is left of a name
            assert await second.wait_exit(10) > 0
            assert kiln.name.encode() in second.log()
            assert kiln.containers() == before
            assert (await kiln.client.run("python", "print(1)")).stdout == b"1\n"


async def test_a_stale_run_directory_is_no_obstacle():
    async with running_engine(start=False, KILN_POOL_SIZE=1) as kiln:
        await kiln.start()
        await kiln.wait_full()
        kiln.process.kill()
        await kiln.wait_exit()
        await kiln.start()
        assert (await kiln.client.run("python", "print(1)")).stdout == b"1\n"


# NATS


async def test_a_nats_server_that_restarts():
    async with running_engine(KILN_POOL_SIZE=2) as kiln:
        assert (await kiln.client.run("python", "print('before')")).stdout == b"before\n"
        job = ask(kiln, sleeping("outagejob", 5, "over the outage"))
        await processes.wait_for_name("outagejob")
        await kiln.nats.stop()
        await asyncio.sleep(1)  # how long the server is away, not a condition
        await kiln.nats.start()
        await eventually(lambda: kiln.client.connected, 10, "the client is back")
        assert (await job).stdout == b"over the outage\n"
        await kiln.wait_ready(10)
        assert (await kiln.client.run("python", "print('after')")).stdout == b"after\n"


async def test_a_nats_server_that_goes_away_twice():
    async with running_engine(KILN_POOL_SIZE=1) as kiln:
        for outage in range(2):
            await kiln.nats.stop(signal.SIGTERM)
            await eventually(lambda: not kiln.client.connected, 5, "the client noticed")
            await kiln.nats.start()
            await eventually(lambda: kiln.client.connected, 10, "the client is back")
            await kiln.wait_ready(15)
            reply = await kiln.client.run("python", f"print({outage})")
            assert reply.stdout == f"{outage}\n".encode()


async def test_a_nats_server_that_comes_after_kilnd():
    server = NatsServer()
    try:
        async with running_engine(nats=server, start=False, KILN_POOL_SIZE=1) as kiln:
            await kiln.spawn()
            await kiln.wait_full()
            assert kiln.process.returncode is None
            await server.start()
            kiln.client = await Client().connect(server.url)
            await kiln.wait_ready(15)
            assert (await kiln.client.run("python", "print(1)")).stdout == b"1\n"
    finally:
        await server.close()


async def test_sigterm_while_the_nats_server_is_away():
    async with running_engine(KILN_POOL_SIZE=1, KILN_GRACE_MS=2000) as kiln:
        await kiln.nats.stop()
        kiln.process.send_signal(signal.SIGTERM)
        await kiln.wait_exit(15)
        kiln.check_nothing_left()


async def test_sigterm_before_any_nats_server():
    async with running_engine(nats=NatsServer(), start=False, KILN_POOL_SIZE=1) as kiln:
        await kiln.spawn()
        await kiln.wait_full()
        kiln.process.send_signal(signal.SIGTERM)
        await kiln.wait_exit(15)
        kiln.check_nothing_left()
        await kiln.nats.close()


# Docker


async def test_a_docker_daemon_out_of_reach():
    relay = await Relay(Docker().path).join()
    try:
        async with running_engine(KILN_DOCKER_SOCKET=relay.path, KILN_POOL_SIZE=1,
                                  KILN_JOBS_PER_CONTAINER=1, KILN_QUEUE_WAIT_MS=1500) as kiln:
            await kiln.wait_full()
            await relay.cut()
            warm = await kiln.client.run("python", "print('warm')")
            assert warm.stdout == b"warm\n", "the container that stood ready needs no daemon"
            started = time.monotonic()
            replies = await asyncio.gather(*(
                kiln.client.run("python", "print('none')") for _ in range(3)))
            assert [reply.verdict for reply in replies] == ["busy"] * 3, replies
            assert all(reply.error for reply in replies)
            assert 1.4 < time.monotonic() - started < 4
            waiting = ask(kiln, "print('served')")
            await kiln.client.flush()
            await relay.join()
            assert (await waiting).verdict in ("ok", "busy")

            async def served():
                return (await kiln.client.run("python", "print('back')")).stdout == b"back\n"
            await eventually(served, 15, "work resumes")
    finally:
        await relay.close()


async def test_a_container_that_a_dead_engine_never_started():
    """Every engine has the daemon remove those of all engines, but none that is young."""
    docker = Docker()
    relay = await Relay(docker.path).join()
    young = docker.create(IMAGE, ["/bin/true"], {ENGINE_LABEL: f"another-{os.getpid()}"},
                          start=False)
    try:
        async with running_engine(KILN_DOCKER_SOCKET=relay.path, KILN_POOL_SIZE=1):
            [asked] = await eventually(
                lambda: [line for line in relay.asked if "/containers/prune?" in line], 10,
                "kilnd looks for what was left")
            filters = json.loads(parse_qs(urlsplit(asked).query)["filters"][0])
            assert filters == {"label": [ENGINE_LABEL], "until": ["600s"]}
        assert docker.exists(young)
    finally:
        docker.remove(young)
        await relay.close()


async def test_a_docker_daemon_that_comes_after_kilnd():
    relay = Relay(Docker().path)
    try:
        async with running_engine(start=False, KILN_DOCKER_SOCKET=relay.path,
                                  KILN_POOL_SIZE=1, KILN_QUEUE_WAIT_MS=1000) as kiln:
            await kiln.spawn()
            kiln.client = await Client().connect(kiln.nats.url)

            async def refused():
                try:
                    return await kiln.client.run("python", "print(1)")
                except NoRespondersError:
                    assert kiln.process.returncode is None, "kilnd gave up"
                    return None
            assert (await eventually(refused, 15, "an answer")).verdict == "busy"
            await relay.join()
            await kiln.wait_ready(20)
            assert (await kiln.client.run("python", "print(1)")).stdout == b"1\n"
    finally:
        await relay.close()


async def test_sigterm_while_the_docker_daemon_is_away():
    relay = await Relay(Docker().path).join()
    try:
        async with running_engine(KILN_DOCKER_SOCKET=relay.path, KILN_POOL_SIZE=2,
                                  KILN_GRACE_MS=2000) as kiln:
            await kiln.wait_full()
            await relay.cut()
            kiln.process.send_signal(signal.SIGTERM)
            await kiln.wait_exit(STOP_SECONDS)
            await eventually(lambda: not kiln.docker.containers(kiln.name), 5,
                             "containers end with their streams")
    finally:
        await relay.close()
