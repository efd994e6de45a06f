"""Mail domains, compared letter by letter in their ASCII form: a look-alike is another domain."""

# Anybody can have an address there: it says nothing about an institution.
PUBLIC = frozenset(
    {
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "hotmail.no",
        "live.com",
        "live.no",
        "live.dk",
        "live.se",
        "msn.com",
        "yahoo.com",
        "yahoo.no",
        "yahoo.dk",
        "yahoo.se",
        "icloud.com",
        "me.com",
        "proton.me",
        "protonmail.com",
        "online.no",
        "telia.com",
        "mail.com",
        "gmx.com",
        "gmx.net",
    }
)


def plain(domain: str) -> str:
    """The ASCII form (IDNA) in small letters. Raises ValueError for what is no domain."""
    text = domain.strip().rstrip(".").lower()
    try:
        ascii_form = text.encode("idna").decode("ascii")
    except UnicodeError as wrong:
        raise ValueError("not a domain") from wrong
    if "." not in ascii_form or ascii_form.startswith(".") or ".." in ascii_form:
        raise ValueError("not a domain")
    return ascii_form


def of_address(email: str) -> str:
    """The domain of a mail address in plain form; nothing when there is none."""
    try:
        return plain(email.rpartition("@")[2])
    except ValueError:
        return ""
