"""What an unprivileged user does while root works in folders of theirs. Each kind runs until it is ended, and then says how often it did what."""

import collections
import ctypes
import datetime
import os
import signal
import stat
import struct
import sys
import time

libc = ctypes.CDLL("libc.so.6", use_errno=True)
done = collections.Counter()


def attempt(what, action, *args):
    try:
        result = action(*args)
        done[what] += 1
        return result
    except OSError:
        done[f"no {what}"] += 1
        return None


def exchange(one, other):
    if libc.renameat2(-100, one.encode(), -100, other.encode(), 2) != 0:
        raise OSError(ctypes.get_errno(), "renameat2")


def swap(pairs):
    """NAME=TARGET: the name is now what it was, now a link to the target, thousands of times a second."""
    pairs = [pair.split("=", 1) for pair in pairs]
    while True:
        for name, target in pairs:
            folder, base = os.path.split(name)
            other = f"{folder}/.other-{base}"
            if not os.path.islink(name) and not os.path.islink(other):
                try:
                    os.unlink(other)
                except OSError:
                    pass
                attempt("prepared", os.symlink, target, other)
            attempt("swapped", exchange, name, other)
        time.sleep(0.0002)


def created(folders):
    """The names that come up in the folders, as soon as inotify tells them."""
    fd = libc.inotify_init1(0)
    watches = {libc.inotify_add_watch(fd, folder.encode(), 0x180): folder for folder in folders}
    while True:
        events = os.read(fd, 65536)
        at = 0
        while at < len(events):
            watch, _mask, _cookie, length = struct.unpack_from("iIII", events, at)
            name = events[at + 16 : at + 16 + length].rstrip(b"\0").decode(errors="surrogateescape")
            at += 16 + length
            yield f"{watches[watch]}/{name}"


def temp(args):
    """Root's temporary files and folders give way to links, and what is in them is linked, opened and exchanged."""
    victim, *folders = args
    for path in created(folders):
        if "tkplay" not in path or path.endswith("~taken"):
            continue
        for inner in ("new", "old", "copy"):
            attempt("reached inside", os.rename, f"{path}/{inner}", f"{path}/{inner}~taken")
            attempt("linked inside", os.symlink, victim, f"{path}/{inner}")
        if attempt("took away", os.rename, path, f"{path}~taken") is None:
            continue
        attempt("put a link", os.symlink, victim if not os.path.isdir(f"{path}~taken") else os.path.dirname(victim), path)


def backups(args):
    """NAME…: links stand where the backups of the next seconds would come."""
    victim, *names = args
    while True:
        now = datetime.datetime.now()
        for ahead in range(90):
            stamp = (now + datetime.timedelta(seconds=ahead)).strftime("%Y-%m-%d@%H:%M:%S")
            for name in names:
                for tail in ("~", ".2~", ".3~"):
                    link = f"{name}.{stamp}{tail}"
                    if not os.path.lexists(link):
                        attempt("prepared", os.symlink, victim, link)
        signal.sigtimedwait([signal.SIGTERM], 0.2) and end()


def watch(folders):
    """Reads and opens for writing whatever comes up in the folders, for as long as it is let."""
    while True:
        for folder in folders:
            try:
                entries = list(os.scandir(folder))
            except OSError:
                continue
            for entry in entries:
                done["looked"] += 1
                for what, flags in (("read", os.O_RDONLY), ("written", os.O_WRONLY)):
                    try:
                        fd = os.open(entry.path, flags | os.O_NONBLOCK | os.O_NOFOLLOW)
                    except OSError:
                        continue
                    if what == "written" or (stat.S_ISREG(os.fstat(fd).st_mode) and b"TOPSECRET" in os.read(fd, 4096)):
                        done[what] += 1
                    os.close(fd)


def end(*_):
    print(" ".join(f"{what}={count}" for what, count in sorted(done.items())), flush=True)
    os._exit(0)


signal.signal(signal.SIGTERM, end)
{"swap": swap, "temp": temp, "backups": backups, "watch": watch}[sys.argv[1]](sys.argv[2:])
