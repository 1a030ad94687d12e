"""Pages are light: what travels for a list, packed as servers pack it."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from guanxi.customers.models import Customer
from tests import cast
from tests.demo.test_bulk import make

KIB = 1024
MOST_STYLE, MOST_SCRIPT, MOST_LIST = 12 * KIB, 25 * KIB, 12 * KIB
ROWS = 20


def packed(content: bytes) -> int:
    return len(gzip.compress(content, 6))


def files(page: str, pattern: str) -> list[Path]:
    """The files that a page names: its own ones of every page, in the order of the page."""
    names = re.findall(pattern, page)
    found = [finders.find(name) for name in names]
    assert names
    assert None not in found
    return [Path(str(path)) for path in found]


@pytest.fixture
def client():
    make(ROWS + 1)
    client = Client()
    client.force_login(cast.make_user("owner", holds_all=True))
    return client


@pytest.mark.django_db
def test_a_list_is_light(client):
    page = client.get("/customers/").content
    assert page.count(b'<tr id="row-') == ROWS < Customer.objects.count()
    assert packed(page) <= MOST_LIST


@pytest.mark.django_db
def test_style_and_scripts_of_every_page_are_light(client):
    home = client.get("/").content.decode()
    style = sum(packed(path.read_bytes()) for path in files(home, r'<link rel="stylesheet" href="/static/([^"]+)"'))
    script = sum(packed(path.read_bytes()) for path in files(home, r'<script [^>]*src="/static/([^"]+)"'))
    assert style <= MOST_STYLE
    assert script <= MOST_SCRIPT
