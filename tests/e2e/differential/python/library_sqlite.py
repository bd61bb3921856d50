import sqlite3

with sqlite3.connect(":memory:") as base:
    base.execute("create table t (a integer, b text)")
    base.executemany("insert into t values (?, ?)", [(n, f"row {n}") for n in range(5)])
    print(base.execute("select sum(a), group_concat(b) from t").fetchall())
with sqlite3.connect("file.db") as base:
    base.execute("create table u (x)")
print(open("file.db", "rb").read(16), sqlite3.sqlite_version)
