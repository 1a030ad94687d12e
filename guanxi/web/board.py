"""A board: one lane a state, each with its first cards, a capped count and a sum."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Sum

from guanxi.web.cells import Cell, Shower
from guanxi.web.declarations import Action
from guanxi.web.formats import short_money
from guanxi.web.paging import capped_count
from guanxi.web.resource import Resource

CARDS = 30
LANE_CAP = 999
SUM_CAP = 5_000
"""A lane longer than this shows no sum rather than a slow one."""


@dataclass(frozen=True)
class Card:
    """One record on the board. `moves` maps a lane to the address of the step that leads there."""

    row: dict[str, Any]
    title: str
    cells: list[tuple[Any, Cell]]
    moves: dict[str, str]


@dataclass(frozen=True)
class Lane:
    """One state with its cards."""

    value: str
    label: str
    tone: str
    count: int
    cap: int
    total: str
    cards: list[Card]


def board_lanes(resource: Resource, rows: models.QuerySet[Any], *, user: Any, masked: frozenset[str]) -> list[Lane]:
    """The lanes of a resource's board over rows that are already within reach."""
    field: Any = resource.model._meta.get_field(resource.board)
    return [
        _lane(resource, rows.filter(**{resource.board: value}), value, str(label), user, masked)
        for value, label in field.choices
    ]


def _lane(
    resource: Resource,
    rows: models.QuerySet[Any],
    value: str,
    label: str,
    user: Any,
    masked: frozenset[str],
) -> Lane:
    count = capped_count(rows, LANE_CAP)
    return Lane(
        value=value,
        label=label,
        tone=resource.tones.get(resource.board, {}).get(value, "mut"),
        count=count,
        cap=LANE_CAP,
        total=_total(resource, rows, masked),
        cards=_cards(resource, rows, value, user, masked) if count else [],
    )


def _total(resource: Resource, rows: models.QuerySet[Any], masked: frozenset[str]) -> str:
    if not resource.board_sum or resource.column(resource.board_sum).field_class in masked:
        return ""
    if capped_count(rows, SUM_CAP) > SUM_CAP:
        return ""
    total = rows.aggregate(total=Sum(resource.board_sum))["total"]
    return short_money(total) if total is not None else ""


def _cards(resource: Resource, rows: models.QuerySet[Any], value: str, user: Any, masked: frozenset[str]) -> list[Card]:
    columns = [resource.column(name) for name in (resource.title_field, *resource.board_card)]
    order = resource.sort_of("", masked).order()
    found = list(rows.order_by(*order).values("id", resource.board, *(column.key for column in columns))[:CARDS])
    shower = Shower(columns, found, masked=masked, tones=resource.tones, deadlines=resource.deadlines)
    steps = moves_from(resource, value, user)
    return [
        Card(
            row=row,
            title=shower.cell(columns[0], row).text,
            cells=[(column, shower.cell(column, row)) for column in columns[1:]],
            moves={lane: resource.url(action.verb, row["id"]) for lane, action in steps.items()},
        )
        for row in found
    ]


def moves_from(resource: Resource, value: str, user: Any) -> dict[str, Action]:
    """The other lanes that a step leads to from a state, with the step that the user may take."""
    flow = resource.model.flow
    return {
        flow.steps[action.verb].target: action
        for action in resource.actions
        if action.verb in flow.steps
        and value in flow.steps[action.verb].sources
        and flow.steps[action.verb].target != value
        and user.has_perm(resource.permission_of(action))
    }
