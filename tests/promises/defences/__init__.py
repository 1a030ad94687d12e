"""The defences of Guanxi, each with the text whose absence is a hole and the tests that must miss it.

`make defects` takes one after the other out of a copy of the sources and expects its tests to fail there.
"""

from tests.promises.defences import answers, doors, inputs, rights, rules
from tests.promises.defences.defence import Cut, Defence

__all__ = ["ALL", "Cut", "Defence"]

ALL: list[Defence] = [*doors.ALL, *answers.ALL, *rights.ALL, *inputs.ALL, *rules.ALL]
