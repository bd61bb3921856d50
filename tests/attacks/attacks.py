"""The table: rows of README.md that are one program each. The others have test files of their own."""
import json
import socket

from attack import SHORT_MS, Attack, source
from programs import PRINT

MIB = 1024 * 1024
SHORT = {"wall_ms": SHORT_MS}
LONGER = {"wall_ms": 3000}
LATE = {"time_limit", "runtime_error"}
PLACES = ("/workspace", "/tmp", "/dev/shm")
TRIED = b"tried\n"

COMPILER_FAILED = {"compile_error", "time_limit", "memory_limit"}
COMPILE_SECONDS = 6  # a compiler may take half of them, and be stopped for its share of the CPU


def only_tried(reply):
    """Of the programs that tell what was not denied: nothing, and that they really tried."""
    lines = reply.stdout.splitlines()
    assert len(lines) == 1 and lines[0].startswith(b"tried "), reply
    assert int(lines[0].split()[1]) > 10, reply
    assert reply.stderr == b"", reply


def only_tried_but(*named):
    """The same, where what is named is not denied."""
    def check(reply):
        *seen, last = reply.stdout.decode().splitlines()
        assert sorted(seen) == sorted(named), reply
        assert last.startswith("tried ") and int(last.split()[1]) > 10, reply
    return check


# Of Debian's gVisor, which says to every user what a process of another one looks like, but lets
# nobody write there, read its memory or open its streams.
SEEN_OF_THE_AGENT = ("get_robust_list", "/proc/1/environ", "/proc/1/auxv", "/proc/1/maps",
                     "/proc/1/smaps", "/proc/1/task/1/environ", "/proc/1/ns/pid", "/proc/1/fd/0", "/proc/1/fd/3",
                     "/proc/1/fd", "/proc/1/fdinfo", "/proc/1/task/1/fd")
# Niceness is kept and means nothing; a real-time class does not exist (EINVAL); a device can be
# made, and opens what gVisor has under that number, never the host's; nobody has a user namespace.
WITHOUT_MEANING = ("nice", "setpriority", "setpriority of the user", "SCHED_FIFO: errno 22",
                   "SCHED_RR: errno 22", "SCHED_FIFO of the agent: errno 22", "mknod, block",
                   "mknod, kernel memory", "/proc/self/uid_map: errno 22")
MADE_A_DEVICE = b"made a device\n" * 3 + b"left\n"
# /dev/fuse and /dev/net/tun are gVisor's own code, in its own sandbox.
OWN_DEVICES = "/dev/fuse", "/dev/net/tun"
# It counts no files of a tmpfs and no IPC objects: their number ends with the time.
UNCOUNTED = {"verdicts": {"time_limit"}, "exit_codes": None, "stdout": b""}
# A process that could run counts as one that does: eight of them, eightfold.
EIGHTFOLD = {"cpu_ms": (400, 8000)}


def no_limit(reply):
    assert reply.limit is None, reply


def flooded(stream, byte):
    def check(reply):
        assert reply.truncated[stream], reply
        assert set(getattr(reply, stream)) == set(byte), reply
        assert len(getattr(reply, stream)) == MIB, len(getattr(reply, stream))
    return check


def both_flooded(reply):
    assert any(reply.truncated.values()), reply
    assert set(reply.stdout) <= set(b"o") and set(reply.stderr) <= set(b"e"), reply
    assert max(len(reply.stdout), len(reply.stderr)) == MIB, reply


def dripped(least, most):
    def check(reply):
        assert set(reply.stdout) == set(b"."), reply
        assert least <= len(reply.stdout) <= most, f"{len(reply.stdout)} bytes"
    return check


def sleeps(reply):
    assert reply.usage["wall_ms"] >= SHORT_MS, reply


def bounded_diagnostics(reply):
    assert len(reply.compile_output) <= MIB, len(reply.compile_output)


def answers_at_once(reply):
    assert reply.usage["wall_ms"] < 900, reply


