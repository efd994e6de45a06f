"""A program for the child process that does what a hostile file might make a reader do."""

import os
import resource
import sys
import time


def _write(file):
    try:
        with open("/tmp/left-behind-by-a-child", "w") as out:
            out.write("x")
    finally:
        os.unlink("/tmp/left-behind-by-a-child")


def _shout(file):
    while True:
        sys.stdout.write("x" * 1_000_000)


def _work(file):
    while True:
        pass


DEEDS = {
    "see": lambda file: {
        "environment": dict(os.environ),
        "open": sorted(int(n) for n in os.listdir("/dev/fd")),
        "modules": sorted(sys.modules),
        "folder": os.getcwd(),
        "processes": resource.getrlimit(resource.RLIMIT_NPROC),
        "size": len(file.read()),
    },
    "write": _write,
    "fill": lambda file: len(bytearray(300 * 1024 * 1024)),
    "work": _work,
    "sleep": lambda file: time.sleep(600),
    "shout": _shout,
    "die": lambda file: os.abort(),
    "nothing": lambda file: iter(()),
}


def examine(file, arguments):
    return DEEDS[arguments["do"]](file)
