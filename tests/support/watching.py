"""Sellers who watch their runs in a night of kills, and what becomes of their messages."""

from dataclasses import dataclass, field

import httpx

from bot.core.events import NoticeKind
from bot.core.period import moscow_day
from bot.core.runs import ProgressMessage, RunKind, RunStatus
from bot.usecases.request_refresh import AttachProgress
from tests.support.night_stage import CLOCK, FIRST_SELLER, Night

UNDER_WAY, ENDED = "Обновляю", "готова"


@dataclass
class Watchers:
    """Whoever watches his nightly run from beside the bot's process, as its handlers would.

    Their runs take their turn among the others: who goes first is killed most often, and would
    rightly end as the one that kills its process.
    """

    night: Night
    runs: dict[int, int] = field(default_factory=dict)
    messages: dict[int, ProgressMessage] = field(default_factory=dict)

    async def begin(self, shop_id: int) -> None:
        """Give a shop its run of this night before the bot does."""
        stores, now = self.night.stores, CLOCK.now()
        shop = await stores.shops.by_id(shop_id)
        run, _ = await stores.runs.request(shop, RunKind.NIGHTLY, day=moscow_day(now), now=now)
        self.runs[shop_id] = run.id

    async def watch(self, shop_id: int) -> None:
        """Send the message and hand it to the shop's run, however far that has come."""
        twin, user_id = self.night.stage.tg, FIRST_SELLER + self.night.shop_ids.index(shop_id)
        async with httpx.AsyncClient(trust_env=False) as http:
            said = {"chat_id": user_id, "text": UNDER_WAY}
            sent = await http.post(f"{twin.url}/bot{twin.token}/sendMessage", json=said)
        message = ProgressMessage(user_id, sent.json()["result"]["message_id"])
        await AttachProgress(self.night.stores.runs, CLOCK)(self.runs[shop_id], message)
        self.messages[self.runs[shop_id]] = message

    @property
    def message_ids(self) -> dict[int, int]:
        """Which message everybody who watches looks at."""
        return {one.chat_id: one.message_id for one in self.messages.values()}

    async def beyond_policy(self, kills: int) -> list:
        """Return what is wrong with the ends: each message comes to its own, and to no other.

        An attempt whose outcome a kill has made unknown is repeated; nothing else is.
        """
        told = [n for n in await self.night.notices() if n.kind == NoticeKind.RUN_FINISHED]
        wrong = [fault for run_id in self.messages for fault in self._faults_of(run_id, told)]
        repeats = sum(one.attempts - 1 for one in told)
        return wrong if repeats <= kills else [*wrong, f"{repeats} repeats after {kills} kills"]

    def _faults_of(self, run_id: int, told: list) -> list:
        notices = [one for one in told if one.payload["run_id"] == run_id]
        told_first = [one for one in notices if not one.payload.get("is_told")]
        ends = [one for one in told_first if one.payload["status"] != RunStatus.OPEN]
        if [one.status for one in ends] != ["delivered"]:
            return [(run_id, [(one.dedupe_key, one.status) for one in notices])]
        shown = self.messages[run_id]
        chat = self.night.stage.tg.user(shown.chat_id).transcript
        message = next(one for one in chat if one.message_id == shown.message_id)
        looks = [*(before.words for before in message.revisions), message.words]
        became = sum(ENDED in look for look in looks)
        anew = [one.words for one in chat if one is not message and ENDED in one.words]
        is_right = ENDED in looks[-1] and became <= ends[0].attempts
        return [] if is_right and not anew else [(run_id, looks, anew)]
