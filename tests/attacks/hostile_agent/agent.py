"""An agent that does not keep to the protocol: the first process of a container, in place of the
real one.

DOUBLE_WAY, of the image, names one of GREETINGS, which is what it does in place of a HELLO. All
others say a good HELLO and wait for a RUN, whose program is read as words: the name of one of
ANSWERS, and its arguments. In the way "mixed" every second container has the real agent, and the
others misbehave whatever the program says.

Whatever it has done, it never ends by itself unless it is told to: kilnd has to remove it.

A new type of frame is known here from the header, and is sent wherever it must not come, with
nothing in it. With a line in SAMPLES it is sent as it should be; what it must not hold is a way of
its own in ANSWERS.
"""
import json
import os
import signal
import socket
import struct
import sys
import time

REAL_AGENT = "/opt/kiln/bin/kiln-agent"
SOCKET = "/run/kiln/agent.sock"

with open(os.path.join(os.path.dirname(__file__), "protocol.json"), encoding="ascii") as numbers:
    globals().update(json.load(numbers))  # FRAME_PROTOCOL, FRAME_TYPES, TURNS, …

STAGE_OF_NOTHING = (0, 0, 0, 0, 0, 0)
STAGE_THAT_WENT_WELL = (1, 0, 0, 100, 100, 1 << 20)
BIG = 1 << 63
NEVER = 0xffffffff  # the exit code of what a signal ended

CONTROLS = bytes(range(32)) + b"\x1b[2J\x1b]0;owned\x07\r\n\"}\\\n" + bytes(range(127, 256))
OTHERS_REPLY = json.dumps({
    "output": "stolen", "status_message": "Success", "error": "", "success": True,
    "execution_time": "1.000ms", "id": "neighbour-0", "language": "python", "verdict": "ok",
    "stdout": "stolen", "stderr": "", "encoding": "utf8", "exit_code": 0, "signal": None,
}).encode() + b"\r\nPUB kiln.languages 2\r\n{}\r\n+OK\r\n-ERR 'stolen'\r\n"


# What the frames are made of


def frame(kind, payload=b""):
    return struct.pack("<IB", len(payload), kind) + payload


def text(value):
    data = value if isinstance(value, bytes) else value.encode()
    return struct.pack("<I", len(data)) + data


def language(name="python", version="double 1.0", file="main.py", aliases=("py",), compiled=0):
    return (text(name) + text(version) + text(file) + struct.pack("<IBB", 71, compiled, 0)
            + struct.pack("<I", len(aliases)) + b"".join(map(text, aliases)))


def hello(languages=None, protocol=None, version="double"):
    if languages is None:
        languages = [language(), language("c", file="main.c", aliases=(), compiled=1)]
    return frame(FRAME_HELLO, struct.pack("<I", FRAME_PROTOCOL if protocol is None else protocol)
                 + text(version) + struct.pack("<II", 0, len(languages)) + b"".join(languages))


def output(data, stream=None):
    return frame(FRAME_OUTPUT, bytes([STREAM_STDOUT if stream is None else stream]) + data)


def done(compiled=STAGE_OF_NOTHING, ran=STAGE_THAT_WENT_WELL, limit=(0, 0, 0)):
    return frame(FRAME_DONE, struct.pack("<BIIQQQ", *compiled) + struct.pack("<BIIQQQ", *ran)
                 + struct.pack("<BQQ", *limit) + b"\0\0\0")


def ready(residue=0, counts=0, memory=1 << 20):
    return frame(FRAME_READY, struct.pack("<IIIIQ", counts, counts, counts, residue, memory))


JOB_UIDS_EACH = 4  # of pool/container.c

# One of each type, all in order but for the moment at which they come.
SAMPLES = {
    "HELLO": lambda: hello(),
    "OUTPUT": lambda: output(b"stolen"),
    "DONE": lambda: done(),
    "READY": lambda: ready(),
    "FAULT": lambda: frame(FRAME_FAULT, b"stolen"),
    "WARM": lambda: frame(FRAME_TYPES["WARM"], struct.pack("<BI", 1, 6) + b"python"),
}


def sample(name):
    return SAMPLES[name]() if name in SAMPLES else frame(FRAME_TYPES[name])


