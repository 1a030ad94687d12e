"""The company of a file of report tests: made once, since they read much more than they write."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.db import transaction

from tests.reports import ten_customers


@pytest.fixture(scope="module")
def made_once(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """What the file's `build` makes, or the ten customers; taken back after its last test; each test's own transaction is inside."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield getattr(request.module, "build", ten_customers.build)()
        transaction.set_rollback(True)


@pytest.fixture
def company(made_once: Any, db: None) -> Any:
    """The file's company, as if made for this test alone."""
    return deepcopy(made_once)
