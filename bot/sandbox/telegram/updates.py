"""The queue behind getUpdates: offsets, long polls, and what may go wrong with deliveries.

Source: https://core.telegram.org/bots/api#getupdates (read 2026-11-20).
"""

from collections import deque
from collections.abc import Sequence
from typing import Any

from bot.sandbox.telegram.bell import Bell
from bot.sandbox.telegram.errors import conflict

Update = dict[str, Any]

_FIRST_UPDATE_ID = 700_000_001
_REMEMBERED_UPDATES = 1000
_BATCH_LIMIT = 100
_LONGEST_POLL_SECONDS = 50
_NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


class UpdateQueue:
    """Updates that wait until a poller confirms them by asking for a higher offset."""

    def __init__(self, bell: Bell) -> None:
        self._bell = bell
        self._next_id = _FIRST_UPDATE_ID
        self._pending: list[Update] = []
        self._again: list[Update] = []
        self._known: deque[Update] = deque(maxlen=_REMEMBERED_UPDATES)
        self._allowed: frozenset[str] | None = None
        self._poll = 0

    @property
    def pending(self) -> Sequence[Update]:
        """What no poller has confirmed yet, oldest first."""
        return tuple(self._pending)

    @property
    def polls(self) -> int:
        """How many times getUpdates was called."""
        return self._poll

    @property
    def remembered(self) -> Sequence[Update]:
        """The last thousand, confirmed or not, oldest first."""
        return tuple(self._known)

    @property
    def allowed(self) -> frozenset[str] | None:
        """The kinds that the bot asked for; None is Telegram's default."""
        return self._allowed

    def add(self, kind: str, content: dict[str, Any]) -> int | None:
        """Queue an update and return its id; None when the bot does not want that kind."""
        if not self._wants(kind):
            return None
        return self.add_raw({kind: content})

    def add_raw(self, body: dict[str, Any]) -> int:
        """Queue an update whatever it holds (a kind that no model knows, say); return its id."""
        update = {"update_id": self._next_id, **body}
        self._next_id += 1
        self._pending.append(update)
        self._known.append(update)
        self._bell.ring()
        return int(update["update_id"])

    def repeat(self, update_id: int | None = None) -> None:
        """Deliver an update (the last one by default) once more, confirmed or not.

        Raises:
            LookupError: no such update is remembered.

        """
        wanted = self._next_id - 1 if update_id is None else update_id
        for update in self._known:
            if update["update_id"] == wanted:
                self._again.append(update)
                self._bell.ring()
                return
        raise LookupError(f"update {wanted} is not known")

    def drop(self) -> None:
        """Forget what is pending."""
        self._pending.clear()

    def allow(self, kinds: Sequence[str] | None) -> None:
        """Keep the kinds that the bot asks for; None leaves them, an empty list is the default."""
        if kinds is not None:
            self._allowed = frozenset(kinds) or None

    async def take(self, offset: int, limit: int, timeout_seconds: float) -> list[Update]:
        """Confirm what is below `offset` and return up to `limit` updates, or wait for one.

        Raises:
            BotApiError: 409, a newer poller has taken over.

        """
        self._poll += 1
        mine = self._poll
        self._bell.ring()
        self._confirm(offset)
        size = min(limit, _BATCH_LIMIT) if limit > 0 else _BATCH_LIMIT

        def look() -> list[Update] | None:
            if mine != self._poll:
                raise conflict()
            return self._batch(size) or None

        seconds = min(max(0.0, timeout_seconds), _LONGEST_POLL_SECONDS)
        return await self._bell.wait_for(look, seconds) or []

    def _wants(self, kind: str) -> bool:
        return kind not in _NOT_BY_DEFAULT if self._allowed is None else kind in self._allowed

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            self._pending = self._pending[offset:]
        elif offset > 0:
            self._pending = [one for one in self._pending if one["update_id"] >= offset]

    def _batch(self, size: int) -> list[Update]:
        again, self._again = self._again, []
        return [*again, *self._pending][:size]
