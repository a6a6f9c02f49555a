#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Copies of the database of the collector, and the one lock that all of its names lead to."""
import fcntl
import json
import os
import re
import signal
import sqlite3
import stat

from cli import Skip, main
from test_collect import CONFIG, Collector, expect, lines, record, taken

STORE_FILES = ["c.db-wal", "c.db-shm", "c.db-journal", "c.db.lock", "c.db.part"]


def collect(place, *arguments, config="c.json"):
    return place.run("collect", "--config", config, *arguments)


def refused(run, status, words):
    """It ends at once with one line."""
    run.expect(status, "")
    expect((words in run.err, run.err.count("\n"), run.err), (True, 1, run.err))


def configure(place, name, store):
    place.put(name, json.dumps({**CONFIG, "store": store}))
    return name


def test_backup_while_it_runs(place):
    with Collector(place) as collector:
        collector.post(lines(record(1), record(2)))
        for _ in range(2):  # a former copy is replaced
            run = place.run("collect", "--config", "c.json", "--backup", "copy.db")
            run.expect(0, "")
            expect(bool(re.fullmatch("blockwatch: copied [0-9.]+ MB to copy.db\n", run.err)), True)
        for path in "c.db", "./c.db", place.path("c.db"):
            run = place.run("collect", "--config", "c.json", "--backup", path)
            run.expect(64, "")
            expect((path + ": is the database itself" in run.err, run.err.count("\n")), (True, 1))
        expect(collector.post(lines(record(2))), taken(0, known=1, seq=2))
    rows = sqlite3.connect(place.path("copy.db")).execute("SELECT count(*) FROM record").fetchone()
    expect(rows, (2,))


def test_backup_to_what_cannot_be_written(place):
    with Collector(place):
        os.mkdir(place.path("dir"))
        for to, status, words in (
                (".", 64, ".: is a folder: give --backup a file"),
                ("dir", 64, "dir: is a folder: give --backup a file"),
                ("none/copy.db", 69, "none/copy.db.part: cannot be written: No such file or "
                                     "directory"),
                ("c.json/copy.db", 69, "c.json/copy.db.part: cannot be written: Not a directory")):
            run = place.run("collect", "--config", "c.json", "--backup", to)
            run.expect(status, "")
            expect((to, words in run.err, run.err.count("\n")), (to, True, 1))
    place.put("c.json", json.dumps({**CONFIG, "store": "sqlite:none.db"}))
    run = place.run("collect", "--config", "c.json", "--backup", "copy.db")
    run.expect(66, "")
    expect(("none.db: there is no such database" in run.err, os.path.exists(place.path("copy.db"))),
           (True, False))


def restored(place, name="copy.db"):
    return place.run("collect", "--config", "c.json", "--restore", name)


def test_a_backup_is_restored_after_a_crash(place):
    """The log of the database that was there must not be played into the copy."""
    with Collector(place) as collector:
        collector.post(lines(record(1), record(2)))
        place.run("collect", "--config", "c.json", "--backup", "copy.db").expect(0, "")
        for seq in range(3, 100):
            collector.post(lines(record(seq)))
        run = restored(place)
        run.expect(69, "")
        expect("another collector uses the database: end it first" in run.err, True)
        collector.end(signal.SIGKILL)
    expect(os.path.getsize(place.path("c.db-wal")) > 0, True)
    os.chmod(place.path("c.db"), 0o640)
    run = restored(place)
    run.expect(0, "")
    expect(bool(re.fullmatch("blockwatch: restored [0-9.]+ MB to c.db; the collector can be "
                             "started\n", run.err)), True)
    expect([name for name in sorted(os.listdir(place.folder)) if name.startswith("c.db")],
           ["c.db", "c.db.lock"])
    expect(os.stat(place.path("c.db")).st_mode & 0o777, 0o640)
    with Collector(place) as collector:
        expect(collector.post(lines(record(2), record(3))), taken(1, known=1, seq=3))
    rows = sqlite3.connect(place.path("c.db")).execute("SELECT count(*) FROM record").fetchone()
    expect(rows, (3,))
    for name in os.listdir(place.folder):  # and where no database is left
        if name.startswith("c.db"):
            os.remove(place.path(name))
    restored(place).expect(0, "")
    rows = sqlite3.connect(place.path("c.db")).execute("SELECT count(*) FROM record").fetchone()
    expect(rows, (2,))


