"""What a hostile job leaves behind must be gone before the next job runs in its container."""
import asyncio
import json
import time

import pytest
import pytest_asyncio

from engine import running_engine

# Tells everything that a job before it could have left where this one can see it. Files of the
# probe itself are not counted.
PROBE = r"""
import json, os, stat

def below(top):
    found = []
    for folder, folders, files in os.walk(top):
        found += [os.path.join(folder, name) for name in folders + files]
    return sorted(found)

def lines(path):
    try:
        with open(path) as table:
            return table.read().splitlines()[1:]
    except OSError as error:
        return [] if isinstance(error, (FileNotFoundError, PermissionError)) else [repr(error)]

def processes():
    found = []
    for pid in filter(str.isdigit, os.listdir('/proc')):
        try:
            status = dict(line.rstrip('\n').split(':\t', 1)
                          for line in open(f'/proc/{pid}/status') if ':\t' in line)
        except OSError:
            continue
        if int(pid) != os.getpid():
            found.append([int(status['Uid'].split('\t')[0]), status['Name'], status['State'][0]])
    return sorted(found)

def writable():
    places = []
    for line in open('/proc/self/mounts'):
        _, place, kind, options = line.split()[:4]
        if kind == 'tmpfs' and 'rw' in options.split(','):
            places.append(place)
    return sorted(places)

here = os.getcwd()
print(json.dumps({
    'uid': os.getuid(),
    'here': here,
    'workspace': [os.path.relpath(path, here) for path in below(here)],
    'tmp': below('/tmp'),
    'shm': below('/dev/shm'),
    'sysvipc': {name: lines('/proc/sysvipc/' + name) for name in ('shm', 'sem', 'msg')},
    'mqueue': below('/dev/mqueue'),
    'places': {place: os.statvfs(place).f_blocks - os.statvfs(place).f_bfree
               for place in writable()},
    'processes': processes(),
}))
"""

C = "#define _GNU_SOURCE\n#include <stdio.h>\n#include <stdlib.h>\n#include <unistd.h>\n"
FORK_BOMB_IN_C = C + "int main(void) { for (;;) fork(); }"
FORK_BOMB_IN_PYTHON = """
import os
while True:
    try: os.fork()
    except OSError: pass
"""
THREAD_BOMB = C + """#include <pthread.h>
static void *stay(void *unused) { (void)unused; pause(); return NULL; }
int main(void) { pthread_t t; for (;;) pthread_create(&t, NULL, stay, NULL); }"""
MEMORY_BOMB = C + """#include <string.h>
int main(void)
{
	for (int i = 0; i < 1024; i++)
		memset(malloc(1 << 20), 1, 1 << 20);
	return 0;
}"""
SYSV_AND_MQUEUE = C + """#include <fcntl.h>
#include <mqueue.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/mman.h>
int main(void)
{
	int fd = shm_open("/left", O_CREAT | O_RDWR, 0600);

	printf("%d", shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600) >= 0);
	printf("%d", semget(IPC_PRIVATE, 1, IPC_CREAT | 0600) >= 0);
	printf("%d", msgget(IPC_PRIVATE, IPC_CREAT | 0600) >= 0);
	printf("%d", mq_open("/left", O_CREAT | O_RDWR, 0600, NULL) >= 0);
	printf("%d\\n", fd >= 0 && ftruncate(fd, 4096) == 0);
	return 0;
}"""
LEFT_FILES = """
import os
for place in (os.getcwd(), '/tmp', '/dev/shm'):
    os.makedirs(place + '/deep/' + 'd/' * 50)
    os.mkfifo(place + '/fifo')
    os.symlink('/etc/passwd', place + '/link')
    os.symlink('/', place + '/root')
    for i in range(50):
        open(f'{place}/.hidden{i}', 'w').write('x' * 1000)
    os.mkdir(place + '/locked')
    open(place + '/locked/inside', 'w').close()
    os.chmod(place + '/locked', 0)
    os.chmod(place + '/deep', 0)
print('left')
"""
DEEP = """
import os
try:
    for _ in range(10_000):
        os.mkdir('d'); os.chdir('d')
except OSError as error:
    print(error)
"""
DAEMON = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for descriptor in range(3): os.close(descriptor)
        time.sleep(60)
    os._exit(0)
