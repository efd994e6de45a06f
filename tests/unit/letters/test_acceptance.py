import io
import json
from dataclasses import replace
from hashlib import sha256

import pikepdf
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from decisions.letters.acceptance import Acceptance, NotThisLetter, countersign, receipt
from decisions.letters.content import LetterContent
from decisions.letters.rendering import UnprintableLetter
from decisions.letters.sample import acceptance
from decisions.letters.signing import ACCEPTANCE, load_roots, load_signer

from .conftest import ACCEPTED, Case
from .test_rendering import text_of


def test_after_acceptance_both_signatures_are_good(case: Case, config: dict) -> None:
    reader = PdfFileReader(io.BytesIO(case.accepted))
    statuses = []
    for each in reader.embedded_regular_signatures:
        context = ValidationContext(trust_roots=load_roots(config), moment=ACCEPTED)
        statuses.append(validate_pdf_signature(each, context, context))
    assert [status.bottom_line for status in statuses] == [True, True]
    assert statuses[0].modification_level.name == "FORM_FILLING"
    assert statuses[1].coverage.name == "ENTIRE_FILE"


def test_a_reader_shows_who_accepted_and_for_whom(case: Case) -> None:
    _, second = PdfFileReader(io.BytesIO(case.accepted)).embedded_regular_signatures
    assert second.sig_object["/Name"] == "Ragnhild Øyen"
    assert second.sig_object["/Reason"] == (
        "Ragnhild Øyen har akseptert vilkårene i vedtak SSB-2026-00042"
        " på vegne av Universitetet i Nordvik."
    )


def test_the_facts_of_the_acceptance_are_covered_by_its_signature(case: Case, config: dict) -> None:
    forged = case.accepted.replace(b"Ragnhild", b"Ragnhilt")
    assert forged != case.accepted
    _, second = PdfFileReader(io.BytesIO(forged)).embedded_regular_signatures
    context = ValidationContext(trust_roots=load_roots(config), moment=ACCEPTED)
    assert not validate_pdf_signature(second, context, context).intact


def test_only_the_letter_that_was_read_can_be_accepted(case: Case, config: dict) -> None:
    key = load_signer(config, ACCEPTANCE)
    for other in (case.unsigned, case.accepted, case.signed + b"\n"):
        with pytest.raises(NotThisLetter):
            countersign(other, acceptance(case.content, case.signed), key, ACCEPTED)


def test_an_acceptance_read_back_from_its_json_is_the_same(case: Case) -> None:
    facts = acceptance(case.content, case.signed)
    assert Acceptance.from_json(facts.to_json()) == facts
    for damaged in (b"", b"{}", b'{"name": 1}'):
        with pytest.raises(ValueError):
            Acceptance.from_json(damaged)
    with pytest.raises(ValueError, match="SHA-256"):
        replace(facts, letter_sha256="abc")


def test_the_receipt_says_on_paper_what_the_signature_says(case: Case) -> None:
    shown = text_of(case.receipt)
    for fact in (
        "Aksept av vilkårene i et vedtak",
        "Ragnhild Øyen",
        "Instituttleder",
        "Fullmakt fra universitetsdirektøren",
        "20. januar 2026",
        "13:00:00",  # 12:00 UTC is one o'clock in Oslo
        "SSB-2026-00042",
    ):
        assert fact in shown
    assert sha256(case.signed).hexdigest()[:24] in shown
    with pikepdf.open(io.BytesIO(case.receipt)) as pdf:
        facts = json.loads(pdf.attachments["acceptance.json"].get_file().read_bytes())
    assert facts["letter_sha256"] == sha256(case.signed).hexdigest()


def test_a_receipt_with_an_unprintable_name_is_refused(granted: LetterContent, case: Case) -> None:
    facts = replace(acceptance(granted, case.signed), name="王")
    with pytest.raises(UnprintableLetter, match="name: U"):
        receipt(granted, facts)
