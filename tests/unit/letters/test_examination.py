"""A changed letter is not genuine, in every way we could think of."""

import io
import re
import time
import zlib
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from decisions.letters import examination
from decisions.letters.authority import demo_authority, demo_config
from decisions.letters.examination import Code, IssuedRevision, Verdict, examine
from decisions.letters.signing import load_roots, load_signer, sign
from portal import clock
from portal.files import apart
from portal.files.child import letters

from .conftest import ACCEPTED, SIGNED, Case


@pytest.fixture
def judge_apart(case: Case, config: dict):
    """As the public page asks: the file is opened in a process of its own."""
    roots = load_roots(config)
    return lambda pdf: examine(pdf, case.issued, roots)


@pytest.fixture
def judge(judge_apart, monkeypatch: pytest.MonkeyPatch):
    """The same without the process, which takes a second to start."""
    monkeypatch.setattr(
        apart, "ask", lambda program, file, arguments, **limits: [letters.examine(file, arguments)]
    )
    return judge_apart


def told(verdict: Verdict) -> set[Code]:
    """The reasons of a verdict that must be a no, and must then vouch for nothing."""
    assert verdict.genuine is False
    assert verdict.issued is None
    assert verdict.signed_by == ""
    assert verdict.accepted is False
    assert verdict.acceptance is None
    assert verdict.codes
    assert all(str(reason.text) for reason in verdict.reasons)
    return set(verdict.codes)


def test_an_untouched_letter_is_genuine(case: Case, judge_apart) -> None:
    verdict = judge_apart(case.signed)
    assert verdict.genuine
    assert verdict.codes == (Code.GENUINE,)
    assert verdict.signed_by == "Tilgang DEMO – not for real letters"
    assert verdict.signed_at == SIGNED
    assert verdict.accepted is False
    assert verdict.issued.case_number == "SSB-2026-00042"


def test_an_accepted_letter_is_genuine_and_says_who_accepted(case: Case, judge_apart) -> None:
    verdict = judge_apart(case.accepted)
    assert verdict.genuine
    assert verdict.accepted
    assert verdict.signed_at == SIGNED
    assert verdict.acceptance.name == "Ragnhild Øyen"
    assert verdict.acceptance.letter_sha256 == sha256(case.signed).hexdigest()


def test_a_letter_stays_genuine_when_its_certificate_has_expired(case: Case, tmp_path) -> None:
    long_ago = datetime(2019, 5, 1, tzinfo=UTC)
    with clock.frozen(long_ago):
        config = demo_config(demo_authority(tmp_path / "old", lifetime=timedelta(days=30)))
        letter = sign(case.unsigned, load_signer(config))
    revision = IssuedRevision(sha256(letter).hexdigest(), "x", "y", long_ago, accepted=False)
    verdict = examine(letter, {revision.sha256: revision}.get, load_roots(config))
    assert verdict.genuine
    assert verdict.signed_at == long_ago


def test_one_flipped_bit_anywhere_makes_it_false(case: Case, judge) -> None:
    gap = re.search(rb"/Contents <([0-9a-fA-F]+)>", case.signed)
    places = {
        "a page": case.signed.index(b"stream\n") + 40,
        "the signature": gap.start(1) + 200,
        "the unused room of the signature": gap.end(1) - 3,
        "the last byte": len(case.signed) - 1,
    }
    for name, place in places.items():
        forged = bytearray(case.signed)
        forged[place] ^= 1
        assert told(judge(bytes(forged))), name


def test_a_flipped_bit_in_the_content_is_told_as_a_change(case: Case, judge) -> None:
    place = case.signed.index(b"/MediaBox") + 20
    forged = bytearray(case.signed)
    forged[place] ^= 1
    assert Code.CHANGED in told(judge(bytes(forged)))


