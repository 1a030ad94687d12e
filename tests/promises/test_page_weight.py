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


def weights(client: Client, address: str) -> tuple[int, int]:
    """What the styles and the scripts that a page names weigh together."""
    page = client.get(address).content.decode()
    patterns = r'<link rel="stylesheet" href="/static/([^"]+)"', r'<script [^>]*src="/static/([^"]+)"'
    style, script = (sum(packed(path.read_bytes()) for path in files(page, one)) for one in patterns)
    return style, script


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
    style, script = weights(client, "/search/")
    assert style <= MOST_STYLE
    assert script <= MOST_SCRIPT


@pytest.mark.django_db
def test_the_start_page_adds_little(client):
    every, home = weights(client, "/search/"), weights(client, "/")
    assert home[0] - every[0] <= 3 * KIB
    assert home[1] - every[1] <= 8 * KIB
