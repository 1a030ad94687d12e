"""Rows that follow from what change sets write, kept up with them in the same transaction."""

from collections.abc import Sequence
from typing import Protocol

from guanxi.history.models import Change
from guanxi.kernel.records import Record


class Follower(Protocol):
    """Brings what follows from some records up to date."""

    def __call__(self, kept: Sequence[Change], /) -> None:
        """`kept` are the changes just written, in their order, their values as the fields hold them."""


_followers: list[tuple[frozenset[str], Follower]] = []


def follow_writes(*models: type[Record], follower: Follower) -> None:
    """Let an app derive rows from every write of these models, whatever act it is part of, an undo too."""
    _followers.append((frozenset(model.label() for model in models), follower))


def tell_followers(kept: Sequence[Change]) -> None:
    """Hand each follower the changes that it asked for, if there are any."""
    for labels, follower in _followers:
        found = [one for one in kept if one.model in labels]
        if found:
            follower(found)
