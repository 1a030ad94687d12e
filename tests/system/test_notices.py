"""The bell's page: everybody's own, read on opening, never another's."""

import pytest
from django.urls import reverse

from guanxi.access.models import Department
from guanxi.accounts.models import Notice, Session
from guanxi.accounts.notices import ASSIGNED, DUE, notify
from guanxi.marketing import actions as marketing
from guanxi.marketing.models import DEVELOP
from tests.cast import NOW, change, make_department, make_user

pytestmark = pytest.mark.django_db
PAGE = "/notifications/"


@pytest.fixture
def li(client):
    user = make_user("li", DEVELOP, "marketing.view_salechance", real_name="李思远")
    client.force_login(user)
    return user


def tell(user, kind=ASSIGNED, name="销售部"):
    about = Department.objects.filter(name=name).first() or make_department(name)
    with change(by=make_user(f"boss{Notice.objects.count()}")) as writer:
        notify(kind, to=user, about=about, change=writer)
    return Notice.objects.latest("pk")


def test_the_bell_counts_what_is_unread_on_every_page(client, li):
    assert "dotn" not in client.get("/").content.decode()
    tell(li)
    assert "dotn" in client.get("/").content.decode()


def test_htmx_gets_the_bell_alone_and_that_is_no_use_of_the_session(client, li):
    client.get("/")
    long_ago = NOW.replace(year=2025)
    Session.objects.update(last_seen=long_ago)
    answer = client.get(PAGE, headers={"HX-Request": "true", "HX-Source": "a#bell"})
    assert answer.content.decode().strip().startswith("<a ")
    assert Session.objects.get().last_seen == long_ago
    client.get("/")
    assert Session.objects.get().last_seen > long_ago


def test_opening_one_reads_it_and_leads_to_the_record(client, li):
    with change(by=make_user("boss")) as writer:
        chance = marketing.create_chance(
            change=writer, customer_name="云栖智造", contact_name="王", contact_wechat="w", assigned_to=li
        )
    notice = Notice.objects.get()
    answer = client.post(reverse("account:notice-open", args=[notice.pk]))
    assert answer.url == f"/marketing/chances/{chance.pk}/"
    notice.refresh_from_db()
    assert notice.read_at is not None
    assert client.get(answer.url).status_code == 200


def test_another_persons_notice_does_not_exist(client, li):
    notice = tell(make_user("wang"))
    assert client.post(reverse("account:notice-open", args=[notice.pk])).status_code == 404
    assert client.post(reverse("account:notices-read"), {"newest": notice.pk}).status_code == 303
    notice.refresh_from_db()
    assert notice.read_at is None
    assert "销售部" not in client.get(PAGE).content.decode()


def test_reading_all_leaves_what_came_after_the_page(client, li):
    first, second = tell(li), tell(li, name="市场部")
    client.post(reverse("account:notices-read"), {"newest": first.pk})
    assert list(Notice.objects.unread()) == [second]
    for nonsense in ("x", "²", "9" * 30):
        assert client.post(reverse("account:notices-read"), {"newest": nonsense}).status_code == 400


def test_kinds_unread_and_earlier_ones(client, li):
    tell(li, DUE, "市场部")
    tell(li)
    for number in range(60):
        Notice.objects.create(
            user=li, kind="late", model="access.department", record_id=1, subject=f"第{number}个", at=NOW
        )
    assert "市场部" in client.get(f"{PAGE}?show=due").content.decode()
    assert "市场部" not in client.get(f"{PAGE}?show=assigned").content.decode()
    page = client.get(PAGE).content.decode()
    assert "第59个" in page
    assert "第0个" not in page
    last = Notice.objects.order_by("-pk")[49].pk
    assert f"before={last}" in page
    assert "第0个" in client.get(f"{PAGE}?before={last}").content.decode()
    for nonsense in ("x", "9" * 30, "-1", "²"):
        assert client.get(f"{PAGE}?before={nonsense}").status_code == 200


def test_a_stranger_signs_in_first(client):
    for ask, page in [
        (client.get, PAGE),
        (client.post, "/notifications/read/"),
        (client.post, "/notifications/1/open/"),
    ]:
        assert ask(page).url.startswith("/login/")


def test_the_page_asks_as_much_for_many_as_for_one(client, li, django_assert_max_num_queries):
    for number in range(30):
        tell(li, name=f"部门{number}")
    client.get(PAGE)
    with django_assert_max_num_queries(8):
        client.get(PAGE)
