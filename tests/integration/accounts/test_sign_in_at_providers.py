"""Signing in at an OpenID Connect provider: who gets in, at which level, and what is linked."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import get_user
from django.test import Client
from django.urls import reverse

from portal import clock
from portal.accounts import policy, sessions
from portal.accounts.models import User
from portal.accounts.oidc import client as oidc
from portal.accounts.oidc.config import Level, SignIn
from portal.accounts.provider import uid
from portal.events.models import Event
from tests.integration.accounts.provider import OTHER_KEY, World, named
from tests.integration.accounts.test_second_factor import SECRET
from tests.people import PASSWORD, person, sign_in, staff

pytestmark = pytest.mark.django_db
ORCID = "0000-0002-1825-0097"


@pytest.fixture
def world(monkeypatch, settings) -> World:
    settings.SIGN_IN = SignIn(
        (named("own"), named("other"), named("orcid", sign_in=False, orcid=True, assumed=Level.LOW))
    )
    made = World()
    monkeypatch.setattr(oidc, "_ask", made.answer)
    return made


def linked(user: User, provider: str = "own", sub: str = "kari") -> SocialAccount:
    issuer = f"https://{provider}.example"
    return SocialAccount.objects.create(
        user=user, provider=provider, uid=uid(issuer, sub), extra_data={"iss": issuer, "sub": sub}
    )


def who(browser: Client) -> User | None:
    held = browser.session.get("_auth_user_id")
    return User.objects.get(pk=held) if held else None


def rights(browser: Client) -> set[str]:
    """The staff roles that a request of this browser holds."""
    page = browser.get("/me/details/")
    return set(policy.roles_in_force(page.wsgi_request.user).values_list("role", flat=True))


# -- the question and the answer ---------------------------------------------------------------
def test_the_provider_is_asked_with_state_nonce_and_pkce(client, world) -> None:
    asked = world.goes(client, "/accounts/providers/own/login/", next="/catalogue/")
    assert {"code_challenge", "nonce", "state"} <= set(asked)
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == "http://localhost:8000/accounts/providers/own/callback/"
    assert min(len(asked["state"]), len(asked["nonce"])) >= 43, "256 random bits"
    again = world.goes(client, "/accounts/providers/own/login/")
    assert not {again["state"], again["nonce"]} & {asked["state"], asked["nonce"]}


def test_nobody_can_change_the_question_by_the_address(client, world) -> None:
    sent = "/accounts/providers/own/login/?auth_params=prompt%3Dnone&scope=admin&acr_values=low"
    asked = world.goes(client, sent)
    assert asked["scope"] == "openid profile email"
    assert asked["acr_values"] == "low", "the portal's own: applicants need no more"
    assert "prompt" not in asked


def test_signing_in_begins_by_post_only_and_with_a_token() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/accounts/providers/own/login/").status_code == 403
    assert strict.get("/accounts/providers/own/login/").status_code == 405


def test_the_page_that_leads_on_opens_no_policy(client, world) -> None:
    page = client.post("/accounts/providers/own/login/")
    policy_ = page.headers["Content-Security-Policy"]
    assert "form-action 'self'" in policy_
    assert "own.example" not in policy_
    assert "no-store" in page.headers["Cache-Control"]


def test_who_is_known_gets_in_and_nothing_else_of_the_token_is_kept(client, world) -> None:
    user = person()
    linked(user)
    assert world.signs_in(client).url == "/me/"
    assert who(client) == user
    held = SocialAccount.objects.get()
    assert held.extra_data == {"iss": "https://own.example", "sub": "kari"}
    assert "13097248022" not in str(dict(client.session.items())), "no national id, not even there"
    told = Event.objects.get(type="user.signed_in").data
    assert (told["provider"], told["level"]) == ("own", "high")


def test_the_key_changes_and_the_limits_of_the_portal_hold(client, world) -> None:
    linked(person())
    world.goes(client, "/accounts/providers/own/login/")
    before = client.session.session_key
    world.returns(client)
    assert client.session.session_key != before
    assert client.get("/me/session/").json()["seconds"] > 3600
    with clock.frozen(clock.now() + timedelta(hours=1, minutes=50)):
        assert client.post("/me/session/extend/", headers={"Accept": "application/json"}).json()[
            "extendable"
        ]
    with clock.frozen(clock.now() + timedelta(hours=4)):
        assert "login" in client.get("/me/").url


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"aud": "another"},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": 1},
        {"sub": ""},
        {"acr": "made-up"},
        {"auth_time": 1},
    ],
)
def test_a_token_that_says_something_else_signs_nobody_in(client, world, claims) -> None:
    linked(person())
    answer = world.signs_in(client, **claims)
    assert answer.status_code == 403
    assert who(client) is None


@pytest.mark.parametrize("how", ["key", "kid", "none", "HS256"])
def test_a_token_that_the_provider_did_not_sign_signs_nobody_in(client, world, how) -> None:
    linked(person())
    if how == "key":
        world.key = OTHER_KEY
    elif how == "kid":
        world.kid = "k2"
    else:
        world.algorithm = how
    assert world.signs_in(client).status_code == 403
    assert who(client) is None


def test_an_answer_counts_once_in_one_browser_for_one_provider(client, world, visitor) -> None:
    linked(person())
    world.goes(client, "/accounts/providers/own/login/")
    assert world.returns(visitor(), "own").status_code == 403, "another browser: login CSRF"
    assert world.returns(client, "other").status_code == 403, "another provider: mix-up"
    assert world.returns(client, state="guessed").status_code == 403
    assert world.returns(client, code="stolen").status_code == 403
    assert world.returns(client).status_code == 403, "the state is used up by then"
    assert who(client) is None


def test_an_answer_that_names_another_issuer_is_refused(client, world) -> None:
    linked(person())
    world.goes(client, "/accounts/providers/own/login/")
    assert world.returns(client, iss="https://other.example").status_code == 403
    world.metadata = {"authorization_response_iss_parameter_supported": True}
    from django.core.cache import cache

    cache.clear()
    world.goes(client, "/accounts/providers/own/login/")
    assert world.returns(client).status_code == 403, "promised, and missing"
    world.goes(client, "/accounts/providers/own/login/")
    assert world.returns(client, iss="https://own.example").url == "/me/"


@pytest.mark.parametrize(
    "told",
    [{"issuer": "https://evil.example"}, {"token_endpoint": "http://own.example/token"}],
)
def test_a_provider_that_publishes_something_else_is_not_gone_to(client, world, told) -> None:
    world.metadata = told
    answer = client.post("/accounts/providers/own/login/")
    assert answer.status_code == 502
    assert "does not answer" in answer.content.decode()


def test_a_provider_that_is_down_is_told_plainly(client, world) -> None:
    world.down = True
    assert client.post("/accounts/providers/own/login/").status_code == 502


def test_the_same_subject_at_another_issuer_is_somebody_else(client, world) -> None:
    linked(person())
    answer = world.signs_in(client, "other", sub="kari")
    assert answer.url == reverse("socialaccount_signup"), "a new account at most"
    assert who(client) is None


def test_a_provider_that_got_another_issuer_knows_nobody_of_before(client, world, settings) -> None:
    user = person()
    SocialAccount.objects.create(
        user=user, provider="own", uid=uid("https://before.example", "kari")
    )
    assert world.signs_in(client).url == reverse("socialaccount_signup")


def test_a_closed_account_stays_closed(client, world) -> None:
    user = person(is_active=False)
    linked(user)
    assert world.signs_in(client).url == reverse("account_inactive")
    assert who(client) is None


def test_where_one_goes_afterwards_is_ours(client, world) -> None:
    linked(person())
    world.claims = {}
    world.goes(client, "/accounts/providers/own/login/", next="https://evil.example/")
    assert world.returns(client).url == "/me/"


# -- never by mail address alone ---------------------------------------------------------------
def test_a_known_address_links_nothing_and_is_not_given_away(client, world, mails) -> None:
    user = person(email="kari@example.no")
    assert world.signs_in(client, email_verified=True).url == reverse("socialaccount_signup")
    assert who(client) is None
    form = client.get(reverse("socialaccount_signup")).content.decode()
    assert 'value="kari@example.no"' in form
    answer = client.post(
        reverse("socialaccount_signup"), {"name": "Kari", "email": "kari@example.no"}
    )
    assert answer.url == reverse("account_email_verification_sent")
    assert not SocialAccount.objects.exists()
    assert User.objects.get(email="kari@example.no") == user
    assert "account" in mails()[-1]["subject"]


def test_an_unknown_address_gets_the_same_answer_and_must_be_shown(
    client, world, mails, link
) -> None:
    world.info = {}
    world.signs_in(client)
    page = client.get(reverse("socialaccount_signup"))
    assert 'name="name"' in page.content.decode(), "what the provider does not tell is asked for"
    answer = client.post(
        reverse("socialaccount_signup"), {"name": "Kari Nordmann", "email": "kari@example.no"}
    )
    assert answer.url == reverse("account_email_verification_sent")
    assert who(client) is None, "not before the address is shown"
    client.post(link())
    user = User.objects.get()
    assert (user.name, user.has_usable_password()) == ("Kari Nordmann", False)
    assert who(client) == user
    assert sessions.KEY in client.session
    assert client.session[sessions.KEY]["provider"]["provider"] == "own"
    types = set(Event.objects.values_list("type", flat=True))
    assert {"user.signed_up", "user.way_linked", "user.signed_in"} <= types


def test_who_takes_an_address_by_a_provider_loses_it_to_its_owner(client, world, link) -> None:
    world.signs_in(client)
    client.post(reverse("socialaccount_signup"), {"name": "Thief", "email": "kari@example.no"})
    owner = Client()
    owner.post(reverse("account_reset_password"), {"email": "kari@example.no"})
    form = owner.get(link(), follow=True)
    owner.post(form.redirect_chain[-1][0], {"password1": PASSWORD, "password2": PASSWORD})
    assert not SocialAccount.objects.exists()
    assert not EmailAddress.objects.filter(verified=True).exists()
    assert world.signs_in(Client()).url == reverse("socialaccount_signup")


# -- levels ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("acr", "held"), [("low", set()), ("substantial", set()), ("high", {"decision_maker"})]
)
def test_a_decision_maker_decides_only_after_a_strong_sign_in(client, world, acr, held) -> None:
    boss = staff("decision_maker")
    linked(boss)
    world.signs_in(client, acr=acr)
    assert who(client) == boss
    if acr == "low":
        assert client.get("/me/").url.startswith("/accounts/providers/own/confirm/")
        return
    assert rights(client) == held
    notice = "too weak for your work" in client.get("/me/").content.decode()
    assert notice is (acr == "substantial")
    assert client.get("/cases/SSB/").status_code == (200 if held else 404)


def test_levels_are_the_operators(client, world, settings) -> None:
    required = {"staff": Level.SUBSTANTIAL, "decision_maker": Level.HIGH}
    settings.SIGN_IN = SignIn(settings.SIGN_IN.providers, required)
    officer = staff("case_officer")
    from tests.people import give

    give(officer, "decision_maker", "DST")
    linked(officer)
    world.signs_in(client, acr="substantial")
    assert rights(client) == {"case_officer"}, "what the level is enough for, and no more"
    page = client.get("/me/sign-in/level/").content.decode()
    assert "DST: decision maker" in page
    assert "case officer" not in page


def test_the_portals_own_second_factor_is_as_much_as_the_operator_says(world, settings) -> None:
    boss = staff("decision_maker")
    assert rights(sign_in(Client(), boss)) == {"decision_maker"}
    settings.SIGN_IN = SignIn(settings.SIGN_IN.providers, second_factor=Level.SUBSTANTIAL)
    assert rights(sign_in(Client(), boss)) == set()


def test_applicants_below_their_level_are_sent_to_a_higher_one(client, world, settings) -> None:
    settings.SIGN_IN = SignIn(settings.SIGN_IN.providers, {"applicant": Level.SUBSTANTIAL})
    user = person()
    sign_in(client, user, second_factor=False)
    sent = client.get("/applications/")
    assert sent.url.startswith("/me/sign-in/level/")
    page = client.get(sent.url).content.decode()
    assert "Set up a second factor" in page
    linked(user)
    assert world.confirms(client, acr="low").status_code == 403
    assert world.confirms(client, "/applications/", acr="substantial").url == "/applications/"
    assert client.get("/applications/").status_code == 200


def test_two_factors_at_the_provider_are_not_followed_by_a_third(client, world) -> None:
    user = person()
    TOTP.activate(user, SECRET)
    linked(user)
    assert world.signs_in(client, acr="substantial").url == "/me/"
    client.logout()
    assert world.signs_in(client, acr="low").url == reverse("mfa_authenticate")
    assert who(client) is None


# -- a fresh sign-in ---------------------------------------------------------------------------
@pytest.fixture
def boss(client, world) -> User:
    """A decision maker who has signed in at the provider."""
    user = staff("decision_maker")
    user.set_unusable_password()
    user.save()
    linked(user)
    world.signs_in(client)
    return user


def end_others(client):
    return client.post(reverse("accounts:sign_out_elsewhere"))


def test_a_fresh_sign_in_is_one_at_the_provider(client, world, boss) -> None:
    sent = end_others(client)
    assert sent.url == "/accounts/providers/own/confirm/?next=%2Fme%2Fresume%2F"
    assert "Sign in again with Own" in client.get(sent.url).content.decode()
    before = client.session.session_key
    answer = world.confirms(client, "/me/resume/")
    assert (world.asked["prompt"], world.asked["max_age"]) == ("login", "0")
    assert world.asked["acr_values"] == "high"
    assert answer.url == "/me/resume/", "what was typed is kept"
    assert client.session.session_key != before
    assert end_others(client).url == "/me/"
    with clock.frozen(clock.now() + timedelta(minutes=6)):
        assert "confirm" in end_others(client).url, "it counts for five minutes"


@pytest.mark.parametrize(
    "claims",
    [
        {"acr": "substantial"},
        {"acr": None},
        {"auth_time": 1},
        {"auth_time": None},
        {"sub": "somebody-else"},
        {"nonce": "another"},
    ],
)
def test_a_weak_old_or_foreign_sign_in_confirms_nothing(client, world, boss, claims) -> None:
    answer = world.confirms(client, **claims)
    assert answer.status_code == 403
    assert who(client) == boss
    assert "confirm" in end_others(client).url


def test_an_auth_time_of_before_the_question_confirms_nothing(client, world, boss) -> None:
    long_ago = int(clock.now().timestamp()) - 90
    answer = world.confirms(client, auth_time=long_ago)
    assert "not asked anew" in answer.content.decode()
    assert "confirm" in end_others(client).url


def test_nobody_confirms_at_a_provider_that_is_not_theirs(client, world) -> None:
    sign_in(client, person(), second_factor=False)
    assert client.get("/accounts/providers/own/confirm/").status_code == 404
    assert client.post("/accounts/providers/own/confirm/").status_code == 404


def test_a_confirmation_begun_by_one_is_not_finished_by_another(client, world, boss) -> None:
    world.claims = {}
    world.goes(client, "/accounts/providers/own/confirm/", next="/me/")
    held = dict(client.session.items())
    other = person("Per", "per@example.no")
    linked(other, sub="per")
    sign_in(client, other, second_factor=False)
    session = client.session
    session["socialaccount_states"] = held["socialaccount_states"]
    session.save()
    assert world.returns(client).status_code == 403


def test_setting_up_a_second_factor_asks_who_only_has_a_provider_there(client, world, boss) -> None:
    answer = client.get(reverse("mfa_activate_totp"))
    assert answer.url.startswith("/accounts/providers/own/confirm/")
    world.confirms(client)
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


# -- linking -----------------------------------------------------------------------------------
def test_linking_needs_a_sign_in_at_both(client, world, mails) -> None:
    user = person()
    page = reverse("accounts:link", args=["own"])
    assert "login" in client.post(page).url
    sign_in(client, user, second_factor=False)
    assert "reauthenticate" in client.post(page).url, "and a fresh one here"
    sign_in(client, user, second_factor=False, fresh=True)
    asked = world.goes(client, page)
    assert asked["prompt"] == "login", "not whoever the provider remembers"
    assert world.returns(client).url == reverse("accounts:ways")
    assert SocialAccount.objects.get().user == user
    assert Event.objects.filter(type="user.way_linked", stream=f"user:{user.pk}").count() == 1
    assert mails()[-1]["to"] == [user.email] or mails()[-1]["to"] == user.email
    assert "linked" in mails()[-1]["subject"]


def test_what_is_linked_to_one_is_not_linked_to_another(client, world) -> None:
    linked(person("Per", "per@example.no"))
    sign_in(client, person(), second_factor=False, fresh=True)
    world.goes(client, reverse("accounts:link", args=["own"]))
    answer = world.returns(client)
    assert answer.status_code == 403
    assert "linked to another account" in answer.content.decode()
    assert SocialAccount.objects.get().user.name == "Per"


def test_unlinking_is_told_and_the_last_way_stays(client, world, mails) -> None:
    user = person()
    held, other = linked(user), linked(user, "other")
    linked(user, "orcid")
    sign_in(client, user, second_factor=False, fresh=True)
    client.post(reverse("accounts:unlink", args=[held.pk]))
    assert not SocialAccount.objects.filter(pk=held.pk).exists()
    assert "taken from" in mails()[-1]["subject"]
    assert Event.objects.filter(type="user.way_unlinked").count() == 1
    user.set_unusable_password()
    user.save()
    sign_in(client, user, second_factor=False, fresh=True)
    answer = client.post(reverse("accounts:unlink", args=[other.pk]), follow=True)
    assert "only way" in answer.content.decode()
    assert SocialAccount.objects.filter(pk=other.pk).exists()


def test_anothers_link_is_not_there(client, world) -> None:
    theirs = linked(person("Per", "per@example.no"))
    sign_in(client, person(), second_factor=False, fresh=True)
    assert client.post(reverse("accounts:unlink", args=[theirs.pk])).status_code == 404
    assert SocialAccount.objects.filter(pk=theirs.pk).exists()


def test_an_orcid_id_is_verified_by_linking_and_gone_with_the_link(client, world) -> None:
    user = person()
    sign_in(client, user, second_factor=False, fresh=True)
    world.claims = {"sub": ORCID}
    world.goes(client, reverse("accounts:link", args=["orcid"]))
    world.returns(client, "orcid")
    user.refresh_from_db()
    assert user.orcid == ORCID
    assert ORCID in client.get(reverse("accounts:ways")).content.decode()
    client.post(reverse("accounts:unlink", args=[SocialAccount.objects.get().pk]))
    user.refresh_from_db()
    assert user.orcid == ""


def test_no_made_up_orcid_id_and_not_two(client, world) -> None:
    user = person()
    sign_in(client, user, second_factor=False, fresh=True)
    page = reverse("accounts:link", args=["orcid"])
    world.claims = {"sub": "0000-0002-1825-0098"}
    world.goes(client, page)
    assert world.returns(client, "orcid").status_code == 403
    for sub, status in ((ORCID, 302), ("0000-0001-5109-3700", 403)):
        world.claims = {"sub": sub}
        world.goes(client, page)
        assert world.returns(client, "orcid").status_code == status


def test_a_provider_for_linking_signs_nobody_in(client, world) -> None:
    linked(person(), "orcid", ORCID)
    assert client.post("/accounts/providers/orcid/login/").status_code == 404
    assert "Orcid" not in client.get("/accounts/login/").content.decode()


# -- leaving and throttling --------------------------------------------------------------------
def test_signing_out_ends_the_session_here_and_leads_to_the_provider(client, world, boss) -> None:
    page = client.post(reverse("account_logout"))
    assert get_user(client).is_anonymous
    text = page.content.decode()
    assert "https://own.example/end_session?id_token_hint=" in text
    assert "post_logout_redirect_uri=http%3A%2F%2Flocalhost%3A8000%2F" in text


def test_signing_out_works_when_the_provider_is_down(client, world, boss) -> None:
    from django.core.cache import cache

    cache.clear()
    world.down = True
    assert client.post(reverse("account_logout")).url == "/"
    assert get_user(client).is_anonymous


def test_ending_other_sessions_ends_those_of_a_provider_too(world, client) -> None:
    user = person()
    linked(user)
    world.signs_in(client)
    here = sign_in(Client(), user, second_factor=False, fresh=True)
    with clock.frozen(clock.now() + timedelta(seconds=2)):
        here.post(reverse("accounts:sign_out_elsewhere"))
        assert "login" in client.get("/me/").url


def test_many_attempts_from_one_place_are_slowed_and_lock_nobody_out(
    world, visitor, settings
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "provider": "3/m/ip"}
    linked(person())
    guesser = visitor("192.0.2.9")
    codes = [guesser.post("/accounts/providers/own/login/").status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    assert world.signs_in(visitor("192.0.2.10")).url == "/me/"


def test_the_sign_in_page_names_the_providers(client, world) -> None:
    page = client.get("/accounts/login/?next=/catalogue/").content.decode()
    assert "Sign in with Own" in page
    assert page.count('name="next" value="/catalogue/"') >= 3
    assert "Sign in with" not in Client().get("/accounts/signup/").content.decode()
