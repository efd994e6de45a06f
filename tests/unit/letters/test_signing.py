import io
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    pkcs12,
)
from cryptography.x509.oid import NameOID
from django.test import override_settings
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps.api import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError

from decisions.letters import keys, signing
from decisions.letters.authority import CRL, ROOT, demo_authority, demo_config
from decisions.letters.signing import SigningUnavailable, load_roots, load_signer, sign
from portal import clock

from .conftest import ACCEPTED, SIGNED, Case

YEAR = timedelta(days=365)


def signatures(pdf: bytes) -> list:
    return PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures


def test_the_seal_is_pades_certifies_and_allows_forms_only(case: Case) -> None:
    (seal,) = signatures(case.signed)
    assert seal.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert seal.docmdp_level.name == "FILL_FORMS"
    assert [float(x) for x in seal.sig_field["/Rect"]] == [0, 0, 0, 0]
    assert seal.signed_data["signer_infos"][0]["signature_algorithm"].signature_algo == "ecdsa"


def test_the_letter_keeps_its_bytes_under_the_seal(case: Case) -> None:
    assert case.signed.startswith(case.unsigned)
    assert case.accepted.startswith(case.signed)


def test_the_letter_carries_time_and_revocation_so_that_it_outlives_its_certificate(
    case: Case,
) -> None:
    (seal,) = signatures(case.signed)
    (stamp,) = [
        attribute
        for attribute in seal.signer_info["unsigned_attrs"]
        if attribute["type"].native == "signature_time_stamp_token"
    ]
    assert isinstance(stamp["values"][0], cms.ContentInfo)
    store = PdfFileReader(io.BytesIO(case.signed)).root["/DSS"]
    assert len(store["/CRLs"]) == 1
    assert len(store["/Certs"]) >= 3


def test_the_time_in_the_seal_is_the_portals_time(case: Case) -> None:
    (seal,) = signatures(case.signed)
    assert seal.self_reported_timestamp == SIGNED


def test_two_processes_that_start_at_once_make_one_authority(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; "
        "from decisions.letters.authority import demo_authority; "
        "demo_authority(Path(sys.argv[1]))"
    )
    folder = tmp_path / "authority"
    started = [
        subprocess.Popen([sys.executable, "-c", program, str(folder)], cwd=Path.cwd())
        for _ in range(3)
    ]
    assert [process.wait(60) for process in started] == [0, 0, 0]
    assert [each.name for each in tmp_path.iterdir()] == ["authority"]
    assert load_signer(demo_config(folder)).expires_at > datetime.now(UTC)


def test_the_demos_keys_are_for_their_owner_only_and_named_as_a_demo(authority: Path) -> None:
    assert stat.S_IMODE(authority.stat().st_mode) == 0o700
    assert {stat.S_IMODE(each.stat().st_mode) for each in authority.iterdir()} == {0o600}
    assert not any("root" in each.name and each.suffix != ".pem" for each in authority.iterdir())
    assert b"PRIVATE" not in (authority / ROOT).read_bytes()
    for purpose in ("decision", "acceptance"):
        name = load_signer(demo_config(authority), purpose).name
        assert "DEMO" in name
        assert "not for real letters" in name


def test_a_second_start_keeps_the_keys(authority: Path) -> None:
    before = (authority / "decision.p12").read_bytes()
    demo_authority(authority)
    assert (authority / "decision.p12").read_bytes() == before


def test_an_expired_key_signs_nothing(tmp_path: Path, case: Case) -> None:
    with clock.frozen(SIGNED):
        config = demo_config(demo_authority(tmp_path / "authority", lifetime=timedelta(days=30)))
    signer = load_signer(config)
    assert sign(case.unsigned, signer, SIGNED + timedelta(days=29))
    with pytest.raises(SigningUnavailable, match="expired 2026-02-14"):
        sign(case.unsigned, signer, SIGNED + timedelta(days=31))


def test_a_key_that_is_not_valid_yet_signs_nothing(config: dict, case: Case) -> None:
    with pytest.raises(SigningUnavailable, match="not valid yet"):
        sign(case.unsigned, load_signer(config), SIGNED - 20 * YEAR)


@pytest.mark.parametrize("lost", ["decision.p12", ROOT, CRL, "time.p12"])
def test_a_missing_file_is_named(lost: str, tmp_path: Path) -> None:
    folder = demo_authority(tmp_path / "authority")
    config = demo_config(folder)
    (folder / lost).unlink()
    with pytest.raises(SigningUnavailable, match=lost):
        load_signer(config)


def test_no_configuration_means_no_letter(case: Case) -> None:
    with override_settings(TILGANG_SIGNING=None), pytest.raises(SigningUnavailable):
        load_signer()
    with pytest.raises(SigningUnavailable, match="no decision key"):
        load_signer({"decision": {"SSB": {}}}, agency="DST")