RESOURCES = [
    Attack(1, "fork bomb in C", "01_fork_bomb.c", LATE, limits=SHORT),
    Attack(1, "fork bomb in Python", "01_fork_bomb.py", LATE, limits=SHORT),
    Attack(1, "thread bomb", "01_thread_bomb.c", LATE, limits=SHORT),
    Attack(2, "1 GB in C", "02_memory.c", {"memory_limit"}, limit="memory_bytes"),
    Attack(2, "1 GB in Python", "02_memory.py", {"memory_limit"}, limit="memory_bytes"),
    Attack(2, "1 GB in children", "02_children.c", {"memory_limit"}, limit="memory_bytes"),
    Attack(2, "1 GB in files without a name", "02_memfd.c", {"memory_limit"},
           limit="memory_bytes"),
    Attack(2, "1 GB aimed at the agent", "02_aim_at_the_agent.c", {"memory_limit"},
           limit="memory_bytes"),
    *(Attack(3, f"full {place}", "03_fill.py", {"ok", "memory_limit"}, args=(place,), same=True,
             stdout=b"ENOSPC %s\n" % place.encode()) for place in PLACES),
    Attack(3, "all places full", "03_fill.py", {"ok", "memory_limit"}, args=PLACES, same=True),
    Attack(4, "IPC left", "04_ipc.c", {"ok"},
           stdout=b"shm left\nsem\nmsg\nmqueue\nshm_open\nsem_open\n"),
    Attack(4, "much IPC left", "04_many_ipc.c", {"ok"}, stdout=b"many\n",
           gvisor=UNCOUNTED | {"limits": SHORT}),
    Attack(5, "10 GB file", "05_big_file.c", {"runtime_error"}, stdout=b""),
    Attack(5, "10 GB file without SIGXFSZ", "05_big_file.c", {"runtime_error"}, args=("ignore",),
           exit_codes=(3,), stdout=b""),
    Attack(5, "1 TB sparse file", "05_sparse_file.c", {"runtime_error"}, stdout=b""),
    *(Attack(6, f"a million files in {place}", "06_many_files.c", {"runtime_error"},
             args=(place,), limits=LONGER, exit_codes=(3,), seconds=6, gvisor=UNCOUNTED)
      for place in PLACES),
    # Landlock goes up from each new folder to the top, so that depth costs the job its own time.
    *(Attack(6, f"deep folders in {place}", "06_deep_folders.c", {"runtime_error"},
             args=(place,), limits=LONGER, exit_codes=(3,), stdout=b"deep\n", seconds=6)
      for place in PLACES),
]

