"""The pages of the dictionary."""

import pytest
from django.core.management import call_command
from django.test import Client

from guanxi.customers.models import Customer
from guanxi.dictionary.models import DictionaryEntry
from tests import cast
from tests.chromium import axe_faults, look
from tests.customers.company import make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    call_command("sync", verbosity=0)
    return cast.make_user("admin", holds_all=True)


@pytest.fixture
def client(admin):
    client = Client()
    client.force_login(admin)
    return client


def level(label="大客户"):
    return DictionaryEntry.objects.get(type="customer_level", label_zh=label)


def text_of(answer, status=200):
    assert answer.status_code == status
    return answer.content.decode()


def test_the_list_shows_the_entries_of_the_chosen_type(client):
    page = text_of(client.get("/dictionary/?type=customer_level"))
    assert "战略合作伙伴" in page
    assert "投诉" not in page
    assert 'aria-current="page"' in page


def test_an_unknown_type_shows_the_first(client):
    assert client.get("/dictionary/?type=nothing").status_code == 200


def test_creating_adds_at_the_end_of_its_type(client):
    sent = {"type": "customer_level", "label_zh": "样板客户", "label_en": "Showcase", "tone": "vio"}
    assert client.post("/dictionary/new/", sent).status_code == 303
    entry = level("样板客户")
    last = DictionaryEntry.objects.of("customer_level").last()
    assert (entry.label_en, entry.tone, last) == ("Showcase", "vio", entry)


@pytest.mark.parametrize(
    ("fault", "field"), [({"label_zh": "大客户"}, "label_zh"), ({"type": "nothing"}, "type"), ({"tone": "red"}, "tone")]
)
def test_bad_input_is_said_next_to_its_field(client, fault, field):
    sent = {"type": "customer_level", "label_zh": "样板客户", "tone": "vio", **fault}
    page = text_of(client.post("/dictionary/new/", sent), 422)
    assert f'id="id_{field}_error"' in page
    assert DictionaryEntry.objects.of("customer_level").count() == 5


def test_editing_renames_wherever_it_is_used(client):
    entry = level()
    sent = {"label_zh": "重要客户", "label_en": "", "tone": "ok", "position": 1, "seen": entry.version}
    assert client.post(f"/dictionary/{entry.pk}/edit/", sent).status_code == 303
    assert level("重要客户") == entry


def test_an_entry_in_use_is_not_deleted_but_retired_or_merged(client):
    customer = make_customer(level=level())
    entry, other = level(), level("普通客户")
    assert "客户 1" in text_of(client.post(f"/dictionary/{entry.pk}/bin/"), 422)
    assert "客户" in text_of(client.get(f"/dictionary/{entry.pk}/tab/uses/"))
    assert client.post(f"/dictionary/{entry.pk}/retire/").status_code == 303
    assert level().retired
    assert client.post(f"/dictionary/{entry.pk}/revive/").status_code == 303
    assert client.post(f"/dictionary/{entry.pk}/merge/", {"into": other.pk}).status_code == 303
    assert Customer.objects.get(pk=customer.pk).level == other
    assert client.get(f"/dictionary/{entry.pk}/").status_code == 404


def test_an_entry_of_another_type_is_no_choice_to_merge_into(client):
    other = DictionaryEntry.objects.of("chance_source").first()
    page = text_of(client.post(f"/dictionary/{level().pk}/merge/", {"into": other.pk}), 422)
    assert 'id="id_into_error"' in page


def test_one_that_is_not_used_goes_to_the_bin_and_back(client):
    entry = level()
    assert client.post(f"/dictionary/{entry.pk}/bin/").status_code == 303
    assert client.post(f"/dictionary/{entry.pk}/restore/").status_code == 303
    assert level().binned_in is None


def test_both_doors_of_the_menu_lead_here(client):
    page = text_of(client.get("/dictionary/"))
    menu = page[page.index('<nav class="nav"') : page.index("</nav>")]
    assert menu.count('href="/dictionary/"') == 2
    assert menu.count("aria-current") == 1


def test_who_may_only_look_sees_no_verbs():
    call_command("sync", verbosity=0)
    reader = Client()
    reader.force_login(cast.make_user("reader", "dictionary.view_dictionaryentry"))
    page = text_of(reader.get("/dictionary/"))
    assert "/dictionary/new/" not in page
    assert reader.post(f"/dictionary/{level().pk}/retire/").status_code == 403


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("width", "dark"), [(1440, True), (390, False)])
def test_the_page_is_clean(transactional_db, open_page, width, dark):
    call_command("sync", verbosity=0)
    page = open_page(cast.make_user("admin", holds_all=True), width=width, dark=dark)
    page.goto("/dictionary/?type=customer_level")
    look(page, f"dictionary-{width}-{'dark' if dark else 'light'}")
    assert axe_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