def test_a_wrong_password_is_refused_and_not_repeated(tmp_path: Path) -> None:
    key = _pkcs12(tmp_path, "rsa", "right")
    with pytest.raises(SigningUnavailable) as error:
        load_signer({"decision": {"*": {"pkcs12": str(key), "password": "wr0ng"}}, "roots": []})
    assert "wr0ng" not in str(error.value)


def test_each_agency_signs_with_its_own_key(tmp_path: Path, config: dict) -> None:
    own = {"pkcs12": str(_pkcs12(tmp_path, "ec", "x", "Statistikk AS")), "password": "x"}
    both = {**config, "decision": {**config["decision"], "SSB": own}}
    assert load_signer(both, agency="SSB").name.startswith("Statistikk AS")
    assert "DEMO" in load_signer(both, agency="DST").name


def test_the_configuration_may_be_a_file_that_names_files_of_secrets(
    tmp_path: Path, case: Case
) -> None:
    key = _pkcs12(tmp_path, "ec", "hemmelig")
    (tmp_path / "password").write_text("hemmelig\n")
    (tmp_path / "signing.toml").write_text(
        f'roots = ["{tmp_path}/ec.pem"]\n[decision."*"]\npkcs12 = "{key}"\n'
        f'password_file = "{tmp_path}/password"\n'
    )
    with override_settings(TILGANG_SIGNING=str(tmp_path / "signing.toml")):
        (seal,) = signatures(sign(case.unsigned, load_signer(), SIGNED))
        assert [root.sha256 for root in load_roots()] == [seal.signer_cert.sha256]


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_a_key_is_read_once_however_many_letters_it_signs(
    kind: str, tmp_path: Path, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = {
        "decision": {"*": {"pkcs12": str(_pkcs12(tmp_path, kind, "x")), "password": "x"}},
        "roots": [str(tmp_path / f"{kind}.pem")],
    }
    load_signer(config)

    def read_again(*args: object, **kwargs: object) -> None:
        raise AssertionError("the key was read again")

    for place in ("pyhanko.sign.signers.pdf_cms.serialization.load_der_private_key",):
        monkeypatch.setattr(place, read_again)
    monkeypatch.setattr(keys.pkcs12, "load_key_and_certificates", read_again)
    for _ in range(3):
        (seal,) = signatures(sign(case.unsigned, load_signer(config), SIGNED))
        seal.compute_integrity_info()
        assert seal.summarise_integrity_info()["docmdp_ok"]


def test_a_renewed_key_is_taken_up_without_a_restart(tmp_path: Path) -> None:
    path = _pkcs12(tmp_path, "ec", "x", "Old")
    config = {"decision": {"*": {"pkcs12": str(path), "password": "x"}}, "roots": []}
    assert load_signer(config).name.startswith("Old")
    _pkcs12(tmp_path, "ec", "x", "New")
    assert load_signer(config).name.startswith("New")


def test_a_time_service_that_is_away_leaves_the_letter_unsigned(case: Case, config: dict) -> None:
    class Away(TimeStamper):
        async def async_request_tsa_response(self, req: object) -> object:
            raise TimestampRequestError("away")

    signer = load_signer(config)
    signer = signing.LetterSigner(signer.signer, signer.roots, timestamper=Away())
    with pytest.raises(SigningUnavailable, match="time-stamp"):
        sign(case.unsigned, signer, SIGNED)


def test_an_hsm_that_is_not_there_is_said_plainly() -> None:
    key = {"pkcs11": {"module": "/nonexistent.so", "token": "t", "key": "k", "pin": "1234"}}
    with pytest.raises(SigningUnavailable, match="HSM does not open") as error:
        load_signer({"decision": {"*": key}, "roots": []})
    assert "1234" not in str(error.value)


def test_a_certificate_that_does_not_lead_to_our_roots_signs_nothing(
    case: Case, config: dict, tmp_path: Path
) -> None:
    other = {"pkcs12": str(_pkcs12(tmp_path, "ec", "x")), "password": "x"}
    with pytest.raises(SigningUnavailable, match="cannot sign"):
        sign(case.unsigned, load_signer({**config, "decision": {"*": other}}), SIGNED)


def test_what_is_no_pdf_cannot_be_signed(config: dict) -> None:
    with pytest.raises(ValueError):
        sign(b"not a PDF", load_signer(config), ACCEPTED)


def _pkcs12(folder: Path, kind: str, password: str, name: str = "Etaten") -> Path:
    key = (
        ec.generate_private_key(ec.SECP256R1())
        if kind == "ec"
        else rsa.generate_private_key(65537, 2048)
    )
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(SIGNED - YEAR)
        .not_valid_after(SIGNED + 20 * YEAR)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(True, True, False, False, False, True, True, False, False), critical=True
        )
        .sign(key, hashes.SHA256())
    )
    (folder / f"{kind}.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    path = folder / f"{kind}.p12"
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"x", key, certificate, None, BestAvailableEncryption(password.encode())
        )
    )
    return path