OUTPUT = [
    Attack(7, "yes", "07_yes.c", {"output_limit"}, limit="output_bytes",
           check=flooded("stdout", b"y\n")),
    Attack(7, "both streams", "07_both_streams.c", {"output_limit"}, limit="output_bytes",
           check=both_flooded),
    Attack(7, "the error stream first", "07_error_first.py", {"ok"}, stdout=b"o" * 100_000,
           stderr=b"e" * 800_000),
    Attack(8, "drip", "08_drip.c", {"time_limit"}, args=("10",), limits=SHORT, limit="wall_ms",
           check=dripped(5, 11)),
    Attack(30, "frames", "30_frames.py", {"runtime_error"}, exit_codes=(9,),
           stdin=b"".join((
               # READY and DONE that say that all is well, a FAULT, a HELLO: length, type, payload.
               b"\x0d\0\0\0\5" + b"\0" * 12 + b"\1", b"\x40\0\0\0\4" + b"\0" * 64,
               b"\4\0\0\0\6oops", b"\0\0\0\0\1", b"\xff\xff\xff\xff\3", b"\2\0\0\0\3\0x",
               json.dumps({"output": "", "error": "", "success": True, "verdict": "ok",
                           "exit_code": 0}).encode() + b"\r\n",
               b"PUB kiln.languages 0\r\n\r\n+OK\r\n-ERR\r\n"))),
    *(Attack(31, title, "31_bytes.py", {"ok"}, stdin=data, args=args, stdout=data, stderr=b"")
      for title, data, args in (
          ("every byte", bytes(range(256)) * 64, ()),
          ("invalid UTF-8", b"\xff\xfe\xc0\xaf\xed\xa0\x80\xf8\x88\x80\x80\x80\xe2\x82", ()),
          ("NULs", b"a\0b\0\0\0c\n\0", ()),
          ("characters split at a read", "\u20ac\U0001f525\u00e9\u6f22".encode() * 3, ("1",)),
          ("ANSI", b"\x1b[2J\x1b[31m\x1b]0;title\x07\x9b1m\r\n\x08", ()))),
    Attack(31, "a line of 5 MB", "31_long_line.c", {"output_limit"}, limit="output_bytes",
           stdout=(bytes(range(ord("a"), ord("z") + 1)) * (MIB // 26 + 1))[:MIB]),
]

PROCESSES = [
    Attack(9, "grandchild with the streams", "09_grandchild.c", {"ok"}, stdout=b"parent\n",
           check=answers_at_once),
    Attack(10, "daemon", "10_daemon.py", {"ok"}, stdout=b"left\n"),
    Attack(10, "chain", "10_chain.c", {"ok", "time_limit"}, limits=SHORT),
    Attack(10, "chain with a parent that stays", "10_chain.c", {"time_limit"}, args=("stay",),
           limits=SHORT),
    Attack(10, "pack of chains", "10_pack.c", {"ok", "time_limit"}, limits=SHORT),
    Attack(11, "kill everyone", "11_kill.c", {"ok"}, stdout=b"tried\nalive\n"),
    Attack(11, "kill the group", "11_kill_group.c", {"runtime_error"}, signals=("SIGKILL",),
           stdout=b"before\n", check=no_limit),
    Attack(11, "kill the parent", "11_kill_parent.py", {"runtime_error"}, signals=("SIGKILL",),
           check=no_limit),
    Attack(26, "sleep", "26_sleep.c", {"time_limit"}, limits=SHORT, limit="wall_ms",
           cpu_ms=(0, 50), check=sleeps, gvisor={"cpu_ms": (0, 200)}),
    Attack(26, "stop itself and its group", "26_stop.c", {"time_limit"}, limits=SHORT,
           limit="wall_ms", cpu_ms=(0, 50), check=sleeps, gvisor={"cpu_ms": (0, 200)}),
    Attack(27, "catch every signal", "27_signals.c", {"time_limit"}, limits=SHORT,
           limit="wall_ms", cpu_ms=(100, 1200)),
    Attack(27, "eight spinning children", "27_spinners.c", {"time_limit"},
           limits={"cpu_ms": 400}, limit="cpu_ms", cpu_ms=(400, 800), gvisor=EIGHTFOLD),
    Attack(27, "children that nobody waits for", "27_short_lived.c", {"time_limit"},
           limits={"cpu_ms": 400}, limit="cpu_ms", cpu_ms=(400, 800), gvisor=EIGHTFOLD),
    Attack(28, "closed streams", "28_closed.c", {"time_limit"}, limits=SHORT, limit="wall_ms",
           cpu_ms=(100, 1200)),
    *(Attack(29, f"exit {status}", "29_end.c", {"runtime_error"}, args=("exit", str(status)),
             exit_codes=(status,), signals=(None,), check=no_limit)
      for status in (137, 124, 152, 139, 255)),
    *(Attack(29, f"raise {name}", "29_end.c", {"runtime_error"}, args=("raise", str(number)),
             exit_codes=(None,), signals=(name,), check=no_limit)
      for number, name in ((9, "SIGKILL"), (24, "SIGXCPU"), (15, "SIGTERM"), (31, "SIGSYS"))),
    # Nobody can tell who sent this one, so the file limit may stand beside it.
    Attack(29, "raise SIGXFSZ", "29_end.c", {"runtime_error"}, args=("raise", "25"),
           exit_codes=(None,), signals=("SIGXFSZ",)),
    Attack(29, "killed by its child", "29_end.c", {"runtime_error"}, args=("child", "9"),
           exit_codes=(None,), signals=("SIGKILL",), check=no_limit),
    Attack(32, "unbounded recursion in C", "32_recursion.c", {"runtime_error", "memory_limit"},
           signals=("SIGSEGV", None)),
    Attack(32, "unbounded recursion in Python", "32_recursion.py",
           {"runtime_error", "memory_limit"}, signals=("SIGSEGV", "SIGKILL", None)),
    Attack(32, "abort at 390 MB", "32_abort.c", {"runtime_error"}, args=("390",),
           signals=("SIGABRT",), stdout=b"", check=no_limit),
    Attack(32, "no core file", "32_abort.c", {"ok"}, args=("100", "child"), stdout=b"aborted\n"),
    Attack(33, "zombies", "33_zombies.c", {"ok"}, stdout=b"100 zombies\n"),
    Attack(33, "orphans", "33_orphans.c", {"ok"}, stdout=b"2000 orphans\n", seconds=8,
           gvisor={"args": ("200",), "stdout": b"200 orphans\n"}),
]

WITNESSES = (
    ("python", "import json, os, site, encodings\nprint(json.dumps([1]), os.path.sep)",
     b"[1] /\n"),
    ("javascript", "console.log(require('fs').existsSync('/'))", b"true\n"),
    ("c", PRINT["c"].format("c"), b"c\n"),
    ("cpp", PRINT["cpp"].format("cpp"), b"cpp\n"),
    ("go", PRINT["go"].format("go"), b"go\n"),
)

SECRETS = [
    Attack(12, "look into the agent", "12_agent.c", {"ok"}, check=only_tried,
           gvisor={"check": only_tried_but(*SEEN_OF_THE_AGENT)}),
    Attack(13, "descriptors in C", "13_descriptors.c", {"ok"}, stdout=b"looked\n", stderr=b"",
           gvisor={"args": ("20000",)}),
    Attack(13, "descriptors in Python", "13_descriptors.py", {"ok"}, stdout=b"looked\n"),
    Attack(14, "write to the system", "14_write.py", {"ok"}, stdout=b"looked\n", stderr=b"",
           gvisor={"stdout": b"".join(b"may write to %s\n" % name.encode() for name in OWN_DEVICES)
                   + b"looked\n"}),
    Attack(18, "namespaces", "18_namespaces.c", {"ok"}, check=only_tried),
    Attack(19, "kernel code", "19_kernel_code.c", {"ok"}, check=only_tried,
           gvisor={"check": only_tried_but("/dev/fuse")}),
    Attack(19, "other tables", "19_other_tables.c", {"ok"}, stdout=TRIED,
           # There is one table: 24 is sched_yield in it, and what is denied is denied.
           gvisor={"stdout": b"int 0x80 getuid\ntried\n"}),
    Attack(20, "socket families", "20_sockets.c", {"ok"}, check=only_tried),
    Attack(22, "ways out", "22_find.py", {"ok"}, stdout=b"looked\n", stderr=b"",
           gvisor={"stdout": b"".join(b"device %s\n" % name.encode() for name in OWN_DEVICES)
                   + b"looked\n"}),
    Attack(24, "set-uid files", "24_set_uid.py", {"ok"}, stdout=b"looked\n", stderr=b""),
    Attack(25, "privilege", "25_privilege.c", {"ok"}, check=only_tried,
           gvisor={"check": only_tried_but(*WITHOUT_MEANING)}),
    Attack(25, "the score for the memory killer", "25_oom_score.c", {"ok"}, stdout=TRIED,
           gvisor={"stdout": b"oom_score_adj -1000\ntried\n"}),  # there is no such killer
]

FILES = [
    Attack(15, "files that mislead", "15_left_files.py", {"ok"}, stdout=b"left\n", stderr=b"",
           gvisor={"stdout": MADE_A_DEVICE}),
    Attack(15, "marks on folders", "15_attributes.py", {"ok"}, stdout=b"marked\n", stderr=b""),
    Attack(23, "planted modules", "23_plant.py", {"ok"}, stdout=b"planted\n", after=WITNESSES),
]


def wrapped(script):
    """What an open compiler calls for each of its steps."""
    return {"wrapper.sh": script}


def instead_of_the_output(command):
    return wrapped(f'"$@" || exit\ncase $1 in *collect2) {command} ;; esac\n')


BROKEN = {"compile_error", "runtime_error", "rejected"}
REPLACED = [
    Attack(16, f"output is {what}", "16_wrapper.c", BROKEN, limits=SHORT,
           files=instead_of_the_output(command), absent=(b"root:",))
    for what, command in (
        ("a link to the agent", "ln -sf /opt/kiln/bin/kiln-agent main"),
        ("a link to a secret", "ln -sf /etc/shadow main"),
        ("a link to itself", "ln -sf main main"),
        ("a link to the host", "ln -sf /proc/1/root/main main"),
        ("a FIFO", "rm main; mkfifo main"),
        ("a folder", "rm main; mkdir main"),
        ("gone", "rm main"),
        ("not a program", "echo nonsense >main"),
        ("without rights", "chmod 0 main"))
]

COMPILE = [
    *(Attack(35, f"include {name}", f"35_{name}.c", COMPILER_FAILED, seconds=COMPILE_SECONDS,
             check=bounded_diagnostics)
      for name in ("zero", "random", "stdin", "tty", "self", "itself")),
    *(Attack(35, title, program, COMPILER_FAILED, seconds=COMPILE_SECONDS,
             check=bounded_diagnostics)
      for title, program in (
          ("template bomb", "35_template.cpp"), ("endless template", "35_template_endless.cpp"),
          ("constexpr bomb", "35_constexpr.cpp"), ("macro bomb", "35_macro.c"),
          ("1 GB of diagnostics", "35_diagnostics.cpp"), ("many diagnostics", "35_warnings.c"),
          ("array of 1 TB, filled", "35_array_filled.c"), ("object of 1 TB", "35_object.c"))),
    # Without contents it is address space alone, which costs nothing: it may run.
    Attack(35, "array of 1 TB", "35_array.c", COMPILER_FAILED | {"ok", "runtime_error"}),
    Attack(36, "include a secret", "36_shadow.c", {"compile_error"}, absent=(b"root:",)),
    Attack(36, "include the agent's environment", "36_environ.c", {"compile_error"},
           absent=(b"KILN_",)),
    Attack(36, "a secret as data", "36_incbin.c", {"compile_error"}, absent=(b"root:",)),
]

# With a compiler that lets a request run code in it (open_compiler.py).
OPEN_COMPILER = [
    *REPLACED,
    Attack(36, "a compile step with a daemon", "36_alone.c", {"ok", "compile_error", "rejected"},
           files=wrapped('setsid sh -c "sleep 60" >&2 & "$@"\n'), absent=(b"process ",)),
    Attack(36, "a compile step with a silent daemon", "36_alone.c",
           {"ok", "compile_error", "rejected"},
           files=wrapped('setsid sh -c "exec sleep 60 <&- >&- 2>&-" & "$@"\n'),
           absent=(b"process ",)),
]

ATTACKS = [*RESOURCES, *PROCESSES, *OUTPUT, *SECRETS, *FILES, *COMPILE]
