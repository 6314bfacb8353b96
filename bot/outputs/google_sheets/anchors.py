"""Where our columns stand now, after whatever the seller has done to the sheet.

A column is recognised by its group and title. What he inserted is left alone, what he moved is
found, what he renamed in place stays ours, and what is gone is reported as gone.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.core.report import Report

_OWN_GROUPS = 2  # «Основная информация» and «Общие метрики»: their titles are unique
_SHARED = ""


@dataclass(frozen=True, slots=True)
class Key:
    """The identity of a column: its warehouse (empty for the first two groups) and its title."""

    place: str
    title: str


def keys_of(report: Report) -> tuple[Key, ...]:
    """Return the identities of the report's columns from left to right."""
    return tuple(
        Key(group.title if at >= _OWN_GROUPS else _SHARED, column.title)
        for at, group in enumerate(report.groups)
        for column in group.columns
    )


def places_of(report: Report) -> tuple[str, ...]:
    """Return the titles of the warehouse groups from left to right."""
    return tuple(group.title for group in report.groups[_OWN_GROUPS:])


def find_columns(
    keys: Sequence[Key], known_places: Collection[str], header: Sequence[Sequence[str]]
) -> list[int | None]:
    """Return for each key the column that it stands in now, `None` when it is not there.

    `header` is the row of group titles and the row of column titles as they were read.
    `known_places` are the groups that we have put there: only they can have been renamed.
    """
    titles = header[1]
    actual = _actual_keys(header, {key.place for key in keys})
    where = _exact(keys, actual)
    known = [at for at, key in enumerate(keys) if not key.place or key.place in known_places]
    _claim_renamed([keys[at] for at in known], known, where, titles)
    _drop_half_groups(keys, known_places, where)
    return where


def _actual_keys(header: Sequence[Sequence[str]], places: set[str]) -> list[Key]:
    groups, titles = header
    found, place = [], _SHARED
    for at, title in enumerate(titles):
        named = groups[at] if at < len(groups) else ""
        if named:
            place = named if named in places else _SHARED
        found.append(Key(place, title))
    return found


def _exact(keys: Sequence[Key], actual: Sequence[Key]) -> list[int | None]:
    first: dict[Key, int] = {}
    for at, key in enumerate(actual):
        first.setdefault(key, at)
    return [first.get(key) for key in keys]


def _claim_renamed(
    keys: Sequence[Key], known: Sequence[int], where: list[int | None], titles: Sequence[str]
) -> None:
    """Claim what stands exactly where columns of ours are missing, between two found ones.

    At the right end a stretch is claimed only if its column titles are ours: only the name of
    the warehouse was changed then.
    """
    taken = {at for at in where if at is not None}
    start = 0
    while start < len(known):
        if where[known[start]] is not None:
            start += 1
            continue
        end = start
        while end < len(known) and where[known[end]] is None:
            end += 1
        left = -1 if start == 0 else where[known[start - 1]]
        right = where[known[end]] if end < len(known) else None
        first = (-1 if left is None else left) + 1
        stretch = range(first, first + end - start)
        same_titles = list(titles[stretch.start : stretch.stop]) == [
            key.title for key in keys[start:end]
        ]
        fits = right == stretch.stop if right is not None else same_titles
        if fits and not taken & set(stretch):
            for index, at in zip(known[start:end], stretch, strict=True):
                where[index] = at
        start = end


def _drop_half_groups(
    keys: Sequence[Key], known_places: Collection[str], where: list[int | None]
) -> None:
    """Leave alone a column that only looks like a part of a group which we never put there."""
    for place in {key.place for key in keys} - {_SHARED, *known_places}:
        mine = [at for at, key in enumerate(keys) if key.place == place]
        if any(where[at] is None for at in mine):
            for at in mine:
                where[at] = None
