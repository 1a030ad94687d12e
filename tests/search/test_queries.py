"""Finding, inside the rows that the reader may see and nowhere else."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group, Permission

from guanxi.search import index, queries, registry
from guanxi.search.queries import global_search, narrow, search
from tests.full import POSTGRESQL
from tests.search.conftest import PHONES, Make

FULL, HUAXING = PHONES


def names(text: str, masked: tuple[str, ...] = ()) -> list[str]:
    by_id = dict(Group.objects.values_list("pk", "name"))
    return [by_id[pk] for pk in search(Group, text, Group.objects.all(), masked=masked)]


@pytest.fixture(params=["index", "walk"])
def both_ways(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are found from the index, or walked and checked."""
    share = 0.0 if request.param == "walk" else 2.0
    monkeypatch.setattr(queries, "DENSE", share)
    monkeypatch.setattr(queries, "DENSE_WHOLE", share)


@pytest.mark.usefixtures("both_ways")
class TestNarrow:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("云栖", {FULL, "云栖", "云栖小镇实业"}),
            ("栖", {FULL, "云栖", "云栖小镇实业"}),
            ("hzyq", {FULL}),
            ("yunqi", {FULL, "云栖", "云栖小镇实业"}),
            ("公司 北京", {HUAXING}),
            ("chongqing", {"重庆银行"}),
            ("0138", {FULL}),
            ("１３８", {FULL}),
            ("栖云", set()),
            ("云%栖", set()),
            ("_", set()),
            ("--", set()),
            ("'", set()),
            ('"', set()),
            ("云栖' OR 1=1 --", set()),
            ("饕餮", set()),
        ],
    )
    def test_finds_what_contains_every_word(self, make: Make, text: str, expected: set[str]) -> None:
        make()
        assert {group.name for group in narrow(Group.objects.all(), text)} == expected

    def test_stays_inside_the_rows_given(self, make: Make) -> None:
        make()
        rows = Group.objects.filter(name__startswith="北京")
        assert list(narrow(rows, "云栖")) == []
        assert narrow(rows, "公司").get().name == HUAXING

    def test_can_be_sorted_filtered_and_paged(self, make: Make) -> None:
        make()
        rows = narrow(Group.objects.all(), "云栖").exclude(name="云栖").order_by("-name", "-pk")
        assert [group.name for group in rows[:1]] == [FULL]
        assert narrow(Group.objects.all(), "云栖", whole=True).count() == 3

    def test_hides_masked_text(self, make: Make) -> None:
        make()
        everyone = Group.objects.all()
        assert narrow(everyone, "13800138000").exists()
        assert narrow(everyone, "13800138000", masked={"amount"}).exists()
        assert not narrow(everyone, "13800138000", masked={"phone"}).exists()
        assert narrow(everyone, "云栖", masked={"phone"}).count() == 3

    def test_a_number_is_found_by_its_end(self, make: Make) -> None:
        groups = make()
        assert narrow(Group.objects.all(), f"kh-{groups[1].pk:06d}").get() == groups[1]


def test_nothing_typed_leaves_all_rows(make: Make) -> None:
    make()
    assert narrow(Group.objects.all(), "  ").count() == 5
    assert search(Group, "  ", Group.objects.all()) == []


def test_the_name_itself_comes_first_then_names_that_begin_so(make: Make) -> None:
    make()
    assert names("云栖") == ["云栖", "云栖小镇实业", FULL]
    assert names("云") == ["云栖小镇实业", "云栖", FULL]
    assert search(Group, "云栖", Group.objects.all(), limit=1) == [Group.objects.get(name="云栖").pk]


@pytest.fixture
def searchable_permissions() -> Iterator[None]:
    registry.searchable(
        Permission, text=lambda permission: [permission.name], title=lambda permission: permission.codename
    )
    yield
    registry._faces.pop("auth.permission")


def test_everything_is_searched_at_once_each_in_its_rows(make: Make, searchable_permissions: None) -> None:
    make()
    permission = Permission.objects.order_by("pk").first()
    assert permission is not None
    Permission.objects.filter(pk=permission.pk).update(name="云栖权限")
    index.touched(Permission, [permission.pk])
    everything = {"groups": Group.objects.all(), "permissions": Permission.objects.all()}
    found = global_search("云栖", everything, per=2)
    assert [hit.title for hit in found["groups"]] == ["云栖", "云栖小镇实业"]
    assert [hit.record_id for hit in found["permissions"]] == [permission.pk]
    assert found["groups"][0].subtitle == f"第 {found['groups'][0].record_id} 组"
    scoped = {"groups": Group.objects.none(), "permissions": Permission.objects.all()}
    assert list(global_search("云栖", scoped)) == ["permissions"]


def test_the_same_queries_for_few_and_many(make: Make, django_assert_num_queries: object) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count() -> int:
        with CaptureQueriesContext(connection) as queries_run:
            assert names("云栖")
        return len(queries_run)

    make("云栖")
    one = count()
    make(*[f"云栖 {number}" for number in range(30)])
    assert count() == one <= 6


def test_a_large_index_walks_for_common_words_only(make: Make) -> None:
    make(*[f"公司 {number}" for number in range(400)], "罕见")
    face = registry.face_of(Group)
    assert queries._share(face, ["公司"], guarded=True) > 0.9
    assert queries._share(face, ["饕餮"], guarded=True) == 0
    assert narrow(Group.objects.all(), "罕见").get().name == "罕见"
    assert narrow(Group.objects.all(), "公司").count() == 400


@pytest.mark.skipif(not POSTGRESQL, reason="SQLite asks for the documents row by row in any case.")
def test_a_walk_asks_for_the_document_of_each_row_and_joins_nothing(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(*[f"公司 {number}" for number in range(400)])
    monkeypatch.setattr(queries, "DENSE", 0.0)
    plan = narrow(Group.objects.all(), "公司").order_by("-pk")[:21].explain()
    assert "SubPlan" in plan
    assert "Join" not in plan
    assert "Nested Loop" not in plan
