"""The shared pages: permission first, rows within reach, and forms that lose nothing."""

import re

import pytest
from django.test import Client

from guanxi.access.models import Department
from guanxi.history.models import Change, ChangeSet
from guanxi.web import registry
from tests import cast
from tests.web.kit import KitResource

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.kit")]


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    """Departments are shown by the kit's resource, for these tests only."""
    monkeypatch.setitem(registry._resources, Department, KitResource.instance)


VERBS = ["view", "create", "edit", "bin", "move", "top", "export"]


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def owner():
    return client_of(cast.make_user("owner", *[f"access.{verb}_department" for verb in VERBS], scope="all"))


@pytest.fixture
def reader():
    return client_of(cast.make_user("reader", "access.view_department", scope="all"))


@pytest.fixture
def stranger():
    return client_of(cast.make_user("stranger"))


@pytest.fixture
def east():
    return cast.make_department("East")


def test_the_list_shows_rows_and_a_count(owner, east):
    page = owner.get("/kit/")
    assert page.status_code == 200
    assert b"East" in page.content
    count = owner.get("/kit/?part=count&page=1", headers={"HX-Request": "true"})
    assert b"view-top" in count.content
    assert b"<html" not in count.content


def test_htmx_gets_the_list_alone(owner, east):
    part = owner.get("/kit/", headers={"HX-Request": "true", "HX-Target": "div#list"})
    assert b"East" in part.content
    assert b"<html" not in part.content
    assert part["Cache-Control"] == "no-store"
    assert "HX-Request" in part["Vary"]


def test_the_list_is_empty_filtered_and_sorted(owner, east):
    assert b"/kit/new/" in owner.get("/kit/").content
    assert b'id="row-' in owner.get("/kit/").content
    assert b'id="row-' not in owner.get("/kit/?position.from=5").content
    assert owner.get("/kit/?sort=name&size=50&view=top").status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "sort=password",
        "sort=-created_by__password",
        "sort=name;drop table",
        "page=-1",
        "page=99999999999999999999",
        "after=x",
        "view=nope",
        "size=1000000",
        "parent=" + "9" * 50,
        "position.from=NaN",
        "created_at.from=0000-00-00",
        "created_by__password=x",
        "page=²",
        "page=" + "9" * 18,
        "size=²",
    ],
)
def test_a_nonsensical_address_is_a_plain_list(owner, east, query):
    assert owner.get(f"/kit/?{query}").status_code == 200
    assert owner.get(f"/kit/?part=count&{query}").status_code == 200


def test_the_record_shows_its_fields_and_its_history(owner, east):
    page = owner.get(f"/kit/{east.pk}/")
    assert page.status_code == 200
    assert b"East" in page.content
    history = owner.get(f"/kit/{east.pk}/tab/history/")
    assert history.status_code == 200
    assert owner.get(f"/kit/{east.pk}/tab/nonsense/").status_code == 404


def test_creating_goes_to_the_record(owner):
    answer = owner.post("/kit/new/", {"name": "West", "position": "2"})
    west = Department.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/kit/{west.pk}/")
    kept = Change.objects.select_related("change_set__by").latest("pk")
    assert (kept.change_set.verb, kept.change_set.by.username, kept.change_set.way) == ("create", "owner", "page")


