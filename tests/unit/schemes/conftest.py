"""Agencies from elsewhere, taken out again after each test."""

import sys

import pytest

from applications import schemes
from tests.unit.schemes.fourth import write


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Writes and installs the fourth agency, changed as asked; gives its folder."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    before = list(schemes._chosen)
    folders = []

    def install(changes=None):
        folder = write(tmp_path / f"agencies{len(folders)}", changes)
        schemes.install(folder)
        folders.append(folder)
        return folder

    yield install
    schemes.choose(before)
    for folder in folders:
        schemes.uninstall(folder)
