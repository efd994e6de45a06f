"""Sign a letter: PAdES, certified so that nothing but the recipient's acceptance may follow.

The configuration names keys by purpose and agency (`settings.TILGANG_SIGNING`, a dict, or the path
of a TOML file with the same content; the demo's is made by authority.demo_config):

    timestamps = "https://..."         # RFC 3161 service; without it level B-B instead of B-LT
    roots = ["roots.pem"]              # certificates that letters may lead up to, old ones too
    intermediates = ["chain.pem"]
    crls = ["issuer.crl"]
    fetch_revocation = true            # ask the certificate's OCSP or CRL address when signing
    [decision.SSB]                     # "*" for every agency that is not named
    pkcs12 = "ssb.p12"
    password_file = "/run/secrets/ssb"
    [acceptance."*"]
    pkcs11 = { module = "/usr/lib/softhsm/libsofthsm2.so", token = "tilgang", key = "acceptance",
               pin_file = "/run/secrets/pin" }
"""

import io
import logging
import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from asn1crypto import pem, x509
from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.signers.pdf_signer import (
    DSSContentSettings,
    PdfSigningSession,
    SigDSSPlacementPreference,
)
from pyhanko.sign.timestamps import HTTPTimeStamper, TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from portal import clock

from . import DECISION_FIELD, hsm
from .authority import ROOT, demo_config
from .keys import DemoTimeStamper, open_pkcs12

DECISION, ACCEPTANCE = "decision", "acceptance"

# Said at every signature when revocation lists come from files, which is what we want.
logging.getLogger("pyhanko.sign.signers.pdf_signer").addFilter(
    lambda record: "but fetching is not allowed" not in record.getMessage()
)


class SigningUnavailable(RuntimeError):
    """There is no key to sign with now: missing, expired, HSM or time service out of reach. The
    decision waits "to be signed" and the task is tried again. The message holds no secret."""


@dataclass(frozen=True)
class LetterSigner:
    """A key ready to sign letters, and what proves its certificate."""

    signer: Signer
    roots: tuple[x509.Certificate, ...]
    others: tuple[x509.Certificate, ...] = ()
    crls: tuple[bytes, ...] = ()
    timestamper: TimeStamper | None = None
    fetch_revocation: bool = False

    @property
    def name(self) -> str:
        """The name in the certificate, as readers of the letter will see it."""
        return str(self.signer.subject_name)

    @property
    def expires_at(self) -> datetime:
        """When the certificate ends; a reminder goes out 60, 30 and 7 days before."""
        return self._validity("not_after")

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, hex; another one once it is renewed."""
        assert self.signer.signing_cert is not None
        return str(self.signer.signing_cert.sha256.hex())

    def check(self, at: datetime) -> None:
        """Raise SigningUnavailable unless the certificate is valid at `at`."""
        if at > self.expires_at:
            raise SigningUnavailable(f"the certificate of {self.name} expired {self.expires_at:%F}")
        if at < self._validity("not_before"):
            raise SigningUnavailable(f"the certificate of {self.name} is not valid yet")

    def _validity(self, end: str) -> datetime:
        certificate = self.signer.signing_cert
        assert certificate is not None  # every signer is opened with its certificate
        moment: datetime = certificate["tbs_certificate"]["validity"][end].native
        return moment


def sign(
    pdf: bytes,
    signer: LetterSigner,
    at: datetime | None = None,
    field_name: str = DECISION_FIELD,
) -> bytes:
    """The letter `pdf` signed at `at` (now, unless given), as an update that keeps its bytes.

    Certified with permission for form filling (DocMDP P2), in an invisible field: the recipient's
    acceptance may follow, anything else breaks the seal. Raises SigningUnavailable.
    """
    metadata = {"field_name": field_name, "certify": True}
    return add_signature(pdf, signer, at or clock.now(), metadata)


def add_signature(
    pdf: bytes,
    signer: LetterSigner,
    at: datetime,
    metadata: Mapping[str, Any],
) -> bytes:
    """`pdf` with one more signature in an invisible field; `metadata` goes to
    PdfSignatureMetadata. Raises SigningUnavailable, and ValueError for a file that cannot be
    signed."""
    signer.check(at)
    context = ValidationContext(
        trust_roots=list(signer.roots),
        other_certs=list(signer.others),
        crls=list(signer.crls),
        allow_fetching=signer.fetch_revocation,
        moment=None if signer.fetch_revocation else at,
        # Whether revocation can be shown depends on the issuer; that the certificate is not
        # revoked, as far as anybody says, is asked here all the same.
        revocation_mode="soft-fail",
    )
    long_term = signer.timestamper is not None
    specification = PdfSignatureMetadata(
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        docmdp_permissions=MDPPerm.FILL_FORMS,
        validation_context=context,
        embed_validation_info=long_term,
        # In the same update as the signature, so that it is covered by it.
        dss_settings=DSSContentSettings(
            include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE
        ),
        **metadata,
    )
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        out = _TimedSigner(specification, signer.signer, signer.timestamper, at).sign_pdf(writer)
    except TimestampRequestError as error:
        raise SigningUnavailable("the time-stamp service does not answer") from error
    except (SigningError, PathError, ValidationError) as error:
        raise SigningUnavailable(f"cannot sign as {signer.name}: {error}") from error
    except PdfError as error:
        raise ValueError(f"not a PDF that can be signed: {error}") from error
    except Exception as error:
        if hsm.is_hsm_error(error):
            hsm.forget()
            raise SigningUnavailable(f"the HSM refuses: {type(error).__name__}") from error
        raise
    return bytes(out.getbuffer())


class _TimedSigner(PdfSigner):  # type: ignore[misc]
    """pyHanko reads the machine's clock; the portal has one clock, and this is given its time."""

    def __init__(
        self,
        metadata: PdfSignatureMetadata,
        signer: Signer,
        timestamper: TimeStamper | None,
        at: datetime,
    ) -> None:
        self._at = at
        super().__init__(metadata, signer, timestamper=timestamper)

    def init_signing_session(self, *args: Any, **kwargs: Any) -> PdfSigningSession:
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self._at
        return session


