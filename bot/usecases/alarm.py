"""Tell the operator of defects: one message per place, code and hour."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta

from bot.core.errors import Code, Transient
from bot.core.events import (
    DefectFound,
    DependencyChanged,
    Event,
    NightMissed,
    Notice,
    NoticeKind,
    RunFinished,
)
from bot.core.ports import Outbox
from bot.core.runs import RunStatus
from bot.kit.clock import Clock
from bot.kit.tasks import Tasks

EVERY_ADMIN = 0
ALARM_LIFE = timedelta(days=1)
AGAIN_SECONDS = 5.0
_NONE: Mapping[str, int] = {}


class Alarm:
    """An observer that puts alarms for the admins into the outbox, as soon as that is there."""

    def __init__(self, outbox: Outbox, clock: Clock, tasks: Tasks) -> None:
        self._outbox = outbox
        self._clock = clock
        self._tasks = tasks
        self._in_hand: set[str] = set()

    def __call__(self, event: Event) -> None:
        """Owe the admins a message if the event is a defect; the same one once an hour."""
        match event:
            case DefectFound(where, problem, _, shop_id):
                self._sound(where, problem, shop_id)
            case RunFinished(status=RunStatus.FAILED, shop_id=shop_id, problem=problem):
                self._sound("run", problem or Code.INTERNAL, shop_id)
            case DependencyChanged(name, problem, is_open=True):
                self._sound(name, problem, None)
            case NightMissed(problem, state):
                self._sound("night.missed", problem, None, {} if state is None else asdict(state))
            case _:
                return

    def _sound(
        self, where: str, code: Code, shop_id: int | None, numbers: Mapping[str, int] = _NONE
    ) -> None:
        notice = self._notice(where, code, shop_id, numbers)
        if notice.dedupe_key not in self._in_hand:
            self._in_hand.add(notice.dedupe_key)
            self._tasks.start("alarm", self._owe(notice))

    async def _owe(self, notice: Notice) -> None:
        """Store it; a database that is away is often what the alarm is about."""
        try:
            while self._clock.now() < notice.expires_at:
                try:
                    await self._outbox.put(notice)
                except Transient:
                    await self._clock.sleep(AGAIN_SECONDS)
                else:
                    return
        finally:
            self._in_hand.discard(notice.dedupe_key)

    def _notice(
        self, where: str, code: Code, shop_id: int | None, numbers: Mapping[str, int]
    ) -> Notice:
        now = self._clock.now()
        place = f"{where}:{code}:{shop_id or '-'}"
        return Notice(
            kind=NoticeKind.OPERATOR_ALARM,
            telegram_id=EVERY_ADMIN,
            dedupe_key=f"alarm:{place}:{now:%Y-%m-%dT%H}",
            payload={"where": where, "code": code, "shop_id": shop_id, **numbers},
            not_before=now,
            expires_at=now + ALARM_LIFE,
        )
