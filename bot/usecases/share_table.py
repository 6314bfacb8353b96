"""Who may see a shop's table: the seller's own address, and, if he wants, whoever has the link."""

from dataclasses import dataclass, field, replace

from bot.core.errors import Code, SellerMustAct, Transient
from bot.core.ports import ShopStore, TableFiles, TableStore
from bot.core.sellers import Seller, Shop
from bot.core.table_file import ShareRole, SharingWish, Trouble
from bot.usecases.destination import destination_of
from bot.usecases.people import own_shop


@dataclass(frozen=True, slots=True)
class TableView:
    """A shop's table as its screen shows it.

    `url` is `None` where the table is a file in the chat. `outcome` is the publisher's word on
    the address (`done`, `no_google_account` …). `is_late`: Google could not be asked just now.
    """

    shop: Shop
    email: str = field(repr=False)
    url: str | None
    is_sellers_own: bool
    wish: SharingWish
    outcome: str | None
    link_refused: bool
    trouble: Trouble | None
    can_bring_own: bool
    is_late: bool = False


class ShareTable:
    """Shows and changes access; a wish is stored first and holds for every later refresh."""

    def __init__(self, shops: ShopStore, tables: TableStore, files: TableFiles | None) -> None:
        self._shops = shops
        self._tables = tables
        self._files = files

    @property
    def is_possible(self) -> bool:
        """Whether tables live at Google here."""
        return self._files is not None

    async def view(self, seller: Seller, shop_id: int) -> TableView:
        """Return the table of one of the seller's shops.

        Raises:
            SellerMustAct: not his shop.
        """
        shop = await own_shop(self._shops, seller, shop_id)
        state = await self._tables.state(shop.id)
        files = self._files
        return TableView(
            shop=shop,
            email=seller.profile.email,
            url=state.url if files is not None else None,
            is_sellers_own=files is not None and files.is_sellers_own(state),
            wish=state.sharing,
            outcome=state.notes.get("sharing"),
            link_refused=bool(state.notes.get("link_refused")),
            trouble=state.trouble,
            can_bring_own=files is not None and files.host(shop.id) is not None,
        )

    async def set_role(self, seller: Seller, shop_id: int, role: ShareRole) -> TableView:
        """Let the seller's address edit, or only read.

        Raises:
            SellerMustAct: not his shop, or its file is gone.
        """
        return await self._change(seller, shop_id, role=role)

    async def set_link(self, seller: Seller, shop_id: int, *, is_open: bool) -> TableView:
        """Let whoever has the link read, or nobody; the caller has warned and asked.

        Raises:
            SellerMustAct: not his shop, or its file is gone.
        """
        return await self._change(seller, shop_id, by_link=is_open)

    async def _change(
        self,
        seller: Seller,
        shop_id: int,
        *,
        role: ShareRole | None = None,
        by_link: bool | None = None,
    ) -> TableView:
        shop = await own_shop(self._shops, seller, shop_id)
        if self._files is None:
            raise SellerMustAct(Code.NOT_ALLOWED, "no Google")
        state = await self._tables.state(shop.id)
        before = state.sharing
        wish = SharingWish(
            before.role if role is None else role,
            before.by_link if by_link is None else by_link,
        )
        await self._tables.set_sharing(shop.id, wish)
        destination = destination_of(shop, seller, replace(state, sharing=wish))
        try:
            changed = await self._files.share(destination)
        except Transient:
            return replace(await self.view(seller, shop_id), is_late=True)
        await self._tables.note(shop.id, changed)
        return await self.view(seller, shop_id)