def test_creating_by_htmx_tells_it_where_to_go(owner):
    answer = owner.post("/kit/new/", {"name": "West", "position": "2"}, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert answer["HX-Redirect"] == f"/kit/{Department.objects.get().pk}/"


def test_a_refused_form_keeps_what_was_typed_and_says_why(owner):
    answer = owner.post("/kit/new/", {"name": "", "position": "-7"}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert b'value="-7"' in answer.content
    assert b"aria-invalid" in answer.content
    broken = owner.post("/kit/new/", {"name": "Forbidden", "position": "1"})
    assert broken.status_code == 422
    assert b"Choose another name." in broken.content
    assert not Department.objects.exists()
    assert not Change.objects.filter(model="access.department").exists()


@pytest.mark.parametrize(("rows", "pages", "last"), [(3, "列表共 1 页。", ""), (45, "列表共 3 页。", "?page=3")])
def test_a_page_beyond_the_last_says_so_and_leads_back(owner, rows, pages, last):
    with cast.change() as change:
        change.create_many(Department, [{"name": f"Department {n:02}"} for n in range(rows)])
    text = owner.get("/kit/?page=400").content.decode()
    assert "没有这一页" in text
    assert pages in text
    assert 'href="?page=1"' in text
    assert (f'href="{last}"' in text) if last else ("到最后一页" not in text)
    assert "没有符合条件的记录" not in text
    assert 'id="row-' in owner.get(f"/kit/{last}").content.decode()


def test_a_form_that_is_sent_twice_acts_once(owner):
    key = re.search(rb'name="submit_key" value="(\w+)"', owner.get("/kit/new/").content)[1].decode()
    first = owner.post("/kit/new/", {"name": "West", "position": "2", "submit_key": key})
    second = owner.post("/kit/new/", {"name": "West", "position": "2", "submit_key": key})
    assert first["Location"] == second["Location"]
    assert Department.objects.count() == 1


def test_editing_refuses_what_somebody_else_changed(owner, east):
    with cast.change() as change:
        change.update(Department.objects.get(), name="North")
    answer = owner.post(f"/kit/{east.pk}/edit/", {"name": "South", "position": "0", "seen": "1"})
    assert answer.status_code == 409
    assert b"North" in answer.content
    assert b"South" in answer.content
    assert Department.objects.get().name == "North"
    again = owner.post(f"/kit/{east.pk}/edit/", {"name": "South", "position": "0", "seen": "2"})
    assert again.status_code == 303
    assert Department.objects.get().name == "South"


@pytest.mark.parametrize("seen", ["²", "-1", "9" * 18, "9" * 50])
def test_a_version_that_is_none_is_no_500(owner, east, seen):
    answer = owner.post(f"/kit/{east.pk}/edit/", {"name": "South", "position": "0", "seen": seen})
    assert answer.status_code == 303
    assert Department.objects.get().name == "South"


def test_only_declared_fields_are_taken(owner, east):
    sent = {"name": "South", "position": "0", "version": "99", "binned_in": "1", "created_at": "1999-01-01", "id": "7"}
    owner.post(f"/kit/{east.pk}/edit/", sent)
    found = Department.objects.get()
    assert (found.pk, found.name, found.version, found.binned_in) == (east.pk, "South", 2, None)
    assert found.created_at.year == 2026


def test_a_verb_with_a_form_and_one_without(owner, east):
    top = cast.make_department("Top")
    assert owner.get(f"/kit/{east.pk}/move/").status_code == 200
    assert owner.post(f"/kit/{east.pk}/move/", {"parent": ""}).status_code == 422
    assert owner.post(f"/kit/{east.pk}/move/", {"parent": east.pk}).status_code == 422
    assert owner.post(f"/kit/{east.pk}/move/", {"parent": top.pk}).status_code == 303
    assert Department.objects.get(pk=east.pk).parent == top
    assert owner.get(f"/kit/{east.pk}/top/").status_code == 200
    assert owner.post(f"/kit/{east.pk}/top/").status_code == 303
    assert Department.objects.get(pk=east.pk).parent is None


def test_a_selection_changes_as_a_whole_or_not_at_all(owner, east):
    west, top = cast.make_department("West"), cast.make_department("Top")
    page = owner.get(f"/kit/move/?id={east.pk}&id={west.pk}")
    assert page.status_code == 200
    refused = owner.post("/kit/move/", {"id": [west.pk, top.pk], "parent": top.pk})
    assert refused.status_code == 422
    assert not Department.objects.filter(parent=top).exists()
    done = owner.post("/kit/move/", {"id": [west.pk, east.pk], "parent": top.pk})
    assert done.status_code == 303
    assert Department.objects.filter(parent=top).count() == 2
    assert ChangeSet.objects.filter(verb="move").count() == 1


def test_all_that_match_are_taken_by_the_filters_of_the_address(owner, east):
    cast.make_department("West", parent=east)
    asked = owner.get("/kit/bin/?view=top&all=1&next=/kit/")
    assert re.findall(rb'name="id" value="(\d+)"', asked.content) == [str(east.pk).encode()]
    done = owner.post("/kit/bin/?view=top", {"all": "1"})
    assert done.status_code == 303
    assert [row.name for row in Department.objects.in_use()] == ["West"]


def test_the_bin_takes_and_gives_back(owner, east):
    assert owner.post(f"/kit/{east.pk}/bin/").status_code == 303
    assert f'action="/kit/{east.pk}/restore/"'.encode() in owner.get("/kit/").content
    assert owner.get(f"/kit/{east.pk}/").status_code == 404
    assert owner.post(f"/kit/{east.pk}/restore/").status_code == 303
    assert owner.get(f"/kit/{east.pk}/").status_code == 200


def test_columns_are_kept_for_the_user_who_chose_them(owner, reader, east):
    assert owner.post("/kit/columns/", {"column": ["updated_at", "nonsense"]}).status_code == 303
    assert b'value="updated_at" checked' in owner.get("/kit/").content
    assert b'value="updated_at" checked' not in reader.get("/kit/").content
    assert owner.get("/kit/columns/").status_code == 404


def test_pickers_are_fed(owner, east):
    cast.make_department("West")
    found = owner.get("/kit/options/?q=ea").json()
    assert found == {"options": [{"value": east.pk, "label": "East"}]}


ADDRESSES = [
    ("get", "/kit/"),
    ("get", "/kit/options/"),
    ("post", "/kit/columns/"),
    ("get", "/kit/{pk}/"),
    ("get", "/kit/{pk}/tab/history/"),
    ("get", "/kit/new/"),
    ("post", "/kit/new/"),
    ("get", "/kit/{pk}/edit/"),
    ("post", "/kit/{pk}/edit/"),
    ("get", "/kit/{pk}/bin/"),
    ("post", "/kit/{pk}/bin/"),
    ("post", "/kit/{pk}/restore/"),
    ("get", "/kit/{pk}/move/"),
    ("post", "/kit/{pk}/move/"),
    ("post", "/kit/{pk}/top/"),
    ("post", "/kit/move/"),
    ("post", "/kit/bin/"),
]
READABLE = {"/kit/", "/kit/options/", "/kit/columns/", "/kit/{pk}/", "/kit/{pk}/tab/history/"}


@pytest.mark.parametrize(("method", "address"), ADDRESSES)
def test_without_the_permission_every_address_refuses_and_changes_nothing(stranger, reader, east, method, address):
    before = Department.objects.values().get()
    sent = {"id": [east.pk], "name": "X", "position": "1", "parent": "", "column": "name"}
    url = address.format(pk=east.pk)
    assert getattr(stranger, method)(url, sent).status_code == 403
    expected = {200, 303} if address in READABLE else {403}
    assert getattr(reader, method)(url, sent).status_code in expected
    assert Department.objects.values().get() == before
    assert ChangeSet.objects.filter(state="refused", by__username="stranger").count() == 1


@pytest.mark.parametrize(("method", "address"), ADDRESSES)
def test_nobody_is_asked_to_sign_in_first(east, method, address):
    answer = getattr(Client(), method)(address.format(pk=east.pk))
    assert answer.status_code == 302
    assert "/login/" in answer["Location"]


def test_what_does_not_exist_answers_like_what_is_not_mine(owner, east):
    gone = owner.get("/kit/999999/").content
    owner.post(f"/kit/{east.pk}/bin/")
    assert len(owner.get(f"/kit/{east.pk}/").content) == len(gone)
    assert owner.get(f"/kit/{'9' * 30}/").status_code == 404
