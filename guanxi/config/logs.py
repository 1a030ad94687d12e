"""Log lines: plain, on stderr, each with the id of the request it belongs to."""

import logging
from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="-")


class AddRequestId(logging.Filter):
    """Give every record the id of the request that is being answered, or a dash."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let everything through."""
        record.request_id = request_id.get()
        return True


class OnlyFailures(logging.Filter):
    """Take the traceback off answers below 500: a refusal is no failure, one line says all of it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let everything through."""
        if getattr(record, "status_code", 500) < 500:
            record.exc_info = record.exc_text = None
        return True


class OneLine(logging.Formatter):
    """A formatter that keeps what a stranger sent from looking like further lines."""

    def __init__(self, layout: str) -> None:
        super().__init__(layout, style="{")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802, the name is logging's
        """Return the line with line breaks shown as escapes; tracebacks below it stay as they are."""
        return super().formatMessage(record).replace("\r", "\\r").replace("\n", "\\n")