# -- configuration -----------------------------------------------------------------------------
def signing_config() -> Mapping[str, Any]:
    """settings.TILGANG_SIGNING: a dict, the path of a TOML file, or {"demo": folder} with the
    demo's keys. They are not made here: what is signed with other keys than the letters before
    would make those look forged (portal.local.signing_keys). Raises SigningUnavailable."""
    config = getattr(settings, "TILGANG_SIGNING", None)
    if not config:
        raise SigningUnavailable("TILGANG_SIGNING is not set")
    if isinstance(config, (str, os.PathLike)):
        try:
            config = tomllib.loads(Path(config).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise SigningUnavailable(f"cannot read TILGANG_SIGNING: {error}") from error
    if "demo" in config:
        folder = Path(config["demo"])
        if not (folder / ROOT).exists():
            raise SigningUnavailable(f"the demo's keys are not there: {folder}")
        config = demo_config(folder)
    return dict(config)


def load_signer(
    config: Mapping[str, Any] | None = None, purpose: str = DECISION, agency: str = "*"
) -> LetterSigner:
    """The signer for `purpose` ("decision" or "acceptance") of `agency`, from `config` (else the
    settings'). A process opens each key once. Raises SigningUnavailable."""
    config = signing_config() if config is None else config
    try:
        keys = config[purpose]
        key = keys.get(agency) or keys["*"]
    except KeyError:
        raise SigningUnavailable(f"no {purpose} key is configured for {agency}") from None
    try:
        return LetterSigner(
            signer=_open_key(key),
            roots=tuple(load_roots(config)),
            others=tuple(_certificates(config.get("intermediates", ()))),
            crls=tuple(_bytes(path) for path in config.get("crls", ())),
            timestamper=_timestamper(config.get("timestamps")),
            fetch_revocation=bool(config.get("fetch_revocation")),
        )
    except hsm.HsmError as error:
        raise SigningUnavailable(str(error)) from error
    except FileNotFoundError as error:
        raise SigningUnavailable(f"{error.filename} is missing") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SigningUnavailable(f"the {purpose} key cannot be opened: {error}") from error


def load_roots(config: Mapping[str, Any] | None = None) -> list[x509.Certificate]:
    """The root certificates that a letter of ours may lead up to. Raises SigningUnavailable."""
    config = signing_config() if config is None else config
    try:
        return _certificates(config["roots"])
    except (OSError, ValueError, KeyError) as error:
        raise SigningUnavailable(f"the root certificates cannot be read: {error}") from error


def _open_key(key: Mapping[str, Any]) -> Signer:
    if "pkcs11" in key:
        place = key["pkcs11"]
        return hsm.open_key(
            module=place["module"],
            token=place["token"],
            key=place["key"],
            pin=_secret(place, "pin"),
            certificate=place.get("certificate", ""),
        )
    path = Path(key["pkcs12"])
    return _file_signer(str(path), _secret(key, "password"), path.stat().st_mtime_ns)


@lru_cache(maxsize=32)
def _file_signer(path: str, password: str, changed: int) -> Signer:
    """Kept until the file changes, so that a renewed key is taken up without a restart."""
    return open_pkcs12(Path(path).read_bytes(), password)


def _timestamper(where: str | Mapping[str, Any] | None) -> TimeStamper | None:
    if not where:
        return None
    if isinstance(where, str):
        return HTTPTimeStamper(where, timeout=10)
    return DemoTimeStamper(_open_key(where))  # type: ignore[arg-type]


def _secret(key: Mapping[str, Any], name: str) -> str:
    if f"{name}_file" in key:
        return Path(key[f"{name}_file"]).read_text(encoding="utf-8").strip()
    return str(key.get(name, ""))


def _certificates(paths: Sequence[str]) -> list[x509.Certificate]:
    found = SimpleCertificateStore()
    for path in paths:
        data = _bytes(path)
        ders = (
            [der for _, _, der in pem.unarmor(data, multiple=True)] if pem.detect(data) else [data]
        )
        found.register_multiple(x509.Certificate.load(der) for der in ders)
    return list(found)


def _bytes(path: str) -> bytes:
    return Path(path).read_bytes()
