"""Which providers people may sign in through, and which level of assurance each role needs.

Read once, when the settings load, from the TOML file that SIGN_IN_FILE names (docs/sign-in.md).
Pure: it needs neither models nor a database. Secrets come from the environment or from files of
their own, never from this file.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PRESETS = Path(__file__).with_name("presets.toml")
LANGUAGES = ("en", "nb", "nn", "da", "sv")
STAFF = ("case_officer", "reviewer", "lawyer", "decision_maker", "agency_admin", "auditor")
# What the protocol decides itself; an operator's `parameters` may not replace it.
OURS = frozenset(
    [
        "client_id",
        "redirect_uri",
        "response_type",
        "response_mode",
        "scope",
        "state",
        "nonce",
        "code_challenge",
        "code_challenge_method",
        "prompt",
        "max_age",
        "request",
        "request_uri",
    ]
)


class BadSignIn(ValueError):
    """The file of providers is wrong; the text names everything that is."""


class Level(IntEnum):
    """Levels of assurance as eIDAS names them, lowest first."""

    NONE = 0
    LOW = 1
    SUBSTANTIAL = 2
    HIGH = 3


LEVELS = {level.name.lower(): level for level in Level if level}


@dataclass(frozen=True)
class Provider:
    """One OpenID Connect provider.

    `levels`: value of `level_claim` -> level. `assumed`: the level of a sign-in whose claim is
    missing or unknown; None refuses it. `ask`: level -> parameters that ask for it. `sign_in`
    False: only for linking. `fresh`: tells `auth_time` and heeds prompt=login. `orcid`: its
    subject is the person's ORCID iD.
    """

    id: str
    names: Mapping[str, str]
    issuer: str
    client_id: str
    secret: str = field(repr=False)
    scopes: tuple[str, ...] = ("openid",)
    level_claim: str = "acr"
    levels: Mapping[str, Level] = field(default_factory=dict)
    assumed: Level | None = None
    ask: Mapping[Level, Mapping[str, str]] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    sign_in: bool = True
    fresh: bool = True
    orcid: bool = False

    def name(self, language: str) -> str:
        """What the button says, in `language`, else English."""
        return self.names.get(language) or self.names["en"]

    @property
    def highest(self) -> Level:
        """The highest level that a sign-in here can have."""
        return max([*self.levels.values(), self.assumed or Level.NONE])

    def asking(self, level: Level) -> dict[str, str]:
        """The parameters that ask for at least `level`: those of the lowest that is enough."""
        fitting = [named for named in sorted(self.ask) if named >= level]
        return dict(self.ask[fitting[0]]) if fitting else {}


@dataclass(frozen=True)
class SignIn:
    """All of it. Without a file: no provider, and the portal's own second factor is enough."""

    providers: tuple[Provider, ...] = ()
    required: Mapping[str, Level] = field(default_factory=dict)
    password: Level = Level.LOW
    second_factor: Level = Level.HIGH

    def provider(self, provider_id: str) -> Provider | None:
        """The provider of this id, or None."""
        return next((p for p in self.providers if p.id == provider_id), None)

    @property
    def highest_needed(self) -> Level:
        """The level at which no role is out of reach."""
        return max(self.level_for(role) for role in ("applicant", *STAFF))

    def level_for(self, role: str) -> Level:
        """The level that a role (of staff, or "applicant") needs."""
        if role == "applicant":
            return self.required.get(role, Level.LOW)
        return self.required.get(role) or self.required.get("staff") or Level.HIGH


def read(path: str | Path, environment: Mapping[str, str], local: bool = False) -> SignIn:
    """What the file says. `local` allows http to this machine (demo and tests).

    Raises BadSignIn with every fault at once, or when the file cannot be read.
    """
    try:
        tree = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as trouble:
        raise BadSignIn(f"{path}: {trouble}") from trouble
    return understand(tree, environment, local, str(path))


