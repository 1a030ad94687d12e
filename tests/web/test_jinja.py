import pytest

from guanxi.dictionary.actions import fill_dictionary
from tests import cast

FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def owner(client):
    with cast.change() as change:
        fill_dictionary(change=change)
    user = cast.make_user("owner", holds_all=True)
    client.force_login(user)
    return user


@pytest.mark.django_db
def test_a_block_that_only_the_parent_has_is_drawn_with_the_childs_own_parts(client, owner):
    """The customer's form extends the kit's form, and fills one block of its drawer."""
    fragment = client.get("/customers/new/", headers=FRAGMENT)
    assert fragment.status_code == 200
    assert b"<html" not in fragment.content
    assert b'name="industry"' in fragment.content
    refused = client.post("/customers/new/", {"name": "杭州云栖", "phone": "12"}, headers=FRAGMENT)
    assert refused.status_code == 422
    assert "杭州云栖" in refused.content.decode()
