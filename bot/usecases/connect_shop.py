"""Connect a shop by its key; check and delete a key."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.core.errors import Code, SellerMustAct
from bot.core.period import moscow_day
from bot.core.ports import Marketplace, RunStore, ShopStore
from bot.core.runs import NewRun, Run, RunKind
from bot.core.sellers import KeyFacts, Seller, Shop
from bot.kit.clock import Clock
from bot.usecases.people import own_shop


@dataclass(frozen=True, slots=True)
class Connected:
    """A key was accepted. `replaced`: the shop was known, its old key is gone."""

    shop: Shop
    replaced: bool
    run: Run


class ConnectShop:
    """Takes a pasted key: decode, ask the marketplace cheaply, store, begin the first run."""

    def __init__(
        self,
        marketplace: Marketplace,
        shops: ShopStore,
        runs: RunStore,
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        self._marketplace = marketplace
        self._shops = shops
        self._runs = runs
        self._clock = clock
        self._wake = wake

    async def __call__(self, seller: Seller, text: str) -> Connected:
        """Store the key and begin a refresh; nothing is stored unless the key is good.

        Raises:
            SellerMustAct: the key cannot be used; the code says why.
            Transient: the marketplace could not be asked: neither a good nor a bad key.
        """
        access = self._marketplace.read_key(text)
        await self._marketplace.verify(access)
        known = {shop.sid for shop in await self._shops.of_seller(seller.id)}
        now = self._clock.now()
        first = NewRun(RunKind.FIRST, moscow_day(now))
        shop = await self._shops.connect(seller.id, access, now=now, begins=first)
        run, _ = await self._runs.request(shop, first.kind, day=first.day, now=now)
        self._wake()
        return Connected(shop, shop.sid in known, run)


class CheckKey:
    """Asks the marketplace whether a stored key still lives."""

    def __init__(self, marketplace: Marketplace, shops: ShopStore) -> None:
        self._marketplace = marketplace
        self._shops = shops

    async def __call__(self, seller: Seller, shop_id: int) -> KeyFacts:
        """Return what the key says of itself once the marketplace has accepted it.

        Raises:
            SellerMustAct: no key, or it is refused.
            Transient: the marketplace could not be asked.
        """
        shop = await own_shop(self._shops, seller, shop_id)
        access = await self._shops.access(shop.id)
        if access is None:
            raise SellerMustAct(Code.KEY_MISSING)
        again = self._marketplace.read_key(access.key.reveal())
        await self._marketplace.verify(again)
        return again.facts


class DeleteKey:
    """Erases a key: refreshing ends, shop and table stay."""

    def __init__(self, shops: ShopStore, clock: Clock) -> None:
        self._shops = shops
        self._clock = clock

    async def __call__(self, seller: Seller, shop_id: int) -> None:
        """Erase the key of one of the seller's shops."""
        shop = await own_shop(self._shops, seller, shop_id)
        await self._shops.delete_key(shop.id, now=self._clock.now())
