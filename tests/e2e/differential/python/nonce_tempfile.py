import os
import tempfile

print(tempfile.gettempdir(), tempfile.gettempprefix(), tempfile.tempdir)
with tempfile.NamedTemporaryFile() as file:
    print("nonce file", file.name)
    print(os.path.dirname(file.name), oct(os.stat(file.name).st_mode & 0o777))
with tempfile.TemporaryDirectory() as folder:
    print("nonce folder", folder)
    print(os.listdir(folder), oct(os.stat(folder).st_mode & 0o777))
print("nonce name", next(tempfile._get_candidate_names()))
print(os.listdir("/tmp"))
