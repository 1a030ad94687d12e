"""How passwords are kept: Argon2id, dear to guess and cheap enough for a small server."""

import threading

from django.contrib.auth.hashers import Argon2PasswordHasher

_one_at_a_time = threading.Lock()


class Argon2(Argon2PasswordHasher):
    """Argon2id with 2 passes over 46 MiB in one lane; one at a time, so that many sign-ins cannot fill the memory."""

    time_cost = 2
    memory_cost = 46 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        """Return the hash of a password."""
        with _one_at_a_time:
            return str(super().encode(password, salt))

    def verify(self, password: str, encoded: str) -> bool:
        """Tell whether the password is the one."""
        with _one_at_a_time:
            return bool(super().verify(password, encoded))
