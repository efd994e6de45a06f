"""The agencies' schemes: one package per agency and version. Pure: no Django, no database.

`get` gives the version that an application pins, `current` the newest one of an agency,
`all_current` those of the chosen agencies. The setting SCHEMES chooses (`choose`, called when the
app starts); before that every agency that is here counts.
"""

import importlib
import re
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from applications.schemes.guide import Answer, Guide, Question, Result
from applications.schemes.letters import Letters, Provision
from applications.schemes.loader import load
from applications.schemes.model import (
    DECIDED,
    OPEN,
    ApplicationType,
    AttachmentKind,
    ChecklistItem,
    Condition,
    Field,
    Form,
    Option,
    Placeholder,
    Scheme,
    Section,
    Workflow,
)
from applications.schemes.reader import BadScheme
from applications.schemes.text import Text

__all__ = [
    "DECIDED",
    "OPEN",
    "Answer",
    "ApplicationType",
    "AttachmentKind",
    "BadScheme",
    "ChecklistItem",
    "Condition",
    "Field",
    "Form",
    "Guide",
    "Letters",
    "Option",
    "Placeholder",
    "Provision",
    "Question",
    "Result",
    "Scheme",
    "Section",
    "Text",
    "Workflow",
    "all_current",
    "beside",
    "choose",
    "chosen",
    "current",
    "errors",
    "get",
    "install",
    "uninstall",
]

VERSION_FOLDER = re.compile(r"v\d+(_\d+)*")
_chosen: list[str] = []


def choose(agencies: Iterable[str]) -> None:
    """The agencies that the portal serves, by the names of their folders, in this order."""
    _chosen[:] = [agency.lower() for agency in agencies]


def chosen() -> list[str]:
    """The folder names of the agencies that the portal serves; all that are here by default."""
    return list(_chosen) or sorted(
        {
            path.parents[1].name
            for folder in __path__
            for path in Path(folder).glob("*/v*/agency.toml")
        }
    )


def install(folder: Path) -> None:
    """Adds a folder of agencies (<agency>/<version>/…) to those that are here.

    Their packages are imported as applications.schemes.<agency>.<version>, as if they were here.
    """
    __path__.append(str(folder))
    _forget()


def uninstall(folder: Path) -> None:
    """Takes a folder out again, with everything that was loaded from it."""
    if str(folder) in __path__:
        __path__.remove(str(folder))
    for agency in (path.name for path in folder.iterdir()):
        for name in list(sys.modules):
            if name == f"{__name__}.{agency}" or name.startswith(f"{__name__}.{agency}."):
                del sys.modules[name]
        globals().pop(agency, None)
    _forget()


def _forget() -> None:
    _load.cache_clear()
    _folder.cache_clear()
    importlib.invalidate_caches()


@cache
def _folder(agency: str) -> Path:
    for folder in __path__:
        if any(Path(folder, agency).glob("v*/agency.toml")):
            return Path(folder, agency)
    raise KeyError(agency)


def beside(agency: str, name: str) -> Path | None:
    """A file that lies in the agency's folder beside its versions (such as `catalogue.csv`), None
    when there is none. Raises KeyError for an agency that is not here."""
    path = _folder(agency.lower()) / name
    return path if path.is_file() else None


def _versions(agency: str) -> list[str]:
    """The versions of an agency, oldest first: folder v2026_1 is version 2026-1."""
    names = [path.name for path in _folder(agency).iterdir()]
    found = [name[1:] for name in names if VERSION_FOLDER.fullmatch(name)]
    ordered = sorted(found, key=lambda version: [int(part) for part in version.split("_")])
    return [version.replace("_", "-") for version in ordered]


@cache
def _load(agency: str, version: str) -> Scheme:
    name = f"v{version.replace('-', '_')}"
    folder = _folder(agency) / name
    if not VERSION_FOLDER.fullmatch(name) or not folder.is_dir():
        raise KeyError(f"{agency} {version}")
    scheme = load(folder, f"{__name__}.{agency}.{name}")
    if (scheme.agency.lower(), scheme.version) != (agency, version):
        said = f"{scheme.agency} {scheme.version}"
        raise BadScheme(f"{agency}/{name}", [f"agency.toml says that it is {said}"])
    return scheme


def get(agency: str, version: str) -> Scheme:
    """The scheme of `agency` ("SSB") in `version` ("2026-1").

    Raises KeyError for one that is not here, BadScheme for one that has errors.
    """
    return _load(agency.lower(), version)


def current(agency: str) -> Scheme:
    """The newest scheme of `agency`. Raises KeyError for an agency that is not here, BadScheme."""
    return _load(agency.lower(), _versions(agency.lower())[-1])


def all_current() -> list[Scheme]:
    """The newest scheme of every agency that the portal serves, in the order of the setting."""
    return [current(agency) for agency in chosen()]


def errors() -> list[str]:
    """Everything that is wrong with any version of any served agency, for `manage.py check`."""
    found = []
    for agency in chosen():
        try:
            versions = _versions(agency)
        except KeyError:
            found.append(f"{agency}: there is no such scheme")
            continue
        for version in versions:
            try:
                _load(agency, version)
            except BadScheme as bad:
                found += [f"{agency} {version}: {error}" for error in bad.errors]
    return found
