"""What is told of a defence."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cut:
    """A text that stands exactly once in a file, and what stands there without the defence."""

    path: str
    old: str
    new: str


@dataclass(frozen=True)
class Defence:
    """What stands against an attack, how it is taken out, and the tests of which one fails then."""

    name: str
    cuts: tuple[Cut, ...]
    tests: tuple[str, ...]


def defence(name: str, path: str, old: str, new: str, *tests: str, also: tuple[Cut, ...] = ()) -> Defence:
    """A defence that one text holds up; `also` are further ones that stand behind it."""
    return Defence(name, (Cut(f"guanxi/{path}", old, new), *also), tuple(f"tests/{test}" for test in tests))
