"""The wizard over HTTP: what it shows to whom, and that nothing is written before the last yes."""

from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guanxi.customers.models import Customer
from guanxi.customers.queries import find_likes
from guanxi.dictionary.actions import fill_dictionary
from guanxi.history.models import ChangeSet
from guanxi.jobs.worker import work_off
from guanxi.parameters.actions import set_parameter
from guanxi.transfer import files, tasks
from guanxi.transfer.models import Import, RefusedRow
from guanxi.transfer.parameters import UPLOAD_MEGABYTES
from tests import cast
from tests.customers.company import make_contact, make_customer

pytestmark = pytest.mark.django_db

NEW = "/transfer/imports/new/"
LIST = "客户名称,电话,备注\n云栖智造,13805712233,老客户\n坏号码,12345,\n"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture(autouse=True)
def dictionary(db):
    with cast.change() as change:
        fill_dictionary(change=change)


@pytest.fixture
def owner():
    return cast.make_user("owner", "customers.view_customer", "transfer.import_customer", real_name="李思远")


def client_of(user) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def upload(client: Client, content: bytes | str = LIST, name: str = "名单.csv", **data: str):
    raw = content.encode() if isinstance(content, str) else content
    return client.post(NEW, {"kind": "customers", "file": SimpleUploadedFile(name, raw), **data})


def kept() -> list[Path]:
    return list(files.folder().iterdir()) if files.folder().exists() else []


def match(client: Client, found: Import, **data: str):
    columns = {"column-0": "name", "column-1": "phone", "column-2": ""}
    return client.post(f"/transfer/imports/{found.pk}/match/", {**columns, **data})


def checked(client: Client, content: str = LIST) -> Import:
    upload(client, content)
    found = Import.objects.get()
    match(client, found)
    work_off()
    found.refresh_from_db()
    return found


class TestTheWay:
    def test_from_the_file_to_the_customers(self, owner):
        client = client_of(owner)
        answer = upload(client)
        found = Import.objects.get()
        assert answer.status_code == 303
        page = client.get(answer.url).content.decode()
        assert "老客户" in page
        assert "1 column is left out" in page
        answer = match(client, found)
        assert answer.url == f"/transfer/imports/{found.pk}/wizard/"
        assert "every 1s" in client.get(answer.url).content.decode()
        work_off()
        page = client.get(answer.url).content.decode()
        assert 'id="count-new">1<' in page
        assert "12345" in page
        assert not Customer.objects.exists()
        answer = client.post(f"/transfer/imports/{found.pk}/start/", {"duplicates": "skip", "owner": "mine"})
        assert "every 1s" in client.get(answer.url).content.decode()
        work_off()
        page = client.get(answer.url).content.decode()
        assert 'id="count-created">1<' in page
        assert "every 1s" not in page
        assert Customer.objects.get().manager == owner
        refused = client.get(f"/transfer/imports/{found.pk}/refused/")
        text = b"".join(refused.streaming_content).decode("utf-8-sig")
        assert text.splitlines()[1].startswith("坏号码,12345,,3,")
        assert "attachment" in refused["Content-Disposition"]

    def test_htmx_gets_the_step_alone(self, owner):
        client = client_of(owner)
        found = checked(client)
        answer = client.get(f"/transfer/imports/{found.pk}/wizard/", headers={"hx-request": "true"})
        assert answer.content.decode().strip().startswith('<div class="wiz" id="step"')

    def test_customers_may_go_to_the_pool(self, owner):
        client = client_of(owner)
        found = checked(client)
        client.post(f"/transfer/imports/{found.pk}/start/", {"duplicates": "skip", "owner": "pool"})
        work_off()
        assert Customer.objects.get().manager is None

    def test_a_form_sent_twice_acts_once(self, owner):
        client = client_of(owner)
        first, second = (upload(client, submit_key="one") for _ in range(2))
        assert first.url == second.url
        assert Import.objects.count() == len(kept()) == 1
        found = Import.objects.get()
        match(client, found)
        work_off()
        for _ in range(2):
            answer = client.post(f"/transfer/imports/{found.pk}/start/", {"duplicates": "skip", "owner": "mine"})
            assert answer.status_code == 303
        work_off()
        assert Customer.objects.count() == 1
        assert ChangeSet.objects.filter(verb="import", way="import").count() == 1

    def test_the_template_is_read_back_in_both_languages(self, owner):
        client = client_of(owner)
        for language in ("en", "zh-hans"):
            answer = client.get("/transfer/imports/sample/customers/", headers={"accept-language": language})
            book = openpyxl.load_workbook(BytesIO(answer.content))
            assert book.worksheets[0]["A2"].value
            upload(client, answer.content, "template.xlsx")
            found = Import.objects.latest("pk")
            assert len(found.mapping) == len(found.headings) > 20
            match_all = {f"column-{place}": name for name, place in found.mapping.items()}
            client.post(f"/transfer/imports/{found.pk}/match/", match_all)
            work_off()
            found.refresh_from_db()
            assert (found.state, found.created, found.refused) == ("checked", 1, 0)