def understand(
    tree: Mapping[str, Any], environment: Mapping[str, str], local: bool = False, path: str = ""
) -> SignIn:
    """The same for a parsed file."""
    faults: list[str] = []
    _unknown(tree, {"providers", "levels", "own"}, "", faults)
    required = _required(_table(tree, "levels", "", faults), faults)
    own = _table(tree, "own", "", faults)
    _unknown(own, {"password", "second_factor"}, "own.", faults)
    providers = _providers(tree.get("providers", []), environment, local, faults)
    password = _level(own.get("password", "low"), "own.password", faults)
    second = _level(own.get("second_factor", "high"), "own.second_factor", faults)
    if password > second:
        faults.append("own.password: above own.second_factor")
    if faults:
        raise BadSignIn("\n".join(f"{path}: {fault}" for fault in faults))
    return SignIn(tuple(providers), required, password, second)


# -- parts ---------------------------------------------------------------------------------------
def _table(tree: Mapping, key: str, at: str, faults: list[str]) -> dict:
    found = tree.get(key, {})
    if isinstance(found, dict):
        return found
    faults.append(f"{at}{key}: must be a table")
    return {}


def _unknown(tree: Mapping, known: set[str], at: str, faults: list[str]) -> None:
    faults.extend(f"{at}{key}: there is no such setting" for key in tree if key not in known)


def _level(value: Any, at: str, faults: list[str]) -> Level:
    if isinstance(value, str) and value in LEVELS:
        return LEVELS[value]
    faults.append(f"{at}: {value!r} is no level; the levels are {', '.join(LEVELS)}")
    return Level.LOW


def _required(tree: dict, faults: list[str]) -> dict[str, Level]:
    _unknown(tree, {"applicant", "staff", *STAFF}, "levels.", faults)
    return {role: _level(value, f"levels.{role}", faults) for role, value in tree.items()}


def _providers(
    given: Any, environment: Mapping[str, str], local: bool, faults: list[str]
) -> list[Provider]:
    if not isinstance(given, list) or not all(isinstance(entry, dict) for entry in given):
        faults.append("providers: must be a list of tables, [[providers]]")
        return []
    presets = tomllib.loads(PRESETS.read_text(encoding="utf-8"))
    found: list[Provider] = []
    for number, entry in enumerate(given, 1):
        preset = entry.get("preset")
        if preset is not None and preset not in presets:
            faults.append(
                f"providers[{number}].preset: {preset!r} is not one of {', '.join(presets)}"
            )
            continue
        merged = {**(presets[preset] if preset else {}), **entry}
        merged.setdefault("id", preset or "")
        at = f"providers[{number}] ({merged['id'] or 'no id'})."
        before = len(faults)
        made = _provider(merged, at, environment, local, faults)
        if made is None or len(faults) > before:
            continue
        if any(made.id == other.id for other in found):
            faults.append(f"{at}id: named twice")
        if any(made.issuer == other.issuer for other in found):
            faults.append(f"{at}issuer: another provider has it already")
        found.append(made)
    return found


SETTINGS = {
    "preset", "id", "name", "issuer", "client_id", "client_id_env", "secret_env", "secret_file",
    "scopes", "level_claim", "levels", "assumed", "ask", "parameters", "sign_in", "fresh", "orcid",
}  # fmt: skip


