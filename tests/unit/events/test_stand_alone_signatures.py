"""The stand-alone verifier checks Ed25519 by itself: it must agree with a library."""

import importlib.util
import random
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "verify_export.py"
ORDER = 2**252 + 27742317777372353535851937790883648493


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("verify_export", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _signed(seed):
    chance = random.Random(seed)
    key = Ed25519PrivateKey.from_private_bytes(chance.randbytes(32))
    message = chance.randbytes(chance.randrange(200))
    return key.public_key().public_bytes_raw().hex(), key.sign(message).hex(), message


@pytest.mark.parametrize("seed", range(8))
def test_a_signature_of_the_library_is_accepted_and_any_flipped_bit_is_not(script, seed):
    key, signature, message = _signed(seed)
    assert script.signature_fits(key, signature, message)
    assert not script.signature_fits(key, signature, message + b"\x00")
    chance = random.Random(seed)
    for _ in range(4):
        bit = 1 << chance.randrange(512)
        changed = (int(signature, 16) ^ bit).to_bytes(64, "big").hex()
        assert not script.signature_fits(key, changed, message)
    other, _, _ = _signed(seed + 100)
    assert not script.signature_fits(other, signature, message)


def test_a_signature_moved_by_the_order_of_the_group_is_refused(script):
    key, signature, message = _signed(1)
    number = int.from_bytes(bytes.fromhex(signature)[32:], "little") + ORDER
    moved = signature[:64] + number.to_bytes(32, "little").hex()
    assert not script.signature_fits(key, moved, message)


@pytest.mark.parametrize(
    ("key", "signature"),
    [
        ("", ""),
        ("zz", "zz"),
        ("00" * 31, "00" * 64),
        ("ff" * 32, "00" * 64),
        ("02" * 32, "ff" * 64),
    ],
)
def test_what_is_no_key_or_no_signature_is_refused_and_breaks_nothing(script, key, signature):
    assert script.signature_fits(key, signature, b"") is False


def test_the_script_imports_nothing_but_the_standard_library():
    import ast
    import sys

    tree = ast.parse(SCRIPT.read_text())
    names = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    names |= {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert names
    assert names <= sys.stdlib_module_names
