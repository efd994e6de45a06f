"""The key that signs checkpoints stays outside of the database, and private."""

import stat

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from portal.events import checks, keys


@pytest.fixture
def key_file(settings, tmp_path):
    settings.EVENTS_KEY_FILE = tmp_path / "deep" / "key.pem"
    settings.EVENTS_MAKE_KEY = True
    settings.EVENTS_TRUSTED_KEYS = ()
    return settings.EVENTS_KEY_FILE


def test_the_demo_makes_its_key_once_and_for_itself_only(key_file):
    first = keys.public_hex(keys.private_key())
    assert keys.public_hex(keys.private_key()) == first
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert [file.name for file in key_file.parent.iterdir()] == ["key.pem"]


def test_a_second_maker_does_not_replace_the_key_of_the_first(key_file):
    first = keys.public_hex(keys.private_key())
    keys.make_key(key_file)
    assert keys.public_hex(keys.private_key()) == first


def test_production_never_makes_a_key_on_the_way(key_file, settings):
    settings.EVENTS_MAKE_KEY = False
    with pytest.raises(keys.NoKey):
        keys.private_key()
    assert not key_file.exists()


def test_without_a_setting_the_message_says_what_is_missing(settings):
    settings.EVENTS_KEY_FILE = None
    with pytest.raises(keys.NoKey, match="EVENTS_KEY_FILE"):
        keys.private_key()


def test_a_key_of_another_kind_is_refused(key_file, settings):
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    key_file.parent.mkdir()
    key_file.write_bytes(pem)
    with pytest.raises(keys.NoKey, match="Ed25519"):
        keys.private_key()


def test_an_earlier_key_stays_trusted_for_what_it_signed(key_file, settings):
    settings.EVENTS_TRUSTED_KEYS = ["AB" * 32]
    assert keys.trusted() == {"ab" * 32}
    now = keys.public_hex(keys.private_key())
    assert keys.trusted() == {"ab" * 32, now}


def test_the_deploy_check_wants_a_private_key_of_its_own(key_file, settings):
    ids = {e.id for e in checks.signing_key_is_kept(None)}
    assert ids == {"events.E3"}
    keys.private_key()
    settings.EVENTS_MAKE_KEY = False
    assert checks.signing_key_is_kept(None) == []
    key_file.chmod(0o644)
    assert [e.id for e in checks.signing_key_is_kept(None)] == ["events.E2"]
    settings.EVENTS_KEY_FILE = None
    assert [e.id for e in checks.signing_key_is_kept(None)] == ["events.E1"]


def test_the_deploy_check_refuses_a_mail_backend_that_sends_nothing(settings):
    settings.EMAIL_BACKEND = "portal.events.mail.DemoBackend"
    assert [e.id for e in checks.mails_are_sent(None)] == ["events.E4"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert checks.mails_are_sent(None) == []