def _provider(
    tree: dict, at: str, environment: Mapping[str, str], local: bool, faults: list[str]
) -> Provider | None:
    _unknown(tree, SETTINGS, at, faults)
    identifier = tree["id"]
    if not isinstance(identifier, str) or not re.fullmatch(r"[a-z][a-z0-9-]{1,39}", identifier):
        faults.append(f"{at}id: small letters, digits and hyphens, beginning with a letter")
    names = _texts(tree.get("name", {}), f"{at}name", faults)
    if "en" not in names:
        faults.append(f"{at}name.en: is missing; what the button says")
    if missing := sorted(set(names) - set(LANGUAGES)):
        faults.append(f"{at}name: no such language: {', '.join(missing)}")
    for flag in ("sign_in", "fresh", "orcid"):
        if not isinstance(tree.get(flag, True), bool):
            faults.append(f"{at}{flag}: true or false")
    scopes = tree.get("scopes", ["openid"])
    if not isinstance(scopes, list) or not all(isinstance(s, str) for s in scopes):
        faults.append(f"{at}scopes: must be a list of texts")
        scopes = []
    elif "openid" not in scopes:
        faults.append(f"{at}scopes: must hold openid")
    levels, assumed, ask = _levels_of(tree, at, faults)
    parameters = _texts(tree.get("parameters", {}), f"{at}parameters", faults)
    for sent, where in ((parameters, "parameters"), *((a, "ask") for a in ask.values())):
        faults.extend(f"{at}{where}: {key} is set by the portal" for key in sent if key in OURS)
    issuer = _issuer(tree.get("issuer"), f"{at}issuer", local, faults)
    client_id = _client_id(tree, at, environment, faults)
    secret = _secret(tree, at, environment, faults)
    return Provider(
        str(identifier), names, issuer, client_id, secret, tuple(scopes),
        str(tree.get("level_claim", "acr")), levels, assumed, ask, parameters,
        bool(tree.get("sign_in", True)), bool(tree.get("fresh", True)), bool(tree.get("orcid")),
    )  # fmt: skip


def _levels_of(
    tree: dict, at: str, faults: list[str]
) -> tuple[dict[str, Level], Level | None, dict[Level, dict[str, str]]]:
    levels = {
        value: _level(level, f"{at}levels.{value!r}", faults)
        for value, level in _table(tree, "levels", at, faults).items()
    }
    assumed = None
    if "assumed" in tree:
        assumed = _level(tree["assumed"], f"{at}assumed", faults)
    if not levels and assumed is None:
        faults.append(
            f"{at}levels: say which value of the claim is which level, "
            "or by `assumed` which level every sign-in has"
        )
    ask: dict[Level, dict[str, str]] = {}
    for name, sent in _table(tree, "ask", at, faults).items():
        level = _level(name, f"{at}ask.{name}", faults)
        ask[level] = _texts(sent, f"{at}ask.{name}", faults)
    return levels, assumed, ask


def _texts(value: Any, at: str, faults: list[str]) -> dict[str, str]:
    if isinstance(value, dict) and all(isinstance(v, str) and v for v in value.values()):
        return dict(value)
    faults.append(f"{at}: must be a table of texts")
    return {}


def _issuer(value: Any, at: str, local: bool, faults: list[str]) -> str:
    if not isinstance(value, str) or not value:
        faults.append(f"{at}: is missing")
        return ""
    parts = urlsplit(value)
    near = local and parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1")
    if (parts.scheme != "https" and not near) or not parts.hostname:
        faults.append(f"{at}: must begin with https://")
    elif parts.query or parts.fragment or parts.username:
        faults.append(f"{at}: must hold neither a query nor a fragment nor a name")
    return value


def _client_id(tree: dict, at: str, environment: Mapping[str, str], faults: list[str]) -> str:
    named = tree.get("client_id_env")
    found = environment.get(str(named), "") if named else tree.get("client_id", "")
    if not isinstance(found, str) or not found:
        where = f"the environment has no {named}" if named else "client_id is missing"
        faults.append(f"{at}client_id: {where}")
        return ""
    return found


def _secret(tree: dict, at: str, environment: Mapping[str, str], faults: list[str]) -> str:
    if name := tree.get("secret_env"):
        found, where = environment.get(str(name), ""), f"the environment has no {name}"
    elif path := tree.get("secret_file"):
        try:
            found = Path(str(path)).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            found = ""
        where = f"{path} cannot be read or is empty"
    else:
        found, where = "", "name it by secret_env or secret_file"
    if not found:
        faults.append(f"{at}secret: {where}")
    return found
