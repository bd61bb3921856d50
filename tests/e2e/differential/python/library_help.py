import pydoc

help(len)
print(pydoc.render_doc("keyword", renderer=pydoc.plaintext)[:100])
print(copyright)
