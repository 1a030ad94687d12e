"""An import is taken back as one, from its last page."""

import pytest

from guanxi.customers.models import Customer
from guanxi.dictionary.actions import fill_dictionary
from guanxi.transfer import actions, work
from guanxi.transfer.models import Import
from guanxi.transfer.reading.limits import HEAD_ROWS
from guanxi.transfer.reading.table import read_first
from tests import cast
from tests.customers.company import make_customer, make_order
from tests.transfer.files import csv_file

pytestmark = pytest.mark.django_db

IMPORTER = ["customers.view_customer", "customers.edit_customer", "transfer.import_customer"]


@pytest.fixture(autouse=True)
def dictionary(db):
    with cast.change() as change:
        fill_dictionary(change=change)


def imported(path, by, **fields):
    """A file of customers that was imported."""
    _table, rows = read_first(path, HEAD_ROWS)
    with cast.change("upload", by=by) as change:
        found = actions.begin_import(
            kind="customers", path=path, filename=path.name, rows=rows, language="zh-hans", change=change
        )
        change.update(found, **fields)
    actions.open_import(found, at=cast.NOW, by=by)
    work.run_import(found, at=cast.NOW, report=lambda done, total: None)
    return Import.objects.get(pk=found.pk)


class TestUndo:
    @pytest.fixture
    def undoer(self):
        return cast.make_user("undoer", *IMPORTER, "history.undo_changeset", scope="own")

    def test_an_import_is_undone_as_one(self, tmp_path, undoer, client):
        kept = make_customer("西部机电", manager=undoer)
        file = csv_file(tmp_path / "a.csv", [["客户名称", "地址"], ["西部机电", "成都"], ["南方机电", "广州"]])
        found = imported(file, undoer, duplicates="update")
        assert (found.created, found.updated) == (1, 1)
        client.force_login(undoer)
        act = found.change_set
        page = client.get(f"/transfer/imports/{found.pk}/wizard/").content.decode()
        assert f'id="undo-import" href="/system/log/{act.pk}/undo/"' in page
        assert client.post(f"/system/log/{act.pk}/undo/").status_code == 303
        kept.refresh_from_db()
        assert kept.address == ""
        assert list(Customer.objects.in_use()) == [kept]
        page = client.get(f"/transfer/imports/{found.pk}/wizard/").content.decode()
        assert "undo-import" not in page

    def test_not_while_somebody_works_on_with_it(self, tmp_path, undoer, client):
        file = csv_file(tmp_path / "a.csv", [["客户名称"], ["南方机电"], ["北方机电"]])
        found = imported(file, undoer)
        make_order(Customer.objects.get(name="南方机电"))
        client.force_login(undoer)
        answer = client.post(f"/system/log/{found.change_set_id}/undo/")
        assert answer.status_code == 422
        assert Customer.objects.in_use().count() == 2