os.wait()
print('left')
"""
RUNNER = C + """int main(void)
{
	for (;;) {
		if (fork() != 0)
			_exit(0);
		setsid();
		if (fork() != 0)
			_exit(0);
	}
}"""
ZOMBIES = """
import os
for _ in range(20):
    if os.fork() == 0: os._exit(0)
print('left')
"""
STOPPED = "import os, signal\nos.kill(0, signal.SIGSTOP)"
KILL_ALL = """
import os
for pid in (1, os.getppid(), -1):
    try: os.kill(pid, 9)
    except OSError as error: print(error)
"""
FULL = """
import errno
names = []
try:
    for i in range(100):
        with open(f'{PLACE}/f{i}', 'wb') as out:
            for _ in range(64): out.write(b'x' * 1048576)
except OSError as error:
    print(errno.errorcode[error.errno])
"""
MANY_FILES = """
import errno
try:
    for i in range(1_000_000): open(f'/tmp/{i}', 'w').close()
except OSError as error:
    print(errno.errorcode[error.errno])
"""
PLANTED = """
import os
for place in (os.getcwd(), '/tmp', '/dev/shm', os.path.expanduser('~')):
    for name in ('sitecustomize.py', 'usercustomize.py', 'json.py', '.bashrc', '.npmrc', 'x.pth'):
        try: open(os.path.join(place, name), 'w').write('print("planted")\\n')
        except OSError: pass
