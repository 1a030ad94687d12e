"""A model that can be searched: groups, each with a name in the open and a phone number behind a mask."""

from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import Group

from guanxi.search import index, registry, stores

PHONES = {"杭州云栖网络科技有限公司": "13800138000", "北京华星贸易有限公司": "13911112222"}
NAMES = [*PHONES, "云栖", "云栖小镇实业", "重庆银行"]

Make = Callable[..., list[Group]]


@pytest.fixture(params=["own", "old"])
def store(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    """The database's own store, and on SQLite the one for old versions too."""
    from django.db import connection

    if request.param == "own":
        return
    if connection.vendor != "sqlite":
        pytest.skip("about old SQLite")
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE search_tokens")
    monkeypatch.setattr(stores, "SqliteStore", stores.OldSqliteStore)
    index.ensure()


@pytest.fixture
def searchable_groups() -> Iterator[None]:
    """Groups are searchable as long as the test runs."""
    registry.searchable(
        Group,
        text=lambda group: [f"KH-{group.pk:06d}"],
        subtitle=lambda group: f"第 {group.pk} 组",
        guarded=lambda group: [PHONES.get(group.name, "")],
        classes=["phone"],
    )
    yield
    registry._faces.pop("auth.group")


@pytest.fixture
def make(searchable_groups: None, store: None) -> Make:
    """Makes and indexes groups of these names."""

    def make_groups(*names: str) -> list[Group]:
        groups = [Group.objects.create(name=name) for name in names or NAMES]
        index.touched(Group, [group.pk for group in groups])
        return groups

    return make_groups
