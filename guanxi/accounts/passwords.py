"""One-time passwords: issued by an administrator or the command line, changed at the first sign-in."""

import secrets

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Nothing that reads like something else: no l, i, o, 0, 1."""
GROUPS = 4
GROUP = 4


def new_one_time_password() -> str:
    """Sixteen random letters and digits in groups, such as `k7mf-2q9x-hw4b-tz8c`: some 79 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _letter in range(GROUP)) for _group in range(GROUPS))
