import ast
from pathlib import Path

import decisions.letters

# What letters may use of the portal: the clock, how strangers' files are opened, drawing, colours, and the schemes (pure).
ALLOWED = (
    "portal.clock",
    "portal.files",
    "portal.files.apart",
    "portal.pdf",
    "portal.pdf.printable",
    "portal.pdf.volumes",
    "portal.ui.themes",
    "applications.schemes",
)
OURS = ("portal", "institutions", "catalogue", "applications", "decisions")


def test_letters_use_no_model_no_view_and_no_case() -> None:
    folder = Path(decisions.letters.__file__).parent
    used = {
        name
        for path in folder.rglob("*.py")
        for name in _imports(ast.parse(path.read_text(encoding="utf-8")))
        if name.split(".")[0] in OURS
    }
    assert used
    assert used - set(ALLOWED) == set()


def _imports(tree: ast.AST) -> list[str]:
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            whole = node.module in OURS  # from portal import clock
            names += [f"{node.module}.{a.name}" if whole else str(node.module) for a in node.names]
    return names
