"""What an operator relies on: the container's walls, the log, and secrets that stay secret."""
import json

from client import Client
from engine import Engine, running_engine
from natsserver import NatsServer

MIB = 1024 * 1024


async def test_the_walls_of_a_container():
    async with running_engine(KILN_POOL_SIZE=1) as kiln:
        seen = kiln.docker.inspect((await kiln.wait_full())[0])
    host, config = seen["HostConfig"], seen["Config"]
    assert config["Labels"]["kiln.engine"] == kiln.name
    assert seen["NetworkSettings"]["Networks"] in ({}, None) or host["NetworkMode"] == "none" \
        or config["NetworkDisabled"]
    assert host["Privileged"] is False
    assert host["CapDrop"] == ["ALL"] and "CAP_SYS_ADMIN" not in (host["CapAdd"] or [])
    assert len(host["CapAdd"]) <= 6, host["CapAdd"]
    assert host["ReadonlyRootfs"] is True and host["AutoRemove"] is True
    # a job's limit, and room for the processes that stand ready beside it
    assert host["Memory"] == host["MemorySwap"] == (400 + 64) * MIB
    assert host["CpuQuota"] / host["CpuPeriod"] == 0.5 and host["CpuPeriod"] == 1_000_000
    assert 16 <= host["PidsLimit"] <= 128 + 32
    assert host["LogConfig"]["Type"] == "none"
    assert host["IpcMode"] in ("private", "none")
    assert host["OomScoreAdj"] > 0
    assert any(option.startswith("no-new-privileges") for option in host["SecurityOpt"])
    assert any(option.startswith("seccomp=") and "unconfined" not in option
               for option in host["SecurityOpt"])
    assert all(mount["RW"] is False for mount in seen["Mounts"] if mount["Type"] == "bind")


async def test_each_writable_place_is_bounded():
    code = ("import os\n"
            "for line in open('/proc/self/mounts'):\n"
            "    place, kind, options = line.split()[1:4]\n"
            "    if os.path.isdir(place) and os.access(place, os.W_OK):\n"
            "        s = os.statvfs(place)\n"
            "        print(place, kind, s.f_blocks * s.f_frsize, s.f_files, options)\n")
    async with running_engine(KILN_POOL_SIZE=1, KILN_WORKSPACE_BYTES=32 * MIB,
                              KILN_WORKSPACE_INODES=1000) as kiln:
        reply = await kiln.client.run("python", code)
    found = {}
    for line in reply.stdout.decode().splitlines():
        place, kind, size, inodes, options = line.split()
        if kind != "mqueue":  # bounded by RLIMIT_MSGQUEUE
            found[place] = (kind, int(size), int(inodes))
            assert "nosuid" in options and "nodev" in options, line
    assert found == {place: ("tmpfs", 32 * MIB, 1000)
                     for place in ("/workspace", "/tmp", "/dev/shm")}, reply


async def test_a_job_has_no_network():
    code = ("import os, socket\n"
            "print(sorted(os.listdir('/sys/class/net')))\n"
            "for family, address in ((socket.AF_INET, ('8.8.8.8', 53)),\n"
            "                        (socket.AF_INET, ('172.17.0.1', 4222)),\n"
            "                        (socket.AF_INET6, ('2001:4860:4860::8888', 53))):\n"
            "    try:\n"
            "        s = socket.socket(family, socket.SOCK_STREAM)\n"
            "        s.settimeout(1)\n"
            "        s.connect(address)\n"
            "        print('reached', address)\n"
            "    except OSError: print('unreachable')\n")
    async with running_engine(KILN_POOL_SIZE=1) as kiln:
        reply = await kiln.client.run("python", code)
        lines = reply.stdout.decode().splitlines()
        assert lines[0] in ("['lo']", "[]") and lines[1:] == ["unreachable"] * 3, reply


async def test_the_log_is_json_lines_with_job_and_container():
    async with running_engine(KILN_POOL_SIZE=1, ENVIRONMENT="testing") as kiln:
        await kiln.client.run("python", "print('output-of-the-program')", id="logged-job",
                              stdin="input-of-the-program")
    records = [json.loads(line) for line in kiln.log().splitlines()]
    assert all({"dt", "level", "message"} <= set(record) for record in records)
    done = [record for record in records if record.get("job_id") == "logged-job"]
    assert any(record.get("container_id") and record.get("verdict") == "ok" for record in done)
    assert b"of-the-program" not in kiln.log(), "programs and what they print are not logged"


async def test_a_password_and_a_token_never_reach_the_log():
    for login, settings in (
            ('user: "kiln", password: "sesame-open"', {"user": "kiln:sesame-open"}),
            ('token: "sesame-token"', {"token": "sesame-token"})):
        server = await NatsServer(authorization=login).start()
        try:
            secret = settings.get("user", settings.get("token"))
            url = f"nats://{secret}@127.0.0.1:{server.port}"
            async with running_engine(nats=server, start=False, NATSURL=url,
                                      KILN_POOL_SIZE=1) as kiln:
                await kiln.spawn()
                kiln.client = await Client().connect(url)
                await kiln.wait_ready()
                assert (await kiln.client.run("python", "print(1)")).stdout == b"1\n"
                await server.stop()
                await server.start()
                await kiln.wait_ready(15)
            assert b"sesame" not in kiln.log()
        finally:
            await server.close()


async def test_wrong_credentials_end_kilnd_with_a_reason():
    server = await NatsServer(authorization='user: "kiln", password: "right"').start()
    try:
        async with running_engine(nats=server, start=False, KILN_POOL_SIZE=1,
                                  KILN_NATS_USER="kiln",
                                  KILN_NATS_PASSWORD="sesame-wrong") as kiln:
            await kiln.spawn()
            assert await kiln.wait_exit(20) > 0
            log = kiln.log().lower()
            assert b"authorization" in log and b"sesame" not in log, log
            kiln.check_nothing_left()
    finally:
        await server.close()


async def test_engines_are_told_apart():
    async with running_engine(KILN_POOL_SIZE=1) as first:
        async with running_engine(KILN_POOL_SIZE=1) as second:
            assert isinstance(second, Engine) and first.name != second.name
            for engine in (first, second):
                reply = await engine.client.run("python", "print(1)")
                assert reply.raw["engine"]["name"] == engine.name