def checksum(data):
    """As frame/artifact.c has it."""
    offset, prime, most = 0xcbf29ce484222325, 0x100000001b3, (1 << 64) - 1

    def step(total, word):
        total = (total ^ word) * prime & most
        return total ^ total >> 32
    data_length = len(data)
    data += bytes(32 - data_length % 32)
    sums = [offset + lane for lane in range(4)]
    for at in range(0, len(data), 32):
        sums = list(map(step, sums, struct.unpack_from("<4Q", data, at)))
    total = step(offset, data_length)
    for lane in sums:
        total = step(total, lane)
    return total


def announcement(length, total):
    return frame(FRAME_ARTIFACT, struct.pack("<QQ", length, total))


def chunk(data):
    return frame(FRAME_ARTIFACT, data)


def artifact(data):
    return announcement(len(data), checksum(data)) + chunk(data)


def good_answer(token):
    return frame(FRAME_STARTED) + output(token) + done() + ready()


# The numbers of a DONE that cannot be. A number that only lies is not among them.
WRONG_NUMBERS = [
    {"ran": STAGE_OF_NOTHING},
    {"ran": (1, 256, 0, 0, 0, 0)},
    {"ran": (1, NEVER, 65, 0, 0, 0)},
    {"ran": (1, NEVER, 0, 0, 0, 0)},
    {"ran": (1, 0, 9, 0, 0, 0)},
    {"ran": (1, 0, NEVER, 0, 0, 0)},
    {"ran": (1, 0, 0, BIG, 0, 0)},
    {"ran": (1, 0, 0, 0, BIG, 0)},
    {"ran": (1, 0, 0, 0, 0, BIG)},
    {"compiled": (1, 0, 0, BIG - 1, 0, 0)},
    {"limit": (9, 1, 1)},
    {"limit": (255, 1, 1)},
    {"limit": (1, BIG, 0)},
    {"limit": (1, 0, 2 * BIG - 1)},
]


