"""隐去个人信息: what is blanked is nowhere any more, and that it was done stays."""

from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.accounts.models import Notice
from guanxi.accounts.notices import ASSIGNED, notify
from guanxi.customers import actions
from guanxi.customers.models import Contact, Customer
from guanxi.history.models import REDACTED, Change, ChangeSet
from guanxi.jobs.models import Job
from guanxi.search.models import SearchDoc
from guanxi.search.queries import narrow
from tests import cast
from tests.customers.company import make_contact, make_customer
from tests.system.company import client_of, prepare

pytestmark = pytest.mark.django_db

REDACT = "history.redact_changeset"
SECRETS = ("王建国", "13805712233", "13900001111", "wang@example.com")


@pytest.fixture
def admin():
    return prepare()


@pytest.fixture
def client(admin):
    return client_of(admin)


@pytest.fixture
def contact(admin):
    customer = make_customer(by=admin, manager=admin)
    made = make_contact(customer, "王建国", mobile="13805712233", email="wang@example.com")
    with cast.change("edit", by=admin) as change:
        actions.edit_contact(made, change=change, mobile="13900001111", wechat="wangjg")
    return made


def page_of(record):
    return f"/system/log/redact/{record.label()}/{record.pk}/"


def sent(record, *names, **fields):
    return {"names": names, "reason": "本人要求删除", "confirmation": str(record), **fields}


def text_of(answer, status=200):
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def the_log():
    kept = list(Change.objects.values_list("before", "after", "label"))
    return str(
        [*kept, *ChangeSet.objects.values_list("subject", "reason"), *Notice.objects.values_list("subject", "note")]
    )


ALL = ("name", "mobile", "email", "wechat")


class TestBlanking:
    def test_every_value_leaves_the_log_and_that_it_was_done_stays(self, admin, client, contact):
        with cast.change("call", by=admin) as change:
            notify(ASSIGNED, to=cast.make_user("li.ming"), about=contact, note="找王建国 13805712233", change=change)
        answer = client.post(page_of(contact), sent(contact, *ALL, standing="on"))
        act = ChangeSet.objects.get(verb="redact")
        assert (answer.status_code, answer["Location"]) == (303, f"/system/log/{act.pk}/")
        for secret in SECRETS:
            assert secret not in the_log()
        assert (act.by, act.reason, act.subject_model, act.subject_id) == (
            admin,
            "本人要求删除",
            "customers.contact",
            contact.pk,
        )
        stands = Contact.objects.get(pk=contact.pk)
        assert (stands.name, stands.mobile, stands.email, stands.wechat) == ("已隐去", "", "", "")
        page = text_of(client.get(f"/customers/contacts/{contact.pk}/tab/history/"))
        assert "已隐去" in page
        assert "隐去个人信息" in text_of(client.get("/system/log/"))

    def test_the_search_does_not_find_it(self, admin, client, contact):
        found = narrow(Contact.objects.all(), "13900001111", masked=frozenset())
        assert list(found) == [contact]
        client.post(page_of(contact), sent(contact, *ALL, standing="on"))
        for secret in ("13900001111", "王建国", "wang@example"):
            assert not narrow(Contact.objects.all(), secret, masked=frozenset()).exists()
        docs = str(list(SearchDoc.objects.values_list("title", "subtitle", "body", "guarded", "tokens")))
        assert "13900001111" not in docs

    def test_the_log_alone_leaves_the_record_as_it_is(self, admin, client, contact):
        client.post(page_of(contact), sent(contact, "mobile"))
        stands = Contact.objects.get(pk=contact.pk)
        assert (stands.mobile, stands.name, stands.version) == ("13900001111", "王建国", contact.version)
        kept = Change.objects.filter(model="customers.contact", record_id=contact.pk).order_by("pk")
        assert [one.after["mobile"] for one in kept] == [REDACTED, REDACTED]
        assert kept[0].after["name"] == "王建国"

    def test_other_records_keep_their_log(self, admin, client, contact):
        other = make_contact(contact.customer, "李四", mobile="13805712233")
        client.post(page_of(contact), sent(contact, *ALL))
        kept = Change.objects.get(model="customers.contact", record_id=other.pk)
        assert kept.after["mobile"] == "13805712233"

    def test_acts_with_blanked_values_are_not_undone(self, admin, client, contact):
        act = ChangeSet.objects.filter(verb="edit").latest("pk")
        client.post(page_of(contact), sent(contact, "mobile"))
        before = Contact.objects.filter(pk=contact.pk).values().get()
        assert client.post(f"/system/log/{act.pk}/undo/").status_code == 422
        assert Contact.objects.filter(pk=contact.pk).values().get() == before
        redaction = ChangeSet.objects.get(verb="redact")
        assert client.post(f"/system/log/{redaction.pk}/undo/").status_code == 422

    def test_a_record_in_the_bin_is_reached_too(self, admin, client, contact):
        with cast.change("bin", by=admin) as change:
            actions.bin_contact(contact, change=change)
        client.post(page_of(contact), sent(contact, *ALL, standing="on"))
        assert "13900001111" not in the_log()
        assert Contact.objects.get(pk=contact.pk).mobile == ""

    def test_what_jobs_report_of_it_is_blanked(self, admin, client, contact):
        other = make_contact(contact.customer, "李四", mobile="13805712233")
        lines = [
            {"model": one.label(), "record_id": one.pk, "label": str(one), "field": "mobile", "was": was, "now": 3}
            for one, was in ((contact, "13900001111"), (other, "13805712233"))
        ]
        job = Job.objects.create(task="customers.recount", state="done", result={"customers": 2, "listed": lines})
        silent = Job.objects.create(task="customers.recount", state="done", result={"customers": 2})
        client.post(page_of(contact), sent(contact, *ALL))
        job.refresh_from_db()
        mine, others = job.result["listed"]
        assert (mine["label"], mine["was"], mine["now"]) == ("•••", "•••", 3)
        assert others == lines[1]
        assert Job.objects.get(pk=silent.pk).result == {"customers": 2}

    @pytest.mark.parametrize(
        "asked", ["王建国", "13900001111", "139 0000 1111", "１３９００００１１１１", "wang@example.com"]
    )
    def test_files_do_not_say_that_they_were_asked_for_by_it(self, admin, client, contact, asked):
        client.post(f"/customers/contacts/export/?{urlencode({'q': asked, 'sort': '-created_at'})}", {"format": "csv"})
        client.post(f"/customers/contacts/export/?{urlencode({'q': '李四'})}", {"format": "csv"})
        mine, others = ChangeSet.objects.filter(verb="export").order_by("pk")
        assert urlencode({"q": asked}) in mine.reason
        client.post(page_of(contact), sent(contact, *ALL))
        mine.refresh_from_db()
        assert mine.reason.endswith("q=•••&sort=-created_at")
        assert ChangeSet.objects.get(pk=others.pk).reason == others.reason

    def test_files_that_were_asked_for_by_something_else_are_not_written(self, admin, client, contact):
        def blanks():
            with CaptureQueriesContext(connection) as asked:
                client.post(page_of(contact), sent(contact, *ALL))
            updates = [one["sql"] for one in asked if one["sql"].startswith('UPDATE "history_changeset"')]
            return [sql for sql in updates if '"subject"' not in sql and '"reason" = ' in sql]

        address = "/customers/contacts/export/"
        client.post(f"{address}?{urlencode({'q': '李四'})}", {"format": "csv"})
        assert blanks() == []
        client.post(f"{address}?{urlencode({'q': '王建国'})}", {"format": "csv"})
        assert len(blanks()) == 1

    def test_the_name_of_a_customer_is_blanked_in_the_log_only(self, admin, client):
        customer = make_customer("张三商行", by=admin)
        page = text_of(client.post(page_of(customer), sent(customer, "name", standing="on")), 422)
        assert "张三商行" in page
        assert client.post(page_of(customer), sent(customer, "name")).status_code == 303
        assert "张三商行" not in the_log()
        assert Customer.objects.get(pk=customer.pk).name == "张三商行"


