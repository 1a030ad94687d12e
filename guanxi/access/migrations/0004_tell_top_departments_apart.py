"""Two departments at the top could get one name when they were made at once: the later one is numbered.

Only then can the next migration forbid it.
"""

from itertools import count
from typing import Any

from django.db import migrations

ROOM = 60


def number_later_ones(apps: Any, schema_editor: Any) -> None:
    """Give each further department of a name a number that is free."""
    top = apps.get_model("access", "Department").objects.filter(parent=None, binned_in=None).order_by("pk")
    named = list(top.values_list("pk", "name"))
    taken = {name.lower() for _pk, name in named}
    seen: set[str] = set()
    for pk, name in named:
        if name.lower() in seen:
            free = next(one for n in count(2) if (one := f"{name[: ROOM - 6]} ({n})").lower() not in taken)
            top.filter(pk=pk).update(name=free)
            taken.add(free.lower())
        seen.add(name.lower())


class Migration(migrations.Migration):
    dependencies = [("access", "0003_requires_second_factor")]
    operations = [migrations.RunPython(number_later_ones, migrations.RunPython.noop)]
