"""Every setting that the environment can give is told to who runs the portal."""

import ast
from pathlib import Path

from portal.settings.environment import REQUIRED

ROOT = Path(__file__).resolve().parents[2]
READERS = [
    *(ROOT / "portal" / "settings" / name for name in ("base.py", "accounts.py", "production.py")),
    ROOT / "portal" / "gunicorn.py",
]


def read_from_the_environment() -> set[str]:
    """The names that the settings of production and gunicorn look up in the environment."""
    found = set()
    for path in READERS:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and node.args:
                asks = ast.unparse(node.func).split(".")[0:2]
                name = node.args[0]
                known = asks[0] in ("env", "os") and isinstance(name, ast.Constant)
                if known and str(name.value).isupper():
                    found.add(str(name.value))
    return found


def test_the_page_on_running_the_portal_names_every_setting_or_the_refusal_does() -> None:
    page = (ROOT / "docs" / "operations.md").read_text()
    names = read_from_the_environment()
    assert {"SECRET_KEY", "S3_REGION", "BIND", "TIME_ZONE"} <= names
    assert {name for name in names if f"`{name}`" not in page and name not in REQUIRED} == set()
