"""Uploaded files: they leave as files alone, and nothing beside them is touched."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guanxi.dictionary.actions import fill_dictionary
from guanxi.jobs.worker import work_off
from guanxi.transfer import files
from guanxi.transfer.models import Import
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


@pytest.fixture
def owner():
    with cast.change() as change:
        fill_dictionary(change=change)
    return cast.make_user("owner", "customers.view_customer", "transfer.import_customer")


def test_only_uploads_are_forgotten(media):
    beside = media / "secret_key"
    mine = files.keep([b"name\n"])
    beside.write_text("kept")
    for path in (beside, files.folder() / ".." / "secret_key", ""):
        files.forget(path)
    assert beside.exists()
    files.forget(mine)
    assert not mine.exists()


def test_what_was_uploaded_leaves_as_a_file_alone(owner):
    client = Client()
    client.force_login(owner)
    upload = SimpleUploadedFile("名单.csv", "客户名称,电话\n<script>alert(1)</script>,12345\n".encode())
    client.post("/transfer/imports/new/", {"kind": "customers", "file": upload})
    found = Import.objects.get()
    client.post(f"/transfer/imports/{found.pk}/match/", {"column-0": "name", "column-1": "phone"})
    work_off()
    answer = client.get(f"/transfer/imports/{found.pk}/refused/")
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Content-Type"].startswith("text/csv")
    assert b"<script>" in b"".join(answer.streaming_content)
    for path in files.folder().iterdir():
        for address in (f"/files/imports/{path.name}", f"/media/imports/{path.name}", f"/static/../files/{path.name}"):
            assert client.get(address).status_code == 404
