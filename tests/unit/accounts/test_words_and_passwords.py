"""Words for everything that allauth may say or send, and rules for passwords. No database."""

from pathlib import Path

import allauth
import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from portal.accounts import mails, wording
from portal.accounts.passwords import NotMostlyTheSame

TEMPLATES = Path(allauth.__file__).parent / "templates"
# Ways to sign in that are switched off: by code, by phone, by another provider.
OFF = ("login_code", "reset_code", "phone", "socialaccount", "usersessions", "/base")


def kinds(folder: str, end: str) -> list[str]:
    """Allauth's own texts of one sort, by the name it asks for them."""
    found = TEMPLATES.glob(f"*/{folder}/*{end}")
    names = [str(p.relative_to(TEMPLATES)).removesuffix(end) for p in found]
    return sorted(n for n in names if not any(part in n for part in OFF))


CONTEXT = {
    "activate_url": "http://localhost:8000/a/",
    "password_reset_url": "http://localhost:8000/b/",
}


@pytest.mark.parametrize("kind", kinds("email", "_message.txt"))
@pytest.mark.parametrize("language", ["en", "nn"])
def test_every_mail_has_words_and_one_link(kind: str, language: str) -> None:
    with override(language):
        subject, body = mails.text(kind, CONTEXT)
    assert subject
    assert "\n" not in subject
    assert body.count("http://localhost:8000/") == 1


@pytest.mark.parametrize("kind", [k for k in kinds("messages", ".txt") if "logged_in" not in k])
def test_every_message_has_words(kind: str) -> None:
    assert wording.MESSAGES[f"{kind}.txt"]({"email": "kari@example.no"})


def test_errors_of_sign_in_do_not_say_whether_an_address_is_known() -> None:
    errors = wording.ACCOUNT_ERRORS
    assert errors["unknown_email"] == errors["email_password_mismatch"]


@pytest.mark.parametrize("word", ["aaaaaaaaaaaaa", "121212121212", "abcdabcdabcd"])
def test_a_password_of_few_characters_is_refused(word: str) -> None:
    with pytest.raises(ValidationError):
        NotMostlyTheSame().validate(word)


def test_a_password_of_words_is_taken() -> None:
    NotMostlyTheSame().validate("six rainy days in bergen")
