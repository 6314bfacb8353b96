"""The file behind a table, where it lives at a vendor of files: whose it is and who may see it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.core.errors import Code


class ShareRole(StrEnum):
    """What the seller's own address may do with his table."""

    WRITER = "writer"
    READER = "reader"


@dataclass(frozen=True, slots=True)
class SharingWish:
    """Who may see a table, as the seller wants it. `by_link`: whoever has the link may read."""

    role: ShareRole = ShareRole.WRITER
    by_link: bool = False


@dataclass(frozen=True, slots=True)
class Trouble:
    """A table cannot be written until the seller has acted; he was told of it once."""

    code: Code
    since: datetime


@dataclass(frozen=True, slots=True)
class Host:
    """The account that would work in a seller's own file; `key` names it, `address` is shown."""

    key: str
    address: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a seller needs to bring a file of his own: share it with `host`, put `code` into A1."""

    shop_id: int
    host: Host
    code: str
    expires_at: datetime


class Fate(StrEnum):
    """What has happened to a file since one last looked."""

    TRASHED = "trashed"
    THERE = "there"
    OUT_OF_REACH = "out_of_reach"  # deleted for ever, or closed to us


@dataclass(frozen=True, slots=True)
class Changes:
    """Files that have changed, by their id, and from where to look next time."""

    bookmarks: Mapping[str, str] = field(default_factory=dict)
    fates: Mapping[str, Fate] = field(default_factory=dict)
