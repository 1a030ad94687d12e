"""What somebody may do follows from who they are now."""

import pytest

from guanxi.access.reach import NOTHING, reach_of
from guanxi.accounts.models import User
from tests import cast

pytestmark = pytest.mark.django_db


def test_who_is_disabled_holds_nothing():
    user = cast.make_user("gone", holds_all=True)
    assert reach_of(User.objects.get(pk=user.pk)).may("customers.view_customer")
    with cast.change() as change:
        change.update(user, is_active=False)
    gone = User.objects.get(pk=user.pk)
    assert reach_of(gone) == NOTHING
    assert not gone.has_perm("customers.view_customer")
