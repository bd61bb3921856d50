import codecs

for name in ("ascii", "latin-1", "cp1252", "utf-16", "utf-32-le", "utf-7", "shift_jis", "gb18030",
             "koi8-r", "cp437", "punycode", "utf-8-sig"):
    print(name, codecs.lookup(name).name, "aé".encode(name, "replace"))
print(codecs.encode("hello", "rot13"), codecs.encode(b"hello", "hex"))
