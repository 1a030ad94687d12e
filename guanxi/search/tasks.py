"""Building the index anew, after a change of what is indexed."""

from collections import Counter

from django.utils.translation import gettext_lazy as _

from guanxi.jobs.registry import task
from guanxi.jobs.run import Run
from guanxi.search import index, registry


@task("search.rebuild", label=_("Rebuild the search index"), unique=True)
def rebuild(run: Run) -> dict[str, int]:
    """Index all records of all searchable models; payload: nothing."""
    counts: Counter[str] = Counter()
    for face in registry.faces():
        for size in index.rebuild(face.model):
            counts[face.label] += size
            run.progress(counts.total(), 0, face.label)
    return dict(counts)