def test_what_is_no_backup_is_not_restored(place):
    with Collector(place) as collector:
        collector.post(lines(*[record(n) for n in range(1, 200)]))
        place.run("collect", "--config", "c.json", "--backup", "copy.db").expect(0, "")
    before = open(place.path("c.db"), "rb").read()
    whole = open(place.path("copy.db"), "rb").read()
    with open(place.path("half.db"), "wb") as file:
        file.write(whole[:len(whole) // 2])
    (page, size), = sqlite3.connect(place.path("copy.db")).execute(
        "SELECT rootpage, page_size FROM sqlite_schema, pragma_page_size WHERE name = 'record'")
    with open(place.path("torn.db"), "wb") as file:
        file.write(whole[:(page - 1) * size] + b"\xff" * size + whole[page * size:])
    place.put("text.db", "no database\n")
    place.put("empty.db", "")
    other = sqlite3.connect(place.path("other.db"))
    other.execute("CREATE TABLE record (a)")
    other.execute("PRAGMA user_version = 3")
    other.close()
    later = sqlite3.connect(place.path("later.db"))
    later.execute("PRAGMA user_version = 1000")
    later.close()
    for name, status, words in (
            ("half.db", 65, "half.db: cannot be used as the collector's database: "),
            ("torn.db", 65, "torn.db: is damaged: use another copy"),
            ("text.db", 65, "text.db: cannot be used as the collector's database: file is not a "
                            "database"),
            ("empty.db", 65, "empty.db: is not the database of a collector"),
            ("other.db", 65, "other.db: is not the database of a collector"),
            ("later.db", 65, "later.db: is of schema version 1000"),
            ("none.db", 66, "none.db: there is no such database"),
            (".", 64, ".: is a folder: give --restore a file"),
            ("c.db", 64, "c.db: is the database itself: give --restore another file")):
        run = restored(place, name)
        run.expect(status, "")
        expect((name, words in run.err, run.err.count("\n")), (name, True, 1))
        expect(open(place.path("c.db"), "rb").read() == before, True)
    expect(os.path.exists(place.path("c.db.part")), False)
    for both in (("--restore", "a", "--backup", "b"), ("--check-config", "--restore", "copy.db"),
                 ("--check-config", "--backup", "b")):
        run = place.run("collect", "--config", "c.json", *both)
        run.expect(64, "", "blockwatch: collect: give one of --check-config, --backup and "
                           "--restore\n")


def test_a_restored_database_keeps_its_owner(place):
    if os.geteuid() != 0:
        return
    with Collector(place) as collector:
        collector.post(lines(record(1)))
        place.run("collect", "--config", "c.json", "--backup", "copy.db").expect(0, "")
    os.chown(place.path("c.db"), 65534, 65534)
    os.remove(place.path("c.db.lock"))
    restored(place).expect(0, "")
    for name in "c.db", "c.db.lock":
        expect((name, os.stat(place.path(name)).st_uid), (name, 65534))


def test_every_name_of_a_database_has_one_lock(place):
    other = place.put("elsewhere/none", "")[:-5]
    os.symlink("../c.db", place.path("elsewhere/alias.db"))
    os.symlink(place.path("elsewhere/alias.db"), place.path("far.db"))
    os.symlink(place.folder, place.path("folder"))
    with Collector(place) as collector:
        collector.post(lines(record(1)))
        collect(place, "--backup", "copy.db").expect(0, "")
        for name in "elsewhere/alias.db", "far.db", "folder/c.db", "./elsewhere/../c.db":
            config = configure(place, "c2.json", "sqlite:" + name)
            for arguments in ((), ("--restore", "copy.db")):
                refused(collect(place, *arguments, config=config), 69,
                        "another collector uses the database: end it first")
        expect(collector.post(lines(record(2))), taken(1, seq=2))
    expect([os.path.islink(place.path(name)) for name in ("elsewhere/alias.db", "far.db")],
           [True, True])
    expect(sorted(os.listdir(place.path(other))), ["alias.db", "none"])


def test_a_restore_goes_where_the_link_leads(place):
    with Collector(place) as collector:
        collector.post(lines(record(1)))
    collect(place, "--backup", "copy.db").expect(0, "")
    os.mkdir(place.path("data"))
    os.symlink("data/real.db", place.path("link.db"))
    config = configure(place, "c2.json", "sqlite:link.db")
    for _ in range(2):  # there is none yet, and there is one
        collect(place, "--restore", "copy.db", config=config).expect(0, "")
        expect(os.readlink(place.path("link.db")), "data/real.db")
        expect(sorted(os.listdir(place.path("data"))), ["real.db", "real.db.lock"])
    refused(collect(place, "--backup", "data/real.db", config=config), 64,
            "data/real.db: is the database itself: give --backup another file")
    with Collector(place, store="sqlite:link.db") as collector:
        expect(collector.post(lines(record(1), record(2))), taken(1, known=1, seq=2))
    expect(os.path.islink(place.path("link.db")), True)


def test_a_database_with_two_names_is_refused(place):
    """SQLite would keep a log beside each of them, and a lock would be beside each."""
    with Collector(place) as collector:
        collector.post(lines(record(1)))
        collect(place, "--backup", "copy.db").expect(0, "")
        os.link(place.path("c.db"), place.path("hard.db"))
        config = configure(place, "c2.json", "sqlite:hard.db")
        for arguments in ((), ("--restore", "copy.db"), ("--backup", "b.db"), ("--check-config",)):
            refused(collect(place, *arguments, config=config), 69,
                    "hard.db: cannot open the database: it has a second name (a hard link)")
        expect(collector.post(lines(record(2))), taken(1, seq=2))
    os.remove(place.path("hard.db"))
    collect(place, "--check-config").expect(0)
    os.link(place.path("copy.db"), place.path("kept.db"))  # a copy may have several
    collect(place, "--restore", "kept.db").expect(0, "")


def test_what_is_no_file_is_no_database(place):
    for name in "fra1.token", "sgp1.token":
        os.chmod(place.path(place.put(name, "0123456789abcdef-" + name)), 0o600)
    os.mkfifo(place.path("pipe"))
    os.symlink("loop.db", place.path("loop.db"))
    for name, words in (("pipe", "pipe: cannot open the database: it is no regular file"),
                        ("loop.db", "loop.db: cannot open the database: Too many levels of "
                                    "symbolic links")):
        config = configure(place, "c.json", "sqlite:" + name)
        for arguments in ((), ("--check-config",), ("--backup", "b.db")):
            refused(collect(place, *arguments, config=config), 69, words)
    configure(place, "c.json", "sqlite::memory:")  # to SQLite no file
    collect(place, "--check-config").expect(0)
    refused(collect(place, "--backup", "b.db"), 66, ":memory:: there is no such database")


def test_a_backup_replaces_no_file_in_use(place):
    place.put("hook.secret", "0123456789abcdef-hook\n")
    os.chmod(place.path("hook.secret"), 0o600)
    hook = {"url": "http://127.0.0.1:9/", "secret_file": "hook.secret"}
    os.mkdir(place.path("sub"))
    with Collector(place, webhooks=[hook]) as collector:
        collector.post(lines(record(1)))
        configure(place, "b.part", "sqlite:c.db")
        before = {name: open(place.path(name), "rb").read() for name in os.listdir(place.folder)
                  if os.path.isfile(place.path(name))}
        for name, words in (
                *[(name, "belongs to the database") for name in STORE_FILES],
                ("sub/../c.db-wal", "belongs to the database"),
                ("c.json", "is the configuration"),
                ("fra1.token", "is the token of a vantage"),
                ("sgp1.token", "is the token of a vantage"),
                ("hook.secret", "is the secret of a webhook")):
            refused(collect(place, "--backup", name), 64,
                    f"{name}: {words}: give --backup another file")
        refused(collect(place, "--backup", "b", config="b.part"), 64,
                "b.part: is the configuration, and --backup b would replace it: give another file")
        for name in STORE_FILES:
            refused(collect(place, "--restore", name), 64,
                    f"{name}: belongs to the database: give --restore another file")
        expect({name: open(place.path(name), "rb").read() for name in before}, before)
        expect(collector.post(lines(record(2))), taken(1, seq=2))


def test_a_backup_replaces_files_alone(place):
    os.mkfifo(place.path("pipe"))
    with Collector(place) as collector:
        collector.post(lines(record(1)))
        place.put("target.db", "x")
        os.symlink("target.db", place.path("link.db"))
        for option in "--backup", "--restore":
            refused(collect(place, option, "pipe"), 64,
                    f"pipe: is no regular file: give {option} a file")
        refused(collect(place, "--backup", "link.db"), 64,
                "link.db: is a symbolic link: give --backup a file")
        expect((stat.S_ISFIFO(os.stat(place.path("pipe")).st_mode), place.get("link.db"),
                os.path.islink(place.path("link.db"))), (True, "x", True))
        expect([name for name in os.listdir(place.folder) if name.endswith(".part")], [])


def test_a_backup_replaces_no_device(place):
    try:  # one of our own, of the number of /dev/null
        os.mknod(place.path("node"), stat.S_IFCHR | 0o600, os.makedev(1, 3))
    except PermissionError as error:
        raise Skip("needs the right to make device nodes") from error
    with Collector(place):
        for option in "--backup", "--restore":
            refused(collect(place, option, "node"), 64,
                    f"node: is no regular file: give {option} a file")
        expect(stat.S_ISCHR(os.lstat(place.path("node")).st_mode), True)


def test_what_a_killed_copy_left_behind(place):
    place.put("c.db.part", "half of a restore")
    with Collector(place) as collector:
        expect(os.path.exists(place.path("c.db.part")), False)
        collector.post(lines(record(1)))
        place.put("copy.db.part", "half of a copy")
        collect(place, "--backup", "copy.db").expect(0, "")
        expect(os.path.exists(place.path("copy.db.part")), False)
    place.put("c.db.part", "half of a restore")
    collect(place, "--restore", "copy.db").expect(0, "")
    expect([name for name in sorted(os.listdir(place.folder)) if "part" in name], [])


def test_two_copies_to_one_file_are_not_mixed(place):
    with Collector(place):
        with open(place.path("copy.db.part"), "wb") as part:
            fcntl.flock(part, fcntl.LOCK_EX)  # as a copy does that is being made
            refused(collect(place, "--backup", "copy.db"), 69,
                    "copy.db: another copy to this file is made: wait for its end")
            expect(os.path.exists(place.path("copy.db.part")), True)
        collect(place, "--backup", "copy.db").expect(0, "")


if __name__ == "__main__":
    main([value for name, value in sorted(globals().items()) if name.startswith("test_")])
