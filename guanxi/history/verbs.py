"""What the verbs of the log are called: history keeps their names, the layers above know the words."""

from collections.abc import Callable

_words: list[Callable[[str], str]] = []


def say_verbs(word: Callable[[str], str]) -> None:
    """Say how verbs, and the permissions of refusals, read in the reader's language."""
    _words[:] = [word]


def said(verb: str) -> str:
    """The verb as people read it; its bare name where nobody knows the word."""
    return _words[0](verb) if _words else verb
