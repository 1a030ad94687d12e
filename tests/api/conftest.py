"""The people of the API's tests, with the lists of values filled."""

from typing import Any

import pytest

from guanxi.accounts.models import User
from guanxi.dictionary.actions import fill_dictionary
from tests import cast
from tests.api.caller import Caller, caller_of


@pytest.fixture
def owner(db: Any) -> User:
    """Who may do everything."""
    with cast.change() as change:
        fill_dictionary(change=change)
    return cast.make_user("owner", holds_all=True)


@pytest.fixture
def program(owner: User) -> Caller:
    """A program of the owner that reads and writes."""
    return caller_of(owner)
