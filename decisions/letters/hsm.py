"""Keys that never leave a hardware security module, over PKCS#11."""

import contextlib
import os
from typing import Any

from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session

# A module knows one login per process and token, so all keys of a token share one session. A
# forked worker opens its own: the process is part of the key.
_sessions: dict[tuple[int, str, str], Any] = {}
_signers: dict[tuple[int, str, str, str, str], PKCS11Signer] = {}


class HsmError(RuntimeError):
    """The HSM or a key in it is not to be had. The message holds no PIN."""


def open_key(*, module: str, token: str, key: str, pin: str, certificate: str = "") -> PKCS11Signer:
    """The key labelled `key` in `token`, its certificate labelled alike unless `certificate` says
    otherwise; `module` is the path of the vendor's library. Raises HsmError."""
    where = (os.getpid(), module, token)
    name = (*where, key, certificate or key)
    if name not in _signers:
        try:
            if where not in _sessions:
                criteria = TokenCriteria(label=token)
                _sessions[where] = open_pkcs11_session(
                    module, token_criteria=criteria, user_pin=pin
                )
            signer = PKCS11Signer(
                _sessions[where],
                cert_label=certificate or key,
                key_label=key,
                use_raw_mechanism=True,  # SoftHSM and others know no ECDSA that hashes by itself
                other_certs_to_pull=(),
            )
            if signer.signing_cert is None:  # asked for now, not at the first letter
                raise HsmError(f"the HSM has no certificate {certificate or key}")
        except HsmError:
            raise
        except Exception as error:  # every HSM has errors of its own
            forget()
            raise HsmError(f"the HSM does not open: {type(error).__name__}") from error
        _signers[name] = signer
    return _signers[name]


def is_hsm_error(error: BaseException) -> bool:
    """Whether an error came from the PKCS#11 library."""
    return type(error).__module__.startswith("pkcs11")


def forget() -> None:
    """Close this process's sessions: after an error the next letter starts from the beginning, so
    that an HSM that comes back is used without a restart."""
    for where in [where for where in _sessions if where[0] == os.getpid()]:
        with contextlib.suppress(Exception):
            _sessions.pop(where).close()
    _signers.clear()