class TestDuplicates:
    TWICE = "客户名称,电话,备注\n海纳电子,,甲\n云栖智造,,乙\n云栖 智造,,丙\n坏号码,12345,丁\n"

    def test_the_preview_lists_the_rows_that_are_there_already(self, owner):
        make_customer("海纳电子", manager=owner)
        client = client_of(owner)
        found = checked(client, self.TWICE)
        assert [(number, text) for number, text, _why in found.duplicate_rows] == [
            (2, "海纳电子 · 甲"),
            (4, "云栖 智造 · 丙"),
        ]
        page = client.get(f"/transfer/imports/{found.pk}/wizard/").content.decode()
        listed = page.partition('id="duplicates"')[2].partition("</section>")[0]
        assert "海纳电子 · 甲" in listed
        assert "乙" not in listed
        assert "丁" not in listed
        assert listed.count("already a customer") == 2
        assert "are shown" not in listed

    def test_the_preview_names_whom_a_new_row_resembles_and_whose_that_is(self, owner):
        colleague = cast.make_user("colleague", "customers.view_customer", real_name="冯宇")
        code = "91330106MA2KJ1YX3T"
        make_customer("海纳电子", manager=colleague, phone="0571-86000000")
        make_contact(make_customer("启明智控"), "赵敏", mobile="13805712233")
        make_customer("云帆科技", manager=owner, licence_number=code)
        client = client_of(owner)
        rows = [f"新甲,057186000000,{code}", "新乙,13805712233,", "新丙,13900001111,", "海纳电子,0571-86000000,"]
        upload(client, "客户名称,电话,信用代码\n" + "\n".join(rows) + "\n")
        found = Import.objects.get()
        match(client, found, **{"column-2": "licence_number"})
        work_off()
        found.refresh_from_db()
        assert (found.created, found.skipped) == (3, 1)
        assert [row[0] for row in found.like_rows] == [2, 3]
        page = client.get(f"/transfer/imports/{found.pk}/wizard/").content.decode()
        listed = page.partition('id="likes"')[2].partition("</section>")[0]
        assert "海纳电子 · 冯宇 · same phone" in listed
        assert "云帆科技 · 李思远 · same licence number" in listed
        assert "启明智控 · public pool · same phone" in listed
        assert "新丙" not in listed
        assert tasks.actions.forget_files(before=cast.NOW.replace(year=2100)) == 1
        assert Import.objects.get().like_rows == []

    def test_resemblances_are_looked_up_by_the_batch(self, owner, django_assert_max_num_queries):
        for number in range(20):
            make_customer(f"公司{number}", manager=owner, phone=f"138000000{number:02}")
        rows = [(f"新{number}", [f"138000000{number:02}"], "") for number in range(20)]
        with django_assert_max_num_queries(4):
            found = find_likes([(phones, licence) for _name, phones, licence in rows])
        assert [[one.name for one in likes] for likes in found] == [[f"公司{number}"] for number in range(20)]

    def test_of_many_the_first_are_listed(self, owner):
        client = client_of(owner)
        found = checked(client, "客户名称,电话,备注\n" + "云栖智造,,甲\n" * 700)
        assert (found.created, found.skipped) == (1, 699)
        assert [row[0] for row in found.duplicate_rows] == list(range(3, 103))
        assert "The first 100 are shown" in client.get(f"/transfer/imports/{found.pk}/wizard/").content.decode()

    def test_they_are_forgotten_with_the_file_and_hidden_like_it(self, owner):
        found = checked(client_of(owner), self.TWICE)
        rights = ["transfer.view_import", "transfer.import_customer", "customers.view_customer"]
        viewer = client_of(cast.make_user("viewer", *rights, scope="all", masks=["phone"]))
        assert "云栖 智造" not in viewer.get(f"/transfer/imports/{found.pk}/wizard/").content.decode()
        assert Import.objects.get().duplicate_rows
        assert tasks.actions.forget_files(before=cast.NOW.replace(year=2100)) == 1
        assert Import.objects.get().duplicate_rows == []


