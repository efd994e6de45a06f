"""What an ID token must say before it says who somebody is (attack 6)."""

import pytest

from portal.accounts.oidc.claims import Expected, Refused, check
from portal.accounts.oidc.config import Level, Provider

NOW = 1_800_000_000
PROVIDER = Provider(
    "own",
    {"en": "Own"},
    "https://login.example.org",
    "portal",
    "s",
    levels={"gold": Level.HIGH, "silver": Level.SUBSTANTIAL},
)
GOOD = {
    "iss": "https://login.example.org",
    "aud": "portal",
    "sub": "kari",
    "nonce": "n-1",
    "iat": NOW - 2,
    "exp": NOW + 300,
    "auth_time": NOW - 5,
    "acr": "gold",
}
EXPECTED = Expected("n-1", Level.HIGH, NOW - 30)


def refused(expected=EXPECTED, provider=PROVIDER, **changes):
    claims = {k: v for k, v in {**GOOD, **changes}.items() if v is not None}
    with pytest.raises(Refused) as told:
        check(claims, provider, expected, NOW)
    return told.value.why


def test_a_good_token_proves_issuer_subject_level_and_moment():
    proof = check(GOOD, PROVIDER, EXPECTED, NOW)
    assert (proof.issuer, proof.subject) == ("https://login.example.org", "kari")
    assert (proof.level, proof.auth_time) == (Level.HIGH, NOW - 5)


@pytest.mark.parametrize("issuer", ["https://evil.example", "https://login.example.org/", None, 1])
def test_another_issuer_is_refused(issuer):
    assert refused(iss=issuer) == "issuer"


@pytest.mark.parametrize("audience", ["another", ["another"], [], None, 7])
def test_a_token_for_another_is_refused(audience):
    assert refused(aud=audience) == "audience"


def test_a_token_for_several_must_have_been_asked_for_by_us():
    several = ["portal", "another"]
    assert refused(aud=several) == "audience"
    assert refused(aud=several, azp="another") == "audience"
    assert refused(azp="another") == "audience"
    assert check({**GOOD, "aud": several, "azp": "portal"}, PROVIDER, EXPECTED, NOW)


@pytest.mark.parametrize("nonce", ["n-2", "", None, 1, ["n-1"], "né"])
def test_a_token_that_answers_another_question_is_refused(nonce):
    assert refused(nonce=nonce) == "nonce"


@pytest.mark.parametrize("subject", ["", None, 12, "x" * 256])
def test_a_token_without_a_subject_is_refused(subject):
    assert refused(sub=subject) == "subject"


@pytest.mark.parametrize(
    "times",
    [
        {"exp": NOW - 61},
        {"exp": None},
        {"exp": True},
        {"exp": float("nan")},
        {"exp": "soon"},
        {"iat": NOW + 61},
        {"iat": None},
        {"auth_time": NOW + 61},
    ],
)
def test_a_token_of_another_time_is_refused(times):
    assert refused(**times) == "time"


@pytest.mark.parametrize("acr", ["silver", "tin", None, 3, ["gold"]])
def test_a_weak_sign_in_is_refused_where_a_strong_one_is_needed(acr):
    assert refused(acr=acr) == "level"


def test_the_refusal_tells_both_levels():
    with pytest.raises(Refused) as told:
        check({**GOOD, "acr": "silver"}, PROVIDER, EXPECTED, NOW)
    assert (told.value.got, told.value.need) == (Level.SUBSTANTIAL, Level.HIGH)


@pytest.mark.parametrize("auth_time", [NOW - 91, NOW - 86_400, None, "now", True])
def test_an_old_sign_in_is_refused_where_a_fresh_one_is_needed(auth_time):
    assert refused(auth_time=auth_time) == "old"


def test_without_a_demand_the_level_is_what_the_provider_tells():
    claims = {**GOOD, "acr": "silver", "auth_time": None}
    proof = check(claims, PROVIDER, Expected("n-1"), NOW)
    assert (proof.level, proof.auth_time) == (Level.SUBSTANTIAL, None)


def test_a_level_is_assumed_only_where_the_operator_says_so():
    assert refused(expected=Expected("n-1"), acr=None) == "level"
    assumed = Provider("own", {}, PROVIDER.issuer, "portal", "s", assumed=Level.LOW)
    claims = {k: v for k, v in GOOD.items() if k != "acr"}
    assert check(claims, assumed, Expected("n-1"), NOW).level == Level.LOW
