"""Ending the session of somebody else."""

from guanxi.accounts.models import Session
from guanxi.accounts.sessions import end_this
from guanxi.history.writer import ChangeWriter


def end_session_of(session: Session, *, change: ChangeWriter) -> None:
    """Sign one browser out at once; the log keeps whose it was."""
    change.note(session)
    end_this(session)