def test_something_drawn_over_a_page_afterwards_is_told(case: Case, judge) -> None:
    def overlay(writer: IncrementalPdfFileWriter) -> None:
        stream = generic.StreamObject(stream_data=b"BT /F1 12 Tf (Granted) Tj ET")
        writer.add_stream_to_page(0, writer.add_object(stream))

    for pdf in (case.signed, case.accepted):
        codes = told(judge(_update(pdf, overlay)))
        assert codes >= {Code.ADDED_AFTER, Code.PAGES_CHANGED}
        assert Code.TITLE_CHANGED not in codes


def test_a_swapped_attachment_is_told(case: Case, judge) -> None:
    def swap(writer: IncrementalPdfFileWriter) -> None:
        names = writer.root["/Names"]["/EmbeddedFiles"]["/Names"]
        filespec = names[1]
        other = generic.StreamObject(stream_data=b'{"outcome": "granted"}')
        other["/Type"] = generic.pdf_name("/EmbeddedFile")
        filespec["/EF"]["/F"] = writer.add_object(other)
        writer.update_container(filespec)

    assert told(judge(_update(case.signed, swap))) >= {Code.ADDED_AFTER, Code.ATTACHMENT_CHANGED}


def test_a_title_changed_in_an_update_is_told_though_no_pdf_tool_tells(case: Case, judge) -> None:
    def retitle(writer: IncrementalPdfFileWriter) -> None:
        information = writer.trailer["/Info"]
        information["/Title"] = generic.pdf_string("Vedtak om full tilgang")
        writer.update_container(information)

    assert told(judge(_update(case.signed, retitle))) >= {Code.ADDED_AFTER, Code.TITLE_CHANGED}


def test_an_update_that_changes_nothing_visible_is_still_an_update(case: Case, judge) -> None:
    def nothing(writer: IncrementalPdfFileWriter) -> None:
        writer.add_object(generic.pdf_string("harmless"))

    assert Code.ADDED_AFTER in told(judge(_update(case.signed, nothing)))
    assert Code.ADDED_AFTER in told(judge(case.signed + b"\n"))
    assert Code.ADDED_AFTER in told(judge(case.accepted + b"% a remark"))


def test_a_letter_under_another_certificate_is_told(case: Case, judge, tmp_path) -> None:
    stranger = demo_config(demo_authority(tmp_path / "stranger"))
    forged = sign(case.unsigned, load_signer(stranger), SIGNED)
    assert told(judge(forged)) == {Code.OTHER_CERTIFICATE}


def test_a_strangers_acceptance_under_our_letter_is_told(case: Case, judge, tmp_path) -> None:
    stranger = load_signer(demo_config(demo_authority(tmp_path / "stranger")), "acceptance")
    from decisions.letters.acceptance import countersign
    from decisions.letters.sample import acceptance

    forged = countersign(case.signed, acceptance(case.content, case.signed), stranger, ACCEPTED)
    assert told(judge(forged)) >= {Code.ADDED_AFTER, Code.OTHER_CERTIFICATE}


def test_a_letter_with_its_signature_taken_away_is_told(case: Case, judge) -> None:
    def strip(writer: IncrementalPdfFileWriter) -> None:
        del writer.root["/AcroForm"]
        writer.update_root()

    assert told(judge(case.unsigned)) == {Code.NOT_SIGNED}
    assert Code.NOT_SIGNED in told(judge(_update(case.signed, strip)))
    assert Code.NOT_SIGNED in told(judge(_saved_anew(case.signed, strip=True)))


def test_a_letter_saved_anew_by_another_program_is_told(case: Case, judge) -> None:
    assert Code.CHANGED in told(judge(_saved_anew(case.signed)))


def test_a_good_signature_of_ours_is_not_enough(case: Case, judge, config: dict) -> None:
    """Somebody got hold of the key, or signed a draft: the portal has not issued it."""
    draft = sign(case.unsigned, load_signer(config), SIGNED)
    assert told(judge(draft)) == {Code.NOT_ISSUED}


