import glob
import os
import pathlib
import shutil

path = pathlib.Path("a/b")
path.mkdir(parents=True)
(path / "file.txt").write_text("content")
print(glob.glob("**/*.txt", recursive=True), path.resolve(), pathlib.Path.home(), pathlib.Path.cwd())
shutil.copytree("a", "copy")
print(sorted(str(p) for p in pathlib.Path(".").rglob("*")))
print(shutil.which("python3"), shutil.which("gcc"), shutil.get_terminal_size())
shutil.rmtree("a")
os.symlink("main.py", "link")
print(os.path.realpath("link"), os.path.islink("link"))
