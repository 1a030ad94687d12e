import logging

import pytest

from guanxi.config import logs


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
