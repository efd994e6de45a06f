"""Three roles of the database: who owns the tables, who runs the portal, who does its work.

The owner brings the database up to date and nothing else. The app (web, beat) and the worker read
and write rows; they own no table, so they can switch no trigger off and drop nothing; and what is
only ever added to (the event log and its checkpoints) they cannot change, whatever the triggers.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from psycopg2 import sql

# Tables that are only ever added to have a trigger of this name, whichever app they belong to.
APPEND_ONLY = """
SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND t.tgname = 'append_only' ORDER BY c.relname
"""
SIGNED = ("events_checkpoint", "events_checkpointhead")  # only the worker adds to these
READ_ONLY = ("django_migrations",)
ATTRIBUTES = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
# The driver puts values into statements: a failed one would write them to the database's log.
QUIET = {"log_min_error_statement": "panic", "log_error_verbosity": "terse"}


@dataclass(frozen=True)
class Roles:
    """The names of the three roles."""

    owner: str = "tilgang_owner"
    app: str = "tilgang_app"
    worker: str = "tilgang_worker"


class NotAllowed(Exception):
    """Who is connected may not do this. The message says who must."""


def set_up(names: Roles, passwords: dict[str, str]) -> list[str]:
    """Makes the roles when connected as the administrator of the database, and gives them what
    they need, as administrator or as owner. Can be run again and again. Returns what was done.

    `passwords`: by role name; a role without one keeps what it has. Raises NotAllowed.
    """
    done = []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolname FROM pg_roles WHERE rolname = current_user")
        administrator, me = cursor.fetchone()
        if administrator:
            _make(cursor, names, passwords)
            _hand_over(cursor, names.owner)
            done.append("roles made, and everything given to the owner")
        elif me != names.owner:
            raise NotAllowed(
                f"connect as an administrator of the database, or as {names.owner}: this is {me}"
            )
        _grant(cursor, names)
        done.append("rights given to the roles of app and worker")
    return done


def _make(cursor: Any, names: Roles, passwords: dict[str, str]) -> None:
    for name in (names.owner, names.app, names.worker):
        role = sql.Identifier(name)
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
        if cursor.fetchone() is None:
            cursor.execute(sql.SQL("CREATE ROLE {}").format(role))
        cursor.execute(sql.SQL("ALTER ROLE {} WITH " + ATTRIBUTES).format(role))
        if passwords.get(name):
            word = sql.Literal(passwords[name])
            cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(role, word))
        for setting, value in QUIET.items():
            change = sql.SQL("ALTER ROLE {} SET {} = {}")
            cursor.execute(change.format(role, sql.Identifier(setting), sql.Literal(value)))


# What belongs to the schema and to no extension, with the word that ALTER calls it by.
OWNED = """
SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW'
                      WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END,
       format('%%I.%%I', n.nspname, c.relname)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid
                  AND (d.deptype = 'e' OR (c.relkind = 'S' AND d.deptype IN ('a', 'i'))))
UNION ALL
SELECT 'ROUTINE', p.oid::regprocedure::text
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = 'public'
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""


def _hand_over(cursor: Any, owner: str) -> None:
    to = sql.Identifier(owner)
    name = sql.Identifier(connection.settings_dict["NAME"])
    cursor.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(name, to))
    cursor.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(to))
    cursor.execute(OWNED, [])
    for kind, what in cursor.fetchall():
        change = sql.SQL("ALTER " + kind + " " + what + " OWNER TO {}")
        cursor.execute(change.format(to))


def _grant(cursor: Any, names: Roles) -> None:
    owner = sql.Identifier(names.owner)
    name = sql.Identifier(connection.settings_dict["NAME"])
    cursor.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    cursor.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    # What a later migration makes is theirs to use as well.
    ours = sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA public ").format(owner)
    for each in (names.app, names.worker):
        to = sql.Identifier(each)
        cursor.execute(sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(name, to))
        cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(to))
        for rights, kind in (
            ("SELECT, INSERT, UPDATE, DELETE", "TABLES"),
            ("USAGE, SELECT", "SEQUENCES"),
        ):
            grant = f"GRANT {rights} ON {{}}{kind} {{}} TO {{}}"
            here = sql.SQL(grant).format(sql.SQL("ALL "), sql.SQL("IN SCHEMA public"), to)
            cursor.execute(here)
            cursor.execute(ours + sql.SQL(grant).format(sql.SQL(""), sql.SQL(""), to))
        taken = [(append_only(cursor), "UPDATE, DELETE"), (READ_ONLY, "INSERT, UPDATE, DELETE")]
        if each == names.app:
            taken.append((SIGNED, "INSERT"))
        for tables, rights in taken:
            for table in tables:
                cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [f"public.{table}"])
                if cursor.fetchone()[0]:
                    revoke = sql.SQL("REVOKE " + rights + " ON {} FROM {}")
                    cursor.execute(revoke.format(sql.Identifier("public", table), to))


def append_only(cursor: Any) -> tuple[str, ...]:
    """The tables that nobody changes once they are written."""
    cursor.execute(APPEND_ONLY)
    return tuple(row[0] for row in cursor.fetchall())


def too_much() -> list[str]:
    """What the connected role may do and must not, each as the end of a sentence."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolcreaterole, rolbypassrls, rolreplication FROM pg_roles"
            " WHERE rolname = current_user"
        )
        words = ("is a superuser", "makes roles", "goes past row security", "replicates")
        found += [word for word, is_so in zip(words, cursor.fetchone(), strict=True) if is_so]
        cursor.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')"
            " AND pg_has_role(current_user, c.relowner, 'MEMBER')"
        )
        if count := cursor.fetchone()[0]:
            found.append(f"owns {count} tables, or may become their owner: it can disable triggers")
        for table in append_only(cursor):
            rights = "UPDATE, DELETE, TRUNCATE"
            cursor.execute("SELECT has_table_privilege(%s, %s)", [f"public.{table}", rights])
            if cursor.fetchone()[0]:
                found.append(f"can change what was written to {table}")
        cursor.execute("SELECT has_schema_privilege('public', 'CREATE')")
        if cursor.fetchone()[0]:
            found.append("can make tables")
    return found


def writes_values_to_the_log() -> bool:
    """Whether a statement that fails is written to the database's log."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW log_min_error_statement")
        return cursor.fetchone()[0] != QUIET["log_min_error_statement"]
