"""The file of providers: what an operator writes is understood, and what is wrong is named."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.accounts.enums import StaffRoleName
from portal.accounts.oidc.config import (
    LANGUAGES,
    STAFF,
    BadSignIn,
    Level,
    SignIn,
    understand,
)
from portal.settings.accounts import sign_in_settings

ENVIRONMENT = {"ID": "the-client", "SECRET": "the-secret"}
OWN = {
    "id": "own",
    "name": {"en": "Own"},
    "issuer": "https://login.example.org",
    "client_id": "portal",
    "secret_env": "SECRET",
    "levels": {"gold": "high", "silver": "substantial"},
    "ask": {"substantial": {"acr_values": "silver"}, "high": {"acr_values": "gold"}},
}


def read_one(**changes):
    entry = {k: v for k, v in {**OWN, **changes}.items() if v is not None}
    return understand({"providers": [entry]}, ENVIRONMENT).providers[0]


def faults(tree, **how):
    with pytest.raises(BadSignIn) as told:
        understand(tree, ENVIRONMENT, **how)
    return str(told.value)


@pytest.mark.parametrize("preset", ["idporten", "feide", "mitid", "orcid"])
def test_a_preset_needs_no_more_than_client_id_and_secret(preset):
    entry = {"preset": preset, "client_id_env": "ID", "secret_env": "SECRET"}
    found = understand({"providers": [entry]}, ENVIRONMENT).providers[0]
    assert (found.id, found.client_id, found.secret) == (preset, "the-client", "the-secret")
    assert set(found.names) == set(LANGUAGES)
    assert found.issuer.startswith("https://")


def test_freja_must_be_told_the_level_agreed_and_bankid_its_broker():
    freja = {"preset": "freja", "client_id": "a", "secret_env": "SECRET"}
    assert "assumed" in faults({"providers": [freja]})
    assert understand({"providers": [{**freja, "assumed": "substantial"}]}, ENVIRONMENT)
    bankid = {"preset": "bankid-se", "client_id": "a", "secret_env": "SECRET"}
    assert "issuer: is missing" in faults({"providers": [bankid]})
    assert understand({"providers": [{**bankid, "issuer": "https://a.example.org"}]}, ENVIRONMENT)


def test_an_operator_overrides_a_preset():
    entry = {
        "preset": "idporten",
        "issuer": "https://test.idporten.no",
        "client_id": "a",
        "secret_env": "SECRET",
    }
    assert (
        understand({"providers": [entry]}, ENVIRONMENT).providers[0].issuer
        == "https://test.idporten.no"
    )


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"issuer": "http://login.example.org"}, "issuer: must begin with https://"),
        ({"issuer": "https://login.example.org/?a=1"}, "neither a query"),
        ({"issuer": None}, "issuer: is missing"),
        ({"id": "../x"}, "id: small letters"),
        ({"name": {"nb": "Egen"}}, "name.en: is missing"),
        ({"name": {"en": "Own", "fi": "Oma"}}, "no such language: fi"),
        ({"client_id": None, "client_id_env": "NOT_SET"}, "the environment has no NOT_SET"),
        ({"client_id": None}, "client_id is missing"),
        ({"secret_env": None}, "secret_env or secret_file"),
        ({"secret_env": "NOT_SET"}, "the environment has no NOT_SET"),
        ({"secret_env": None, "secret_file": "/no/such/file"}, "cannot be read"),
        ({"secret": "written-here"}, "secret: there is no such setting"),
        ({"levels": {"gold": "golden"}}, "'golden' is no level"),
        ({"levels": {}}, "say which value"),
        ({"scopes": ["profile"]}, "must hold openid"),
        ({"scopes": "openid"}, "must be a list"),
        ({"ask": {"high": {"prompt": "none"}}}, "prompt is set by the portal"),
        ({"parameters": {"redirect_uri": "https://evil.example"}}, "is set by the portal"),
        ({"sign_in": "yes"}, "true or false"),
        ({"preset": "myspace"}, "'myspace' is not one of"),
        ({"levles": {}}, "levles: there is no such setting"),
    ],
)
def test_what_is_wrong_is_named(changes, told):
    with pytest.raises(BadSignIn) as trouble:
        read_one(**changes)
    assert told in str(trouble.value)


def test_all_faults_are_named_at_once():
    told = faults(
        {"providers": [{**OWN, "issuer": "ftp://x", "id": "A"}], "levels": {"boss": "high"}}
    )
    assert "issuer" in told
    assert "id:" in told
    assert "levels.boss" in told


def test_one_issuer_stands_once():
    twice = {"providers": [OWN, {**OWN, "id": "other"}]}
    assert "another provider has it already" in faults(twice)
    assert "named twice" in faults({"providers": [OWN, {**OWN, "issuer": "https://b.example"}]})


def test_http_is_only_for_this_machine_and_only_in_demo_and_tests():
    near = {"providers": [{**OWN, "issuer": "http://localhost:9000"}]}
    assert understand(near, ENVIRONMENT, local=True).providers
    assert "https" in faults(near)
    assert "https" in faults({"providers": [{**OWN, "issuer": "http://a.example"}]}, local=True)


def test_the_secret_is_not_shown_with_the_provider():
    assert "the-secret" not in repr(read_one())


def test_a_secret_can_lie_in_a_file_of_its_own(tmp_path: Path):
    (tmp_path / "secret").write_text("from-file\n")
    found = read_one(secret_env=None, secret_file=str(tmp_path / "secret"))
    assert found.secret == "from-file"


def test_the_least_level_that_is_enough_is_asked_for():
    provider = read_one()
    assert provider.asking(Level.LOW) == {"acr_values": "silver"}
    assert provider.asking(Level.SUBSTANTIAL) == {"acr_values": "silver"}
    assert provider.asking(Level.HIGH) == {"acr_values": "gold"}
    assert read_one(ask=None).asking(Level.HIGH) == {}


def test_levels_are_required_by_role_with_staff_for_those_not_named():
    tree = {"levels": {"staff": "substantial", "decision_maker": "high", "applicant": "low"}}
    held = understand(tree, {})
    assert held.level_for("case_officer") == Level.SUBSTANTIAL
    assert held.level_for("decision_maker") == Level.HIGH
    assert held.level_for("applicant") == Level.LOW
    assert SignIn().level_for("decision_maker") == Level.HIGH, "the default is strict"
    assert "own.password: above" in faults({"own": {"password": "high", "second_factor": "low"}})


def test_every_role_of_staff_can_be_given_a_level():
    assert set(STAFF) == set(StaffRoleName.values)


def test_the_portal_does_not_start_with_a_wrong_file(tmp_path: Path):
    file = tmp_path / "sign-in.toml"
    with pytest.raises(ImproperlyConfigured, match=r"sign-in\.toml"):
        sign_in_settings({"SIGN_IN_FILE": str(file)})
    file.write_text("[[providers]]\npreset = 'feide'\n")
    with pytest.raises(ImproperlyConfigured, match="client_id") as told:
        sign_in_settings({"SIGN_IN_FILE": str(file)})
    assert "secret" in str(told.value)
    file.write_text("providers = [")
    with pytest.raises(ImproperlyConfigured):
        sign_in_settings({"SIGN_IN_FILE": str(file)})
    assert sign_in_settings({}) == SignIn()
