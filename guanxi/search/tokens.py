"""One tokenizer for the index and for what people type: grams of characters, and pinyin for Chinese."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from pypinyin import lazy_pinyin
from pypinyin.phrases_dict import phrases_dict

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
CJK = f"{HAN}\u3040-\u30ff\uac00-\ud7af"
_RUNS = re.compile(f"[{CJK}]+|[^\\W_{CJK}]+")
_CJK = re.compile(f"[{CJK}]")
_HAN_RUNS = re.compile(f"[{HAN}]+")
_BLANKS = re.compile(r"\s+")

LONGEST_NAME = 24
"""Runs of more Chinese characters are sentences: nobody looks for them by pinyin."""
LONGEST_PHRASE = 4
LONGEST_QUERY = 100
MOST_TERMS = 8


class Term(NamedTuple):
    """A token that a document must have, or that one of its tokens must begin with."""

    text: str
    prefix: bool = False


def normalise(text: str) -> str:
    """The form in which texts are compared: width and case folded, each run of blanks one space."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return _BLANKS.sub(" ", folded).strip()


def tokens(text: str) -> set[str]:
    """The tokens of a normalised text: from each character of a run on, two (CJK) or three (others) characters.

    The shorter ones at the end of a run let a query that is shorter than a gram be found by prefix.
    """
    return {run[at : at + size] for run, size in _runs(text) for at in range(len(run))}


def query_tokens(text: str) -> list[Term]:
    """What every document must have that contains each word of a normalised query; empty when that says nothing."""
    terms: dict[Term, None] = {}
    for run, size in reversed(list(_runs(text))):  # the ends of numbers and names tell more
        if len(run) < size:
            terms[Term(run, prefix=True)] = None
        for at in reversed(range(len(run) - size + 1)):
            terms[Term(run[at : at + size])] = None
    return [term for term in terms if not _vague(term)][:MOST_TERMS]


def words(text: str) -> list[str]:
    """The normalised words of what somebody typed; a document must contain them all."""
    return normalise(text)[:LONGEST_QUERY].split()


def spellings(text: str) -> Iterator[str]:
    """Full pinyin and initials of each Chinese name in a normalised text."""
    for run in _HAN_RUNS.findall(text):
        if len(run) <= LONGEST_NAME:
            syllables = [part for phrase in _phrases(run) for part in _syllables(phrase)]
            yield "".join(syllables)
            yield "".join(part[0] for part in syllables)


def document(lines: Iterable[str]) -> str:
    """The text that a search is checked against: each line once, normalised, then their pinyin."""
    plain = dict.fromkeys(line for line in map(normalise, lines) if line)
    spelt = dict.fromkeys(spelling for line in plain for spelling in spellings(line))
    return "\n".join([*plain, *(spelling for spelling in spelt if spelling not in plain)])


def _runs(text: str) -> Iterator[tuple[str, int]]:
    for run in _RUNS.findall(text):
        yield run, 2 if _CJK.match(run) else 3


def _vague(term: Term) -> bool:
    """Whether nearly every document has it, so that looking it up only costs time."""
    return term.prefix and not _CJK.match(term.text) and len(term.text) == 1


def _phrases(run: str) -> Iterator[str]:
    """Known phrases from left to right, the longest first: 重庆 is chongqing, 重 alone zhong."""
    at = 0
    while at < len(run):
        size = next((n for n in range(LONGEST_PHRASE, 1, -1) if run[at : at + n] in phrases_dict), 1)
        yield run[at : at + size]
        at += size


@lru_cache(maxsize=20_000)
def _syllables(phrase: str) -> tuple[str, ...]:
    """Toneless syllables of a phrase (ten times faster than to let pypinyin cut a whole name)."""
    return tuple(syllable for syllable in lazy_pinyin(phrase, errors="ignore") if syllable)
