"""What a resource would tell other programs: real fields, said once, none of them a secret or bookkeeping."""

import pytest

from guanxi.web.registry import all_resources

DECLARED = [one for one in all_resources if one.api_fields]
BOOKKEEPING = {"version", "binned_in", "name_key", "password"}


def test_every_record_of_the_business_is_ready():
    apps = {"customers", "marketing", "service", "retention"}
    made = {one.model for one in all_resources if one.app in apps and type(one).create and one.model._meta.app_label}
    settings = {"ServiceTarget", "CalendarDay", "LossThreshold"}
    ready = {one.model for one in DECLARED}
    assert {model.__name__ for model in made - ready} == settings


@pytest.mark.parametrize("resource", DECLARED, ids=lambda one: one.key)
def test_fields_are_real_and_said_once(resource):
    names = list(resource.api_fields)
    assert len(names) == len(set(names))
    for name in names:
        field = resource.model._meta.get_field(name)
        assert field.concrete
        assert name not in BOOKKEEPING | resource.model.secret
