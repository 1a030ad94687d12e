"""Tasks by name: functions marked `@task` in the `tasks.py` of any installed app."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.module_loading import autodiscover_modules

from guanxi.jobs import queue
from guanxi.jobs.models import Job
from guanxi.jobs.run import Run

Function = Callable[[Run], Any]

_tasks: dict[str, "Task"] = {}
_plans: dict[str, "Plan"] = {}


@dataclass(frozen=True)
class Task:
    """A function that a worker calls with a `Run`; what it returns is kept as the job's result."""

    name: str
    function: Function
    max_attempts: int = 5
    unique: bool = False
    queue: str = "default"
    priority: int = 0
    label: Any = ""

    def __call__(self, run: Run) -> Any:
        """Do the work now, in the caller's thread."""
        return self.function(run)

    def enqueue(
        self,
        payload: Mapping[str, Any] | None = None,
        *,
        key: str = "",
        run_at: datetime | None = None,
        owner: Any = None,
    ) -> Job:
        """Ask for the work in the caller's transaction.

        At most one unfinished job carries a key (for a `unique` task, a payload): that job is returned instead.
        """
        order = queue.Order(
            task=self.name,
            payload=dict(payload or {}),
            key=key or self._key_of(payload or {}),
            queue=self.queue,
            priority=self.priority,
            max_attempts=self.max_attempts,
        )
        return queue.add(order, run_at=run_at, owner=owner)

    def _key_of(self, payload: Mapping[str, Any]) -> str:
        if not self.unique:
            return ""
        text = json.dumps(payload, sort_keys=True, cls=DjangoJSONEncoder)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Plan:
    """A schedule declared in code; its row, which administrators change, is made when a worker starts."""

    name: str
    task: str
    every_minutes: int | None = None
    daily_at: time | None = None


def task(
    name: str,
    *,
    label: Any = "",
    max_attempts: int = 5,
    unique: bool = False,
    queue: str = "default",
    priority: int = 0,
) -> Callable[[Function], Task]:
    """Make a function the task `name` (`app.verb`), called `label` on screen; raises ImproperlyConfigured when another one has the name."""

    def register(function: Function) -> Task:
        made = Task(name, function, max_attempts, unique, queue, priority, label)
        known = _tasks.setdefault(name, made)
        if _home(known.function) != _home(function):
            raise ImproperlyConfigured(f"Two tasks are named {name}.")
        _tasks[name] = made
        return made

    return register


def plan(name: str, task: Task, *, every_minutes: int | None = None, daily_at: time | None = None) -> None:
    """Declare that a task runs by itself: every so many minutes, or daily at an hour of the company's day."""
    if (every_minutes is None) == (daily_at is None):
        raise ImproperlyConfigured(f"The plan {name} needs either every_minutes or daily_at.")
    _plans[name] = Plan(name, task.name, every_minutes, daily_at)


def plans() -> list[Plan]:
    """All declared schedules, in the order of their names."""
    discover()
    return [_plans[name] for name in sorted(_plans)]


def find(name: str) -> Task | None:
    """The task of that name, if any installed app has it."""
    if name not in _tasks:
        discover()
    return _tasks.get(name)


def said(name: str) -> str:
    """What a task is called on screen; its bare name when it has no label."""
    found = find(name)
    return str(found.label) if found and found.label else name


def enqueue(name: str, payload: Mapping[str, Any] | None = None, **options: Any) -> Job:
    """Ask for work by the task's name, for code that `tasks.py` itself imports; options as of `Task.enqueue`."""
    found = find(name)
    if found is None:
        raise LookupError(f"No app has a task named {name}.")
    return found.enqueue(payload, **options)


def discover() -> None:
    """Import the `tasks.py` of every installed app."""
    autodiscover_modules("tasks")


def _home(function: Function) -> tuple[str, str]:
    return function.__module__, function.__qualname__
