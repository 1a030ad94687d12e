"""Names that only one record may have, also when two people take them at once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction


@contextmanager
def told_apart(check: Callable[[], None]) -> Iterator[None]:
    """Run `check`, which raises RuleBroken if the name is taken, before the write within.

    It runs again if the database refuses the write: somebody else took the name meanwhile.
    """
    check()
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        check()
        raise