class Link:
    """The stream to kilnd."""

    def __init__(self):
        self._in, self._out = 0, 1
        self.payload = b""  # of the last RUN
        if os.environ["KILN_CHANNEL"] == "socket":
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.connect(SOCKET)
            self._in = self._out = self.socket.fileno()

    def send(self, data, stderr=False):
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(2 if stderr else self._out, rest):]

    def drip(self, data):
        for byte in data:
            self.send(bytes([byte]))
            time.sleep(1)

    def flood(self, data, stderr=False):
        """As fast as it goes, for ever."""
        block = data * max(1, (1 << 18) // len(data))
        while True:
            self.send(block, stderr)

    def flood_together(self, data):
        """From several processes, so that there is always something to read. What is written at
        once is small enough to stay together."""
        block = data * (30_000 // len(data))
        for _ in range(3):
            if os.fork() == 0:
                break
        while True:
            self.send(block)

    def read(self, length):
        data = b""
        while len(data) < length:
            got = os.read(self._in, length - len(data))
            if not got:
                raise ConnectionError("kilnd has hung up")
            data += got
        return data

    def receive_words(self):
        """The program of the next RUN."""
        length, _ = struct.unpack("<IB", self.read(5))
        payload = self.payload = self.read(length)
        at = 4 + int.from_bytes(payload[:4], "little") + 7 * 8
        code_length = int.from_bytes(payload[at:at + 4], "little")
        return payload[at + 4:at + 4 + code_length].split()

    def hang_up(self):
        if self._out == 1:
            os.close(1)
        else:
            self.socket.shutdown(socket.SHUT_WR)


def stay():
    """kilnd's hanging up is not a reason to go."""
    while True:
        time.sleep(3600)


# What there may be in place of a HELLO. One that returns has said a good one.


def greet_dial_twice():
    link, other = Link(), Link()
    link.send(hello())
    try:
        other.flood(hello())
    except OSError:
        return link


def greet_by_a_child():
    if os.fork() == 0:
        Link().send(hello())
    stay()


def greet_and_hang_up():
    link = Link()
    link.send(hello()[:20])
    link.hang_up()


def greet_and_be_deaf():
    Link().send(hello())
    stay()


def greet_widely():
    """As much as fits: 64 languages, whose texts are as long as may be."""
    def long(byte, number, size):
        return (chr(byte) * (size - 4)) + f"{number:03}"
    languages = [language(long(34, i, LANGUAGE_NAME_BYTES), long(92, i, LANGUAGE_VERSION_BYTES),
                          long(39, i, LANGUAGE_NAME_BYTES),
                          [long(123, 8 * i + j, LANGUAGE_NAME_BYTES)
                           for j in range(LANGUAGE_ALIASES_MAX)])
                 for i in range(LANGUAGES_MAX - 1)]
    link = Link()
    link.send(hello(languages + [language()], version='"' * (AGENT_VERSION_BYTES - 1)))
    return link


def container_number():
    """Each container has some user ids of its own: the agent is told the first."""
    return int(os.environ["KILN_JOB_UID"]) // JOB_UIDS_EACH


def greet_by_turns(uid):
    """Each container in another way: one of these, or a frame of a type that is no greeting."""
    way = TURNS[uid % len(TURNS)]
    if way in GREETINGS:
        GREETINGS[way]()
    else:
        Link().send(sample(way))


GREETINGS = {
    "by-turns": lambda: greet_by_turns(container_number()),
    "silence": lambda: Link() and stay(),
    "no-dial": stay,
    "exit": lambda: os._exit(3),
    "hang-up": greet_and_hang_up,
    "by-a-child": greet_by_a_child,
    "dial-twice": greet_dial_twice,
    "deaf": greet_and_be_deaf,
    "drip": lambda: Link().drip(hello()),
    "64-MiB": lambda: Link().flood(struct.pack("<IB", 64 << 20, FRAME_HELLO)),
    "64-KiB": lambda: Link().send(frame(FRAME_HELLO, bytes(1 << 16))),
    "protocol-0": lambda: Link().send(hello(protocol=0)),
    "other-protocol": lambda: Link().send(hello(protocol=FRAME_PROTOCOL + 1)),
    "no-languages": lambda: Link().send(hello([])),
    "too-many-languages": lambda: Link().send(hello([language()] * (LANGUAGES_MAX + 1))),
    "long-name": lambda: Link().send(hello([language("n" * LANGUAGE_NAME_BYTES)])),
    "controls": lambda: Link().send(hello([language(version=CONTROLS[:90])])),
    "fault": lambda: Link().send(frame(FRAME_FAULT, CONTROLS * 100)),
    "garbage": lambda: Link().flood(os.urandom(1 << 16)),
    "http": lambda: Link().flood(b"GET / HTTP/1.1\r\nHost: kiln\r\nConnection: close\r\n\r\n"),
    "output": lambda: Link().flood(output(OTHERS_REPLY)),
    "two": lambda: Link().send(hello() + hello()),
    "chatter": lambda: Link().flood(hello() + output(OTHERS_REPLY)),
    "wide": greet_widely,
}


# What there may be in answer to a RUN. One that returns True is ready for the next.


def answer_honestly(link, token):
    link.send(good_answer(token))
    return True


def answer_in_advance(link, token):
    """Also the answer to the next job, before there is one, in one go."""
    link.send(good_answer(token) + good_answer(b"stolen"))
    return True


def answer_and_chat(link, token):
    link.send(good_answer(token))
    time.sleep(0.05)
    link.send(output(b"stolen") + done() + ready())
    return True


def answer_and_flood(link, token):
    """What goes on for ever while the agent says that it is ready."""
    link.send(good_answer(token))
    if os.fork() == 0:
        link.flood(output(b"stolen") + done() + ready())
    return True


def answer_and_say(link, name, token):
    """A frame of this type while idle."""
    link.send(good_answer(token))
    time.sleep(0.05)
    link.send(sample(name.decode()))
    return True


def answer_with_a_reply(link, token):
    """Output that looks like another job's reply is output."""
    link.send(output(OTHERS_REPLY + token) + done() + ready())
    return True


def answer_halfway(link, *_):
    link.send(frame(FRAME_STARTED) + output(b"stolen"))
    os._exit(0)


def answer_with_a_half_close(link, *_):
    link.send(frame(FRAME_STARTED) + output(b"stolen"))
    link.hang_up()


def answer_alternating(link, *_):
    link.flood(output(b"o", STREAM_STDOUT) + output(b"e", STREAM_STDERR))


# What there may be of an artifact, after DONE.
ARTIFACTS = {
    "good": artifact,
    "stubborn": artifact,
    "none": lambda program: b"",
    "cut-short": lambda program: announcement(len(program), checksum(program)) + chunk(program[:-1]),
    "too-much": lambda program: announcement(len(program), checksum(program)) + chunk(program + b"x"),
    "twice": lambda program: artifact(program) + artifact(program),
    "wrong-sum": lambda program: announcement(len(program), checksum(program) ^ 1) + chunk(program),
    "other-bytes": lambda program: announcement(len(program), checksum(program))
    + chunk(program[::-1]),
    "unannounced": chunk,
    "empty": lambda program: announcement(0, checksum(b"")),
    "empty-chunk": lambda program: announcement(len(program), checksum(program)) + chunk(b""),
    "huge": lambda program: announcement(1 << 40, 0) + chunk(program),
    "endless": lambda program: announcement(16 << 20, 0) + 257 * chunk(bytes(1 << 16)),
}


def answer_with_artifact(link, kind, token):
    """"stubborn" says that it has compiled also when it was given what to run."""
    program = b"made of " + token
    kind = kind.decode()
    if link.payload.endswith(program) and kind != "stubborn":
        link.send(frame(FRAME_STARTED) + output(token) + done() + ready())
    else:
        link.send(frame(FRAME_STARTED) + output(token) + done(compiled=STAGE_THAT_WENT_WELL)
                  + ARTIFACTS[kind](program) + ready())
    return True


def answer_mutated(link, seed, token):
    """A good conversation with something done to it."""
    import random  # a tenth of this program's start, for one way alone
    dice = random.Random(int(seed))
    frames = [frame(FRAME_STARTED), output(token), output(token, STREAM_STDERR), done(), ready()]
    for _ in range(dice.randint(1, 3)):
        frames = dice.choice(MUTATIONS)(dice, frames)
    rest = b"".join(frames)
    try:
        while rest:
            length = dice.choice((1, 5, 6, 100, 1 << 16))
            link.send(rest[:length])
            rest = rest[length:]
    finally:
        os._exit(0)


def flip_bits(dice, frames):
    data = bytearray(b"".join(frames))
    for _ in range(dice.randint(1, 8)):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    return [bytes(data)]


def set_bytes(dice, frames):
    data = bytearray(b"".join(frames))
    at, length = dice.randrange(len(data)), dice.randint(1, 8)
    data[at:at + length] = bytes([dice.choice((0, 1, 0x7f, 0x80, 0xff))]) * length
    return [bytes(data)]


def cut_out(dice, frames):
    data = b"".join(frames)
    at = dice.randrange(len(data))
    return [data[:at] + data[at + dice.randint(1, 40):]]


def put_in(dice, frames):
    data = b"".join(frames)
    at = dice.randrange(len(data))
    return [data[:at] + dice.randbytes(dice.randint(1, 40)) + data[at:]]


def end_early(dice, frames):
    data = b"".join(frames)
    return [data[:dice.randrange(1, len(data))]]


def shuffle(dice, frames):
    return dice.sample(frames, len(frames))


def repeat(dice, frames):
    return frames + dice.choices(frames, k=dice.randint(1, 100))


def retype(dice, frames):
    data = bytearray(b"".join(frames))
    data[4] = dice.randrange(256)
    return [bytes(data)]


def lie_about_a_length(dice, frames):
    data = bytearray(b"".join(frames))
    data[:4] = struct.pack("<I", dice.choice((0, 1, 6, 1 << 16, (1 << 16) + 1, NEVER)))
    return [bytes(data)]


MUTATIONS = [flip_bits, set_bytes, cut_out, put_in, end_early, shuffle, repeat, retype,
             lie_about_a_length]

ANSWERS = {
    "honest": answer_honestly,
    "silence": lambda link: stay(),
    "exit": lambda link, *_: os._exit(0),
    "exit-halfway": answer_halfway,
    "half-close": answer_with_a_half_close,
    "garbage": lambda link, *_: link.flood(os.urandom(1 << 16)),
    "http": lambda link, *_: link.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"),
    "raw-reply": lambda link, *_: link.send(OTHERS_REPLY),
    "reply": answer_with_a_reply,
    "in-advance": answer_in_advance,
    "chat": answer_and_chat,
    "flood": answer_and_flood,
    "say": lambda link, name: link.send(sample(name.decode())),
    "say-for-ready": lambda link, name, token: link.send(
        output(token) + done() + sample(name.decode())),
    "say-when-idle": answer_and_say,
    "length-max": lambda link, *_: link.flood(struct.pack("<IB", NEVER, FRAME_OUTPUT)),
    "length-one-more": lambda link, *_: link.send(frame(FRAME_OUTPUT, b"\1" * ((1 << 16) + 1))),
    "half-a-frame": lambda link: link.send(frame(FRAME_OUTPUT, b"\1" * (1 << 16))[:-1]),
    "output": lambda link, *_: link.flood(output(bytes(32767))),
    "output-bytes": lambda link, *_: link.flood(output(b"x")),
    "output-alternating": answer_alternating,
    "output-stream": lambda link, stream: link.send(output(b"stolen", int(stream)) + done()),
    "output-nothing": lambda link, *_: link.send(frame(FRAME_OUTPUT) + done()),
    "output-empty": lambda link: link.flood_together(output(b"")),
    "output-drip": lambda link: [link.drip(output(b"x")) for _ in range(60)],
    "started-twice": lambda link: link.send(2 * frame(FRAME_STARTED)),
    "started-for-ever": lambda link: link.flood_together(frame(FRAME_STARTED)),
    "started-wide": lambda link: link.send(frame(FRAME_STARTED, bytes(9995))),
    "stderr": lambda link: link.flood(CONTROLS, stderr=True),
    "done-wrong": lambda link, i: link.send(output(b"stolen") + done(**WRONG_NUMBERS[int(i)])),
    "done-short": lambda link, *_: link.send(frame(FRAME_DONE, done()[5:-1])),
    "done-long": lambda link, *_: link.send(frame(FRAME_DONE, done()[5:] + b"\0")),
    "done-empty": lambda link, *_: link.send(frame(FRAME_DONE)),
    "done-drip": lambda link: link.drip(done()),
    "done-a-year": lambda link, token: link.send(
        output(token) + done(ran=(1, 0, 0, 365 * 86400 * 10**6, 365 * 86400 * 10**6, BIG - 1))),
    "done-twice": lambda link, token: link.send(output(token) + done() + done() + ready()),
    "done-and-output": lambda link, token: link.send(
        output(token) + done() + output(b"stolen") + ready()),
    "done-and-exit": lambda link, token: link.send(output(token) + done()) or os._exit(0),
    "never-ready": lambda link, token: link.send(output(token) + done()),
    "ready-drip": lambda link, token: link.send(output(token) + done()) or link.drip(ready()),
    "ready-first": lambda link, *_: link.send(ready() + done()),
    "ready-lies": lambda link, token: link.send(
        output(token) + done() + ready(counts=NEVER, memory=2 * BIG - 1)) or True,
    "ready-short": lambda link, token: link.send(
        output(token) + done() + frame(FRAME_READY, ready()[5:-1])),
    "ready-twice": lambda link, token: link.send(output(token) + done() + ready() + ready()),
    "residue": lambda link, token: link.send(output(token) + done() + ready(residue=NEVER)),
    "fault": lambda link, *_: link.send(frame(FRAME_FAULT, CONTROLS * 100)),
    "fault-empty": lambda link, *_: link.send(frame(FRAME_FAULT)),
    "fault-reply": lambda link, *_: link.send(frame(FRAME_FAULT, OTHERS_REPLY)),
    "artifact": answer_with_artifact,
    "mutated": answer_mutated,
}

# What the hostile half of "mixed" does, by turns.
MIXED = ["exit-halfway", "garbage", "raw-reply", "length-max", "done-short", "ready-first", "exit",
         "fault-reply", "half-close", "done-wrong 0", "output-stream 9", "say HELLO", "output", "http"]


def answer(link, words):
    way, *arguments = words
    return ANSWERS[way.decode()](link, *arguments)


def serve(link, way, uid):
    while True:
        words = link.receive_words()
        if way == "mixed":
            words = MIXED[uid // 2 % len(MIXED)].encode().split()
        if not answer(link, words):
            return


def main():
    way, uid = os.environ["DOUBLE_WAY"], container_number()
    if way == "mixed" and uid % 2 == 1:
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # as Python found it
        os.execv(REAL_AGENT, [REAL_AGENT])
    try:
        if way in GREETINGS:
            link = GREETINGS[way]()
        else:
            link = Link()
            link.send(hello())
        if link is not None:
            serve(link, way, uid)
    except OSError:
        pass  # kilnd has had enough
    stay()


if __name__ == "__main__":
    sys.exit(main())
