"""Ask for a refresh: a seller's tap, an admin's command, or everybody at once."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from bot.core.errors import Code, SellerMustAct
from bot.core.period import moscow_day
from bot.core.ports import Gate, RunStore, ShopStore
from bot.core.runs import NewRun, ProgressMessage, Run, RunKind
from bot.core.sellers import GONE_AFTER, Seller, Shop
from bot.kit.clock import Clock
from bot.usecases.news import about_late_message
from bot.usecases.people import own_shop


@dataclass(frozen=True, slots=True)
class Requested:
    """The run that will bring the figures; `joined`: it was under way already."""

    run: Run
    joined: bool


class RequestRefresh:
    """Makes the shop's run, or joins the open one, and wakes the worker."""

    def __init__(  # noqa: PLR0913 - each is a neighbour of its own
        self,
        shops: ShopStore,
        runs: RunStore,
        gate: Gate,
        clock: Clock,
        wake: Callable[[], None],
        *,
        on_everybody: Callable[[], None] = lambda: None,
    ) -> None:
        self._shops = shops
        self._runs = runs
        self._gate = gate
        self._clock = clock
        self._wake = wake
        self._on_everybody = on_everybody

    async def __call__(self, seller: Seller, shop_id: int) -> Requested:
        """Refresh one of the seller's shops.

        Raises:
            SellerMustAct: not his shop, or it has no working key.
        """
        shop = await own_shop(self._shops, seller, shop_id)
        return await self._request(shop, RunKind.TAPPED)

    async def if_it_can(self, shop: Shop) -> Requested | None:
        """Refresh a shop of who asks; `None` where it has no working key."""
        try:
            return await self._request(shop, RunKind.TAPPED)
        except SellerMustAct:
            return None

    async def new_run(self, shop: Shop) -> NewRun | None:
        """Return the run that a change of this shop is to begin; `None` where it may have none."""
        if not await self._gate.allows(shop):
            return None
        return NewRun(RunKind.TAPPED, moscow_day(self._clock.now()))

    async def as_admin(self, shop_id: int) -> Requested:
        """Refresh any shop; the caller has checked that an admin asks.

        Raises:
            SellerMustAct: no such shop, or it has no working key.
        """
        shop = await self._shops.by_id(shop_id)
        if shop is None:
            raise SellerMustAct(Code.SHOP_UNKNOWN)
        return await self._request(shop, RunKind.ADMIN)

    async def everybody(self) -> list[Requested]:
        """Refresh every shop with a live key, as the night would; paused ones are left alone.

        So are those that are erased or lose their key meanwhile.
        """
        self._on_everybody()
        now = self._clock.now()
        shops = await self._shops.eligible(before=now, gone_since=now - GONE_AFTER)
        requested = []
        for shop in shops:
            with suppress(SellerMustAct):
                requested.append(await self._request(shop, RunKind.ADMIN))
        return requested

    async def _request(self, shop: Shop, kind: RunKind) -> Requested:
        if not await self._gate.allows(shop):
            raise SellerMustAct(Code.NOT_ALLOWED)
        now = self._clock.now()
        run, joined = await self._runs.request(shop, kind, day=moscow_day(now), now=now)
        self._wake()
        return Requested(run, joined)


class AttachProgress:
    """Remembers which chat message shows a run."""

    def __init__(self, runs: RunStore, clock: Clock) -> None:
        self._runs = runs
        self._clock = clock

    async def __call__(self, run_id: int, message: ProgressMessage) -> None:
        """Hand the message to the run; whoever finishes the run edits it.

        A run that has ended meanwhile owes the message its end all the same.

        Raises:
            SellerMustAct: the shop has been erased; nobody else will end the message.
        """
        now = self._clock.now()
        await self._runs.set_progress(
            run_id, message, late=lambda run: about_late_message(run, message, now)
        )


class OpenGate:
    """The gate of today: everybody may."""

    async def allows(self, shop: Shop) -> bool:
        """Say yes."""
        return shop.id > 0
