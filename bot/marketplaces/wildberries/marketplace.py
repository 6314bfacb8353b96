"""Wildberries behind the port `Marketplace`."""

from collections.abc import AsyncIterator, Sequence
from datetime import time
from random import Random

import httpx
import msgspec

from bot.core.errors import Code, Defect, SellerMustAct, Transient
from bot.core.period import Period
from bot.core.ports import AnySnapshot, CallBudget, Memo, Observe
from bot.core.products import Source
from bot.core.sellers import Access, KeyFacts, KeyKind, Right
from bot.kit.breaker import Breaker
from bot.kit.clock import Clock
from bot.kit.retry import Backoff
from bot.marketplaces.wildberries import wire
from bot.marketplaces.wildberries.client import IN_FLIGHT, Call, Client
from bot.marketplaces.wildberries.funnel import FunnelSource
from bot.marketplaces.wildberries.hosts import WildberriesUrls
from bot.marketplaces.wildberries.limits import (
    PING_ANALYTICS,
    PING_STATISTICS,
    SELLER_INFO,
    Limits,
    Method,
)
from bot.marketplaces.wildberries.orders import OrdersSource
from bot.marketplaces.wildberries.reading import read_object
from bot.marketplaces.wildberries.remains_task import RemainsSource
from bot.marketplaces.wildberries.seller_stocks import SellerStocksSource
from bot.marketplaces.wildberries.token import read_key

_TIMEOUT = httpx.Timeout(connect=10.0, read=60.0, write=30.0, pool=30.0)
_SELLER_STOCK_KINDS = frozenset({KeyKind.PERSONAL, KeyKind.SERVICE})
_KEY_IS_CLOSED_OUT = frozenset({Code.METHOD_CLOSED_FOR_KEY, Code.METHOD_BLOCKED})
_LONGEST_NAME = 100
REFRESH_AT = time(0, 1)


class Wildberries:
    """The marketplace; `open_wildberries` makes one, `aclose` ends its connections."""

    def __init__(  # noqa: PLR0913 - each is a dependency of its own
        self,
        http: httpx.AsyncClient,
        client: Client,
        limits: Limits,
        clock: Clock,
        *,
        refresh_at: time,
        observe: Observe,
    ) -> None:
        self._http = http
        self._client = client
        self._limits = limits
        self._clock = clock
        self._funnel = FunnelSource(client, clock)
        self._remains = RemainsSource(client, limits, clock, observe)
        self._orders = OrdersSource(client, limits, clock, refresh_at=refresh_at)
        self._seller_stocks = SellerStocksSource(client, clock)

    @property
    def breakers(self) -> Sequence[Breaker]:
        """The breakers of the vendor's hosts."""
        return tuple(self._client.breakers.values())

    def read_key(self, text: str) -> Access:
        """Return what a pasted text says of itself, without asking anybody.

        The Statistics right is not demanded: without it orders come from the order feed.

        Raises:
            SellerMustAct: malformed, expired, a test key, another service's, or without the
                Analytics right.
        """
        return read_key(text, now=self._clock.now(), has_secret=self._limits.has_secret)

    async def verify(self, access: Access) -> None:
        """Ask by the pings of the hosts that the key is for whether it lives.

        Raises:
            SellerMustAct: the key is refused.
            Transient: the vendor could not be asked.
        """
        await self._ping(PING_ANALYTICS, access)
        if Right.STATISTICS in access.facts.rights:
            await self._ping(PING_STATISTICS, access)

    async def shop_name(self, access: Access) -> str | None:
        """Return the shop's name by one try of the budgeted seller-info.

        `None`: it has none, its call is spent (a Base key has one a day), or it was not told;
        the shop then goes by its number.
        """
        call = Call(SELLER_INFO, access, is_patient=False)
        try:
            info = await self._client.ask(call, _read_info)
        except (SellerMustAct, Transient, Defect):
            return None
        name = wire.first_name(info) if info else None
        return name[:_LONGEST_NAME] if name else None

    def sources(self, facts: KeyFacts) -> Sequence[Source]:
        """Return the sources that a key of this kind may be asked for."""
        always = (Source.REMAINS, Source.ORDERS, Source.FUNNEL)
        own = (Source.SELLER_STOCKS,) if facts.kind in _SELLER_STOCK_KINDS else ()
        return (*always, *own)

    async def collect(
        self, source: Source, access: Access, period: Period, memo: Memo
    ) -> AnySnapshot:
        """Bring one source whole; see the port."""
        match source:
            case Source.FUNNEL:
                return await self._funnel.collect(access, period, memo)
            case Source.REMAINS:
                return await self._remains.collect(access, memo)
            case Source.ORDERS:
                return await self._orders.collect(access, period, memo)
            case Source.SELLER_STOCKS:
                return await self._seller_stocks.collect(access, memo)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._http.aclose()

    async def _ping(self, method: Method, access: Access) -> None:
        try:
            await self._client.ask(Call(method, access), _read_anything)
        except Defect as error:
            if error.code in _KEY_IS_CLOSED_OUT:
                raise SellerMustAct(Code.KEY_REJECTED, error.detail) from None
            raise


def open_wildberries(  # noqa: PLR0913 - what the world gives us
    urls: WildberriesUrls,
    *,
    budget: CallBudget,
    clock: Clock,
    random: Random,
    client_secret: str | None = None,
    time_scale: float = 1.0,
    refresh_at: time = REFRESH_AT,
    transport: httpx.AsyncBaseTransport | None = None,
    observe: Observe = lambda _event: None,
) -> Wildberries:
    """Return the marketplace at `urls`.

    `time_scale` divides our own pacing and default waits. `refresh_at` is the Moscow time of the
    nightly refresh, for which a Base key's orders call is kept. `transport` takes the network's
    place.
    """
    limits = Limits(bool(client_secret), time_scale)
    http = httpx.AsyncClient(
        timeout=_TIMEOUT,
        limits=httpx.Limits(max_connections=IN_FLIGHT * 2, max_keepalive_connections=IN_FLIGHT),
        trust_env=False,
        transport=transport,
    )
    client = Client(
        http,
        urls,
        budget=budget,
        limits=limits,
        clock=clock,
        backoff=Backoff(random),
        client_secret=client_secret,
        observe=observe,
    )
    return Wildberries(http, client, limits, clock, refresh_at=refresh_at, observe=observe)


async def _read_info(chunks: AsyncIterator[bytes]) -> wire.SellerInfo:
    return await read_object(chunks, wire.SellerInfo)


async def _read_anything(chunks: AsyncIterator[bytes]) -> msgspec.Raw:
    return await read_object(chunks, msgspec.Raw)
