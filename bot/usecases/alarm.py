"""Tell the operator of defects: one message per place, code and hour."""

from datetime import timedelta

from bot.core.events import DefectFound, Event, Notice, NoticeKind
from bot.core.ports import Outbox
from bot.kit.clock import Clock
from bot.kit.tasks import Tasks

EVERY_ADMIN = 0
ALARM_LIFE = timedelta(days=1)


class Alarm:
    """An observer that puts alarms for the admins into the outbox."""

    def __init__(self, outbox: Outbox, clock: Clock, tasks: Tasks) -> None:
        self._outbox = outbox
        self._clock = clock
        self._tasks = tasks

    def __call__(self, event: Event) -> None:
        """Owe the admins a message if the event is a defect; the same one once an hour."""
        if isinstance(event, DefectFound):
            self._tasks.start("alarm", self._outbox.put(self._notice(event)))

    def _notice(self, event: DefectFound) -> Notice:
        now = self._clock.now()
        place = f"{event.where}:{event.problem}:{event.shop_id or '-'}"
        return Notice(
            kind=NoticeKind.OPERATOR_ALARM,
            telegram_id=EVERY_ADMIN,
            dedupe_key=f"alarm:{place}:{now:%Y-%m-%dT%H}",
            payload={"where": event.where, "code": event.problem, "shop_id": event.shop_id},
            not_before=now,
            expires_at=now + ALARM_LIFE,
        )