def test_bytes_we_issued_are_not_enough_without_a_good_signature(case: Case, tmp_path) -> None:
    def issued(digest: str) -> IssuedRevision:
        return IssuedRevision(digest, "x", "y", SIGNED, accepted=False)

    stranger = load_roots(demo_config(demo_authority(tmp_path / "stranger")))
    assert told(examine(case.signed, issued, stranger)) == {Code.SIGNATURE_INVALID}
    assert told(examine(case.unsigned, issued, stranger)) == {Code.SIGNATURE_INVALID}
    assert told(examine(b"%PDF-1.7 broken", issued, stranger)) == {Code.SIGNATURE_INVALID}


def test_half_a_letter_is_not_a_letter(case: Case, judge) -> None:
    assert told(judge(case.signed[: len(case.signed) // 2]))
    assert told(judge(case.signed[:-20]))


def test_something_put_before_the_letter_is_told(case: Case, judge) -> None:
    assert told(judge(b"<html>" + case.signed)) == {Code.NOT_A_PDF}
    assert told(judge(b"%PDF-1.7\n" + case.signed))


@pytest.mark.parametrize("junk", [b"", b"hello", b"PK\x03\x04", b"\x00" * 100, b"<?xml"])
def test_what_is_no_pdf_is_told(junk: bytes, judge) -> None:
    assert told(judge(junk)) == {Code.NOT_A_PDF}


def test_a_file_beyond_the_limit_is_not_looked_into(case: Case, judge, monkeypatch) -> None:
    monkeypatch.setattr(examination, "_inspect", _never)
    assert told(judge(case.signed + bytes(examination.LARGEST_FILE))) == {Code.TOO_LARGE}


def test_an_encrypted_pdf_is_told(case: Case, judge) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(case.unsigned)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    assert told(judge(out.getvalue())) == {Code.ENCRYPTED}


@pytest.mark.parametrize(
    "hostile",
    [
        b"%PDF-1.7\n%%EOF",
        b"%PDF-1.7\n1 0 obj" + b"[" * 200_000 + b"\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF",
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 1 0 R/AcroForm<</Fields[1 0 R]/SigFlags 3>>"
        b"/Kids[1 0 R]/FT/Sig/V 1 0 R>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF",
        b"%PDF-1.7\n" + b"%%EOF\n" * 100_000,
    ],
)
def test_a_hostile_file_gets_a_no_and_no_more(hostile: bytes, judge_apart) -> None:
    assert told(judge_apart(hostile))


def test_a_bomb_is_ended_in_time_and_without_filling_the_memory(judge_apart, monkeypatch) -> None:
    zeros = zlib.compressobj(9)
    start = zeros.compress(b"") + zeros.flush(zlib.Z_FULL_FLUSH)
    block = zeros.compress(bytes(1 << 24)) + zeros.flush(zlib.Z_FULL_FLUSH)
    packed = start + block * 256 + zeros.flush()  # four gigabytes
    bomb = (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R/Metadata 3 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
        b"4 0 obj<</Type/XRef/Size 5/W[1 8 8]/Root 1 0 R/Filter/FlateDecode/Length "
        + str(len(packed)).encode()
        + b">>stream\n"
        + packed
        + b"\nendstream\nendobj\nstartxref\n"
    )
    bomb += str(bomb.index(b"4 0 obj")).encode() + b"\n%%EOF\n"
    begun = time.monotonic()
    assert told(judge_apart(bomb)) == {Code.UNREADABLE}
    assert time.monotonic() - begun < 20


def _update(pdf: bytes, change) -> bytes:
    """`pdf` with an incremental update appended, as an attacker's tool would write it."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(pdf)
    assert len(out.getvalue()) > len(pdf)
    return out.getvalue()


def _saved_anew(pdf: bytes, strip: bool = False) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        if strip:
            del opened.Root.AcroForm
            for page in opened.pages:
                if "/Annots" in page.obj:
                    del page.obj["/Annots"]
        opened.save(out)
    return out.getvalue()


def _never(*args: object) -> None:
    raise AssertionError("the file was opened")