class TestAsking:
    @pytest.mark.parametrize(
        ("fault", "field"),
        [
            ({"reason": "  "}, "reason"),
            ({"names": ()}, "names"),
            ({"names": ("sex",)}, "names"),
            ({"confirmation": "王建"}, "confirmation"),
            ({"confirmation": ""}, "confirmation"),
        ],
    )
    def test_without_reason_field_or_confirmation_nothing_is_blanked(self, client, contact, fault, field):
        before = the_log()
        page = text_of(client.post(page_of(contact), {**sent(contact, "mobile"), **fault}), 422)
        assert f'id="id_{field}_error"' in page
        assert the_log() == before

    def test_the_tab_says_how_much_the_log_keeps(self, client, contact):
        page = text_of(client.get(f"/customers/contacts/{contact.pk}/tab/personal/"))
        assert f'href="{page_of(contact)}"' in page
        assert '<dt>手机</dt><dd class="num">3</dd>' in page


class TestWhoMay:
    def test_nobody_without_the_permission(self, contact):
        reader = client_of(cast.make_user("reader", "history.view_changeset", "customers.view_customer", scope="all"))
        before = the_log()
        assert reader.get(page_of(contact)).status_code == 403
        assert reader.post(page_of(contact), sent(contact, "mobile")).status_code == 403
        assert reader.get(f"/customers/contacts/{contact.pk}/tab/personal/").status_code == 403
        assert 'id="redact"' not in text_of(reader.get(f"/customers/contacts/{contact.pk}/"))
        assert the_log().replace(REDACT, "").startswith(before[:200])

    def test_records_out_of_reach_are_not_there(self, contact):
        colleague = client_of(cast.make_user("colleague", REDACT, "customers.view_customer"))
        assert colleague.get(page_of(contact)).status_code == 404
        assert colleague.post(page_of(contact), sent(contact, "mobile")).status_code == 404

    @pytest.mark.parametrize("name", ["accounts.session", "parameters.parameter", "no.model", "customers"])
    def test_models_without_data_of_persons_are_not_there(self, client, name):
        assert client.get(f"/system/log/redact/{name}/1/").status_code == 404
