"""Answers at once, or by a job where there are too many rows; a kept answer is its asker's alone."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import QueryDict

from guanxi.jobs.models import UNFINISHED, Job
from guanxi.jobs.registry import enqueue
from guanxi.reports import answers
from guanxi.reports.answers import Answer
from guanxi.reports.models import KeptAnswer
from guanxi.reports.parameters import AT_ONCE
from guanxi.reports.questions import Question, ask
from guanxi.reports.report import reports

TASK = "reports.count"
KEPT_FOR = timedelta(days=7)


@dataclass(frozen=True)
class Outcome:
    """What there is to show: an answer with its time, or that it must be counted; `running` is the job that does."""

    answer: Answer | None
    at: datetime
    kept: bool = False
    running: Any = None


def outcome(question: Question) -> Outcome:
    """The answer, if it is known or counted at once."""
    if not is_large(question):
        return Outcome(question.report.answer(question), question.at)
    kept = KeptAnswer.objects.filter(key=question.key(), owner=question.user).first()
    found = answers.read(kept.text) if kept else None
    return Outcome(found, kept.at if kept else question.at, kept=True, running=running(question))


def is_large(question: Question) -> bool:
    """Whether it is about more rows than are counted while somebody waits; looks no further than that."""
    rows = question.report.volume(question)
    most = AT_ONCE.read() // question.report.effort(question)
    return rows is not None and rows.order_by()[: most + 1].count() > most


def running(question: Question) -> Job | None:
    """The job that counts, if it waits or is under way."""
    found: Job | None = Job.objects.filter(task=TASK, key=question.key(), state__in=UNFINISHED).first()
    return found


def start(question: Question) -> None:
    """Have it counted, once however often it is asked for."""
    payload = {"report": question.report.name, "params": question.params.urlencode()}
    enqueue(TASK, payload, key=question.key(), owner=question.user)


def count(user: Any, report: str, params: str, at: datetime) -> float:
    """Count as of `at` with the reach that the asker has now, and keep it; returns the seconds it took."""
    began = time.monotonic()
    question = ask(reports[report], user, QueryDict(params), at)
    if not question.valid or not user.has_perm(question.report.permission):
        return 0.0
    text = answers.write(question.report.answer(question))
    seconds = round(time.monotonic() - began, 2)
    kept = {"owner": user, "report": report, "at": at, "seconds": seconds, "text": text}
    KeptAnswer.objects.update_or_create(key=question.key(), defaults=kept)
    return seconds


def forget(*, before: datetime) -> int:
    """Erase answers that nobody needs any more; returns how many."""
    return KeptAnswer.objects.filter(at__lt=before - KEPT_FOR).delete()[0]
