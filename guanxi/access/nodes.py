"""What the code says about one built-in node of the resource tree, before it is a row."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Node:
    """One built-in directory, menu or button. `parent` is a key; a code that is empty continues the numbering."""

    key: str
    kind: str
    label_zh: str
    label_en: str
    parent: str = ""
    code: str = ""
    permission: str = ""
    icon: str = ""
    url: str = ""
    position: int = 0
