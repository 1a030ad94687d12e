"""What the walks through all addresses share: the company of the matrix, and a log that does not tell each refusal."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.promises.crowd import Crowd


@pytest.fixture(scope="module")
def crowd(django_db_setup: None, django_db_blocker: Any) -> Iterator[Crowd]:
    """The company of the matrix, made once a file and taken back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Crowd()
        transaction.set_rollback(True)


@pytest.fixture
def quiet_log(caplog: Any) -> None:
    """Tens of thousands of refusals need not be told one by one."""
    caplog.set_level(logging.CRITICAL, "django.request")
