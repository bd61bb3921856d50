import sys

for name in ("stdin", "stdout", "stderr"):
    stream = getattr(sys, name)
    raw = stream.buffer.raw
    print(name, repr(stream), stream is getattr(sys, f"__{name}__"))
    print(stream.encoding, stream.errors, stream.newlines, stream.line_buffering,
          stream.write_through, stream._CHUNK_SIZE)
    print(type(stream.buffer).__name__, type(raw).__name__, raw.mode, raw.closefd, raw.name,
          raw.fileno(), stream.isatty(), stream.readable(), stream.writable(), stream.seekable())
