"""The demo's certificate authority: keys for a machine where no real letter is ever issued.

Made at first start in a folder of its own: a root, a key that signs decisions, a key that signs
acceptances, and a key that states the time. Every name says DEMO. The root's own key is thrown
away when all is made, so nobody can issue more with it.
"""

import os
import shutil
import tempfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from portal import clock

ROOT_NAME = "Tilgang DEMO root – not for real letters"
NAMES = {
    "decision": "Tilgang DEMO – not for real letters",
    "acceptance": "Tilgang DEMO acceptance – not for real letters",
    "time": "Tilgang DEMO time – not for real letters",
}
LIFETIME = timedelta(days=5 * 365)
# The demo's invented cases were decided in the months before the demo was first started.
BACKDATED = timedelta(days=5 * 365)
ROOT, CRL = "root.pem", "revoked.crl"


def demo_authority(folder: Path, lifetime: timedelta = LIFETIME) -> Path:
    """Make the demo authority in `folder` unless it is there; returns `folder`.

    All or nothing: everything is written beside the folder and moved in with one rename, so of two
    processes that start at once one wins and both use its keys. The folder is for this user only
    (mode 700, files 600). Raises OSError when the disk refuses.
    """
    if (folder / ROOT).exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, data in _make(lifetime).items():
            handle = os.open(draft / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                os.fsync(handle)
        try:
            os.rename(draft, folder)
        except OSError:
            if not (folder / ROOT).exists():
                raise  # not lost to another process: something else is in the way
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return folder


def demo_config(folder: Path) -> dict[str, object]:
    """The signing configuration of the demo (see signing.load_signer) over the keys in `folder`."""
    keys: Mapping[str, dict[str, str]] = {
        purpose: {"pkcs12": str(folder / f"{purpose}.p12"), "password": ""} for purpose in NAMES
    }
    return {
        "decision": {"*": keys["decision"]},
        "acceptance": {"*": keys["acceptance"]},
        "timestamps": keys["time"],
        "roots": [str(folder / ROOT)],
        "crls": [str(folder / CRL)],
    }


def _make(lifetime: timedelta) -> dict[str, bytes]:
    now = clock.now().replace(microsecond=0)
    start, end = now - BACKDATED, now + lifetime
    root_key = ec.generate_private_key(ec.SECP256R1())
    root = (
        _certificate(ROOT_NAME, root_key, start, end)
        .issuer_name(_name(ROOT_NAME))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(sign_certificates=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    files = {ROOT: root.public_bytes(Encoding.PEM), CRL: _revoked(root_key, start, end)}
    for purpose, name in NAMES.items():
        key = ec.generate_private_key(ec.SECP256R1())
        builder = (
            _certificate(name, key, start, end)
            .issuer_name(root.subject)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(sign_certificates=False), critical=True)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()),
                critical=False,
            )
        )
        if purpose == "time":
            only_time = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
            builder = builder.add_extension(only_time, critical=True)
        certificate = builder.sign(root_key, hashes.SHA256())
        files[f"{purpose}.p12"] = pkcs12.serialize_key_and_certificates(
            b"demo", key, certificate, [root], NoEncryption()
        )
    return files


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Tilgang DEMO"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _certificate(
    name: str, key: ec.EllipticCurvePrivateKey, start: datetime, end: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, sign_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not sign_certificates,
        content_commitment=not sign_certificates,
        key_cert_sign=sign_certificates,
        crl_sign=sign_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _revoked(root_key: ec.EllipticCurvePrivateKey, start: datetime, end: datetime) -> bytes:
    """The list of revoked certificates: empty, and good for as long as the root is."""
    return (
        x509.CertificateRevocationListBuilder()
        .issuer_name(_name(ROOT_NAME))
        .last_update(start)
        .next_update(end)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()),
            critical=False,
        )
        .add_extension(x509.CRLNumber(1), critical=False)
        .sign(root_key, hashes.SHA256())
        .public_bytes(Encoding.DER)
    )
