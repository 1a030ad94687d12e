"""The secret of an access token: random, shown once, kept as a digest."""

import hashlib
import secrets

MARK = "gx_"
"""Every secret begins so, that people and scanners of leaked secrets know it."""
SHOWN = 9
"""How much of a secret its owner sees afterwards, to tell tokens apart."""


def new_secret() -> str:
    """A secret of 256 random bits."""
    return MARK + secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """What the database knows of a secret: nobody guesses 256 bits, so that a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def shown_part(secret: str) -> str:
    """The beginning of a secret."""
    return secret[:SHOWN]