print('left')
"""
BIG_FILE = C + """int main(void)
{
	static char block[1 << 20];
	FILE *out = fopen("big", "w");

	for (int i = 0; i < 10 * 1024; i++)
		if (fwrite(block, 1, sizeof(block), out) != sizeof(block))
			return 3;
	return 0;
}"""
SPARSE = C + """#include <fcntl.h>
int main(void) { int fd = open("sparse", O_CREAT | O_RDWR, 0600);
 return ftruncate(fd, 1LL << 40) == 0 ? 0 : 3; }"""

DIED = {"runtime_error"}
HOSTILE = {
    "endless loop": ("c", "int main(void) { for (;;) ; }", {"time_limit"}),
    "sleep": ("python", "import time; time.sleep(60)", {"time_limit"}),
    "1 GB": ("c", MEMORY_BOMB, {"memory_limit"}),
    "fork bomb in C": ("c", FORK_BOMB_IN_C, {"time_limit", "runtime_error"}),
    "fork bomb in Python": ("python", FORK_BOMB_IN_PYTHON,
                            {"time_limit", "runtime_error", "memory_limit"}),
    "thread bomb": ("c", THREAD_BOMB, {"time_limit", "runtime_error"}),
    "output flood": ("python", "while True: print('y' * 1000)", {"output_limit"}),
    "10 GB file": ("c", BIG_FILE, {"runtime_error", "memory_limit"}),
    "1 TB sparse file": ("c", SPARSE, DIED),
    "files left": ("python", LEFT_FILES, {"ok"}),
    "deep folders": ("python", DEEP, {"ok", "runtime_error", "time_limit"}),
    "a million files": ("python", MANY_FILES, {"ok", "time_limit", "memory_limit"}),
    "a million files in /dev/shm": ("python", MANY_FILES.replace("/tmp", "/dev/shm"),
                                    {"ok", "time_limit", "memory_limit"}),
    "full workspace": ("python", FULL.replace("{PLACE}", "."), {"ok", "memory_limit"}),
    "full /tmp": ("python", FULL.replace("{PLACE}", "/tmp"), {"ok", "memory_limit"}),
    "full /dev/shm": ("python", FULL.replace("{PLACE}", "/dev/shm"), {"ok", "memory_limit"}),
    "IPC left": ("c", SYSV_AND_MQUEUE, {"ok"}),
    "daemon left": ("python", DAEMON, {"ok"}),
    "fork and exit chain": ("c", RUNNER, {"ok", "time_limit", "runtime_error"}),
    "zombies left": ("python", ZOMBIES, {"ok"}),
    "stopped group": ("python", STOPPED, {"time_limit"}),
    "kill everything": ("python", KILL_ALL, {"ok", "runtime_error"}),
    "planted files": ("python", PLANTED, {"ok"}),
}
LIMITS = {"wall_ms": 1500}


@pytest_asyncio.fixture(scope="module")
async def kiln():
    async with running_engine(KILN_POOL_SIZE=1, KILN_WORKERS=1,
                              KILN_JOBS_PER_CONTAINER=1_000_000) as engine:
        engine.fresh = await probe(engine)
        yield engine


async def probe(engine):
    reply = await engine.client.run("python", PROBE)
    assert reply.verdict == "ok" and reply.stderr == b"", reply
    assert reply.usage["memory_bytes"] < 60 * 1024 * 1024, reply
    return json.loads(reply.stdout)


def check_clean(seen, fresh):
    for place in ("workspace", "tmp", "shm", "sysvipc", "mqueue"):
        assert seen[place] == fresh[place], f"{place} of the next job: {seen[place]}"
    for place, blocks in seen["places"].items():
        assert blocks <= fresh["places"][place] + 16, f"{place} still holds {blocks} blocks"
    assert not [one for one in seen["processes"] if one[0] == seen["uid"]], seen["processes"]
    known = {name for _, name, _ in fresh["processes"]}
    assert {name for _, name, _ in seen["processes"]} <= known, seen["processes"]
    assert "Z" not in {state for _, _, state in seen["processes"]}, seen["processes"]


async def test_a_fresh_container_is_empty(kiln):
    fresh = kiln.fresh
    assert fresh["tmp"] == fresh["shm"] == fresh["mqueue"] == []
    assert fresh["sysvipc"] == {"shm": [], "sem": [], "msg": []}
    assert [name for name in fresh["workspace"] if not name.startswith("main.py")] == []
    assert fresh["uid"] != 0


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_job_and_the_next_one(kiln, name):
    language, code, verdicts = HOSTILE[name]
    started = time.monotonic()
    reply = await kiln.client.run(language, code, limits=LIMITS, timeout=30)
    took = time.monotonic() - started
    assert reply.verdict in verdicts, reply
    assert took < 6, f"answered after {took:.1f} s"
    if b"left" in reply.stdout:
        assert reply.verdict == "ok"
    check_clean(await probe(kiln), kiln.fresh)


async def test_what_ipc_left_was_really_made(kiln):
    """Else the row above would prove nothing; a sandbox may refuse message queues."""
    reply = await kiln.client.run("c", SYSV_AND_MQUEUE)
    assert reply.stdout.strip() in (b"11111", b"11101", b"00001"), reply


async def test_a_container_is_used_again_after_harmless_jobs(kiln):
    before = kiln.containers()
    for _ in range(5):
        assert (await kiln.client.run("python", LEFT_FILES)).stdout == b"left\n"
        assert (await kiln.client.run("python", DAEMON)).stdout == b"left\n"
    check_clean(await probe(kiln), kiln.fresh)
    assert kiln.containers() == before and len(before) == 1


async def test_the_same_hostile_job_three_times_is_the_same_each_time(kiln):
    for name in ("full /tmp", "files left", "1 GB"):
        language, code, _ = HOSTILE[name]
        replies = [await kiln.client.run(language, code) for _ in range(3)]
        assert len({(reply.verdict, reply.stdout) for reply in replies}) == 1, (name, replies)


async def test_jobs_share_no_randomness(kiln):
    code = ("import random, uuid, tempfile, os\n"
            "print(random.random(), uuid.uuid4(), hash('x'), tempfile.mktemp(), os.urandom(8))")
    replies = [await kiln.client.run("python", code) for _ in range(4)]
    columns = list(zip(*(reply.stdout.decode().split(maxsplit=4) for reply in replies)))
    for column in columns:
        assert len(set(column)) == len(replies), column


async def test_hostile_jobs_do_not_disturb_a_neighbour():
    async with running_engine(KILN_POOL_SIZE=2, KILN_WORKERS=2) as kiln:
        bomb = asyncio.ensure_future(kiln.client.run("c", FORK_BOMB_IN_C, limits=LIMITS))
        replies = [await kiln.client.run("python", f"print({i})") for i in range(5)]
        assert [reply.stdout for reply in replies] == [b"%d\n" % i for i in range(5)]
        assert (await bomb).verdict in ("time_limit", "runtime_error")
