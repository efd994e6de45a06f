"""Has the file of an application taken apart by a child process."""

from pathlib import Path
from typing import IO

from applications.exchange.parsing import Fault, Parsed
from portal.files import apart

PARSING = apart.Program(Path(__file__).parent, "parsing")


def opened(file: IO[bytes]) -> Parsed:
    """What the file holds; `fault` says why that cannot be told."""
    try:
        return Parsed.from_json(apart.ask(PARSING, file, {})[0])
    except apart.Trap:
        return Parsed(fault=Fault("trap"))
    except apart.Busy:
        return Parsed(fault=Fault("busy"))