class TestFaults:
    @pytest.mark.parametrize(
        ("content", "name"),
        [
            (b"", "a.csv"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xlsx"),
            (b"PK\x03\x04" + b"\0" * 600, "a.xlsx"),
            (bytes(range(256)) * 9, "a.csv"),
            ("客户名称,电话\n".encode(), "a.csv"),
            (b"\xff\xff\xfe" * 99, "a.csv"),
        ],
    )
    def test_a_file_that_cannot_be_read_is_one_sentence_and_leaves_nothing(self, owner, content, name):
        answer = upload(client_of(owner), content, name)
        assert answer.status_code == 422
        assert b'class="err"' in answer.content
        assert not Import.objects.exists()
        assert kept() == []

    def test_no_file_at_all(self, owner):
        assert client_of(owner).post(NEW, {"kind": "customers"}).status_code == 422

    def test_a_file_beyond_the_limit(self, owner):
        with cast.change() as change:
            set_parameter(UPLOAD_MEGABYTES, value=1, change=change)
        answer = upload(client_of(owner), LIST + "甲,,\n" * 300_000)
        assert answer.status_code == 422
        assert kept() == []

    def test_an_empty_name_is_told_beside_whatever_else_is_wrong_with_the_row(self, owner):
        client = client_of(owner)
        found = checked(client, "客户名称,电话,备注\n,12345,\n")
        text = client.get(f"/transfer/imports/{found.pk}/wizard/").content.decode()
        assert "Customer name: the cell is empty." in text
        assert "phone number" in text

    def test_columns_that_do_not_fit_are_asked_for_again_with_the_choices_kept(self, owner):
        client = client_of(owner)
        upload(client)
        found = Import.objects.get()
        answer = match(client, found, **{"column-0": ""})
        assert answer.status_code == 422
        assert "Customer name" in answer.content.decode()
        answer = match(client, found, **{"column-2": "name"})
        assert answer.status_code == 422
        answer = match(client, found, **{"column-2": "nonsense"})
        assert answer.status_code == 422
        assert Import.objects.get().state == "uploaded"

    def test_update_is_refused_without_the_right_to_edit(self, owner):
        client = client_of(owner)
        found = checked(client)
        answer = client.post(f"/transfer/imports/{found.pk}/start/", {"duplicates": "update", "owner": "mine"})
        assert answer.status_code == 422
        assert Import.objects.get().state == "checked"

    def test_a_file_that_vanished_is_one_sentence(self, owner):
        client = client_of(owner)
        upload(client)
        found = Import.objects.get()
        Path(found.path).unlink()
        assert client.get(f"/transfer/imports/{found.pk}/match/").status_code == 200
        match(client, found)
        work_off()
        found.refresh_from_db()
        assert found.state == "failed"
        assert found.fault in client.get(f"/transfer/imports/{found.pk}/wizard/").content.decode()


ADDRESSES = ["match", "wizard", "refused"]


class TestWho:
    def test_a_stranger_is_refused_everywhere(self, owner):
        found = checked(client_of(owner))
        stranger = client_of(cast.make_user("stranger", "customers.view_customer"))
        assert stranger.get(f"{NEW}?kind=customers").status_code == 403
        assert upload(stranger).status_code == 403
        assert stranger.get("/transfer/imports/sample/customers/").status_code == 403
        for page in ADDRESSES:
            assert stranger.get(f"/transfer/imports/{found.pk}/{page}/").status_code == 403
        assert stranger.post(f"/transfer/imports/{found.pk}/start/", {"duplicates": "skip"}).status_code == 403
        assert b"/imports/new/" not in stranger.get("/customers/").content

    def test_a_colleague_finds_nothing_of_others(self, owner):
        found = checked(client_of(owner))
        colleague = client_of(cast.make_user("colleague", "customers.view_customer", "transfer.import_customer"))
        for page in ADDRESSES:
            assert colleague.get(f"/transfer/imports/{found.pk}/{page}/").status_code == 404
        assert colleague.post(f"/transfer/imports/{found.pk}/start/", {"duplicates": "skip"}).status_code == 404
        assert match(colleague, found).status_code == 404
        work_off()
        assert not Customer.objects.exists()

    def test_an_administrator_sees_all(self, owner):
        found = checked(client_of(owner))
        admin = client_of(cast.make_user("admin", holds_all=True))
        assert admin.get(f"/transfer/imports/{found.pk}/wizard/").status_code == 200

    def test_only_the_author_goes_on_with_an_import(self, owner):
        found = checked(client_of(owner))
        admin = client_of(cast.make_user("admin", holds_all=True))
        page = admin.get(f"/transfer/imports/{found.pk}/wizard/").content.decode()
        assert "/start/" not in page
        assert "李思远" in page
        assert admin.get(f"/transfer/imports/{found.pk}/match/").status_code == 404
        assert match(admin, found).status_code == 404
        form = {"duplicates": "skip", "owner": "mine"}
        assert admin.post(f"/transfer/imports/{found.pk}/start/", form).status_code == 404
        work_off()
        assert Import.objects.get().state == "checked"
        assert not Customer.objects.exists()

    def test_before_it_is_checked_there_is_nothing_to_see_for_others(self):
        author = cast.make_user("author", "transfer.view_import", "transfer.import_customer")
        upload(client_of(author))
        found = Import.objects.get()
        admin = client_of(cast.make_user("admin", holds_all=True))
        assert admin.get(f"/transfer/imports/{found.pk}/wizard/", follow=True).status_code == 404
        assert "to-wizard" not in admin.get(f"/transfer/imports/{found.pk}/").content.decode()
        assert "to-wizard" in client_of(author).get(f"/transfer/imports/{found.pk}/").content.decode()

    @pytest.mark.parametrize(
        ("masks", "permissions", "seen"),
        [
            ([], ["customers.view_customer"], True),
            (["phone"], ["customers.view_customer"], False),
            (["bank"], ["customers.view_customer"], False),
            ([], [], False),
        ],
    )
    def test_rows_of_others_are_hidden_from_whom_anything_is_masked(self, owner, masks, permissions, seen):
        found = checked(client_of(owner))
        rights = ["transfer.view_import", "transfer.import_customer", *permissions]
        client = client_of(cast.make_user("viewer", *rights, scope="all", masks=masks))
        for page in ("", "wizard/"):
            answer = client.get(f"/transfer/imports/{found.pk}/{page}")
            assert answer.status_code == 200
            assert ("12345" in answer.content.decode()) == seen
        refused = client.get(f"/transfer/imports/{found.pk}/refused/")
        assert refused.status_code == (200 if seen else 404)

    def test_a_right_to_one_kind_is_none_to_another(self, owner):
        client = client_of(owner)
        assert client.get(f"{NEW}?kind=orders").status_code == 403
        assert client.get(f"{NEW}?kind=payments").status_code == 404
        assert b"kind=customers" in client.get("/customers/").content
        assert b"kind=orders" not in client.get("/customers/orders/").content

    def test_who_loses_the_right_imports_no_further(self, owner):
        client = client_of(owner)
        found = checked(client)
        client.post(f"/transfer/imports/{found.pk}/start/", {"duplicates": "skip", "owner": "mine"})
        with cast.change() as change:
            change.update(owner, is_active=False)
        work_off()
        found.refresh_from_db()
        assert found.state == "failed"
        assert not Customer.objects.exists()
        assert found.change_set.state == "done"


def test_old_files_and_refused_rows_are_forgotten(owner):
    found = checked(client_of(owner))
    assert RefusedRow.objects.exists()
    assert len(kept()) == 1
    assert tasks.actions.forget_files(before=found.created_at) == 0
    assert tasks.actions.forget_files(before=cast.NOW.replace(year=2100)) == 1
    assert kept() == []
    assert not RefusedRow.objects.exists()
    assert client_of(owner).post(f"/transfer/imports/{found.pk}/start/", {"duplicates": "skip", "owner": "mine"})
    assert not ChangeSet.objects.filter(way="import").exists()


def test_uploads_lie_under_random_names_that_only_the_server_reads(owner):
    upload(client_of(owner), name="../../evil.csv")
    (path,) = kept()
    assert path.stat().st_mode & 0o077 == 0
    assert len(path.name) == 32
    assert Import.objects.get().filename == "evil.csv"
