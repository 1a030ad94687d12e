import io
import logging
import logging.config
from copy import deepcopy

import pytest

from guanxi.config import logs
from tests import cast


def _line(message: str) -> str:
    record = logging.LogRecord("guanxi", logging.INFO, __file__, 1, message, None, None)
    logs.AddRequestId().filter(record)
    return logs.OneLine("[{request_id}] {message}").format(record)


@pytest.fixture(autouse=True)
def request_id():
    token = logs.request_id.set("abc")
    yield
    logs.request_id.reset(token)


def test_line_carries_the_id_of_its_request():
    assert _line("hello") == "[abc] hello"


def test_line_break_from_outside_stays_in_the_line():
    assert _line("a\r\nroot signed in") == "[abc] a\\r\\nroot signed in"


@pytest.mark.parametrize(
    ("path", "status"), [("/system/users/", 403), ("/system/access-check/?who=1&what=a%00b", 400), ("/nowhere/", 404)]
)
@pytest.mark.django_db
def test_a_refusal_is_one_line_without_a_traceback(client, settings, path, status):
    stranger = cast.make_user("stranger", *(["accounts.check_user"] if status == 400 else []))
    client.force_login(stranger)
    written = _written(settings, lambda: client.get(path))
    assert written[0].status_code == status
    assert "WARNING" in written[1]
    assert written[1].count("\n") == 1
    assert "Traceback" not in written[1]


def test_a_failure_keeps_its_traceback(settings):
    def fail():
        try:
            raise ValueError("broken")
        except ValueError:
            logging.getLogger("django.request").exception("Internal", extra={"status_code": 500})

    assert "ValueError: broken" in _written(settings, fail)[1]


def _written(settings, do):
    """What an act gives, and what the handler of the settings writes meanwhile."""
    stream, declared = io.StringIO(), deepcopy(settings.LOGGING)  # what is configured from is changed by it
    config, made = declared["handlers"]["stderr"], logging.config.DictConfigurator(declared)
    handler = logging.StreamHandler(stream)
    for name in config["filters"]:
        handler.addFilter(made.configure_filter(declared["filters"][name]))
    handler.setFormatter(made.configure_formatter(declared["formatters"][config["formatter"]]))
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    try:
        return do(), stream.getvalue()
    finally:
        logger.removeHandler(handler)
