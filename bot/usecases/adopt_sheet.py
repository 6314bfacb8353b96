"""Take a Google Sheet that the seller made himself for a shop's table.

The code shows that whoever pastes the link may also edit that very file. It guards nothing by
itself: it is ours, made for one shop, good once and for an hour, and compared only with what
stands in the named file. Nobody can choose it to fit a stranger's file, and 40 random bits do not
turn up there by accident; so it may be short enough to be typed.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from urllib.parse import urlsplit

from bot.core.errors import Code, SellerMustAct
from bot.core.ports import ShopStore, TableFiles, TableStore
from bot.core.sellers import Seller, Shop
from bot.core.table_file import Invitation
from bot.kit.clock import Clock
from bot.usecases.people import own_shop
from bot.usecases.request_refresh import Requested, RequestRefresh

CODE_LIFE = timedelta(hours=1)
_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is read as another one
_PART = 4
_FILE = re.compile(r"/spreadsheets/(?:u/\d+/)?d/([A-Za-z0-9_-]{20,100})(?:/|$)")


@dataclass(frozen=True, slots=True)
class Adopted:
    """The shop whose table now lives in the seller's file; `requested` fills it, if it can."""

    shop: Shop
    requested: Requested | None


class AdoptSheet:
    """Invites a seller to bring a file, then checks it; nothing is written before it is right."""

    def __init__(  # noqa: PLR0913 - each is a neighbour of its own
        self,
        shops: ShopStore,
        tables: TableStore,
        files: TableFiles | None,
        *,
        request_refresh: RequestRefresh,
        clock: Clock,
        random: Random,
    ) -> None:
        self._shops = shops
        self._tables = tables
        self._files = files
        self._request_refresh = request_refresh
        self._clock = clock
        self._random = random

    async def invite(self, seller: Seller, shop_id: int) -> Invitation:
        """Return the address to share a blank sheet with, and the code for its A1.

        Raises:
            SellerMustAct: not his shop, or the operator has no account for that.
        """
        shop = await own_shop(self._shops, seller, shop_id)
        host = self._files.host(shop.id) if self._files is not None else None
        if host is None:
            raise SellerMustAct(Code.NOT_ALLOWED, "no service account")
        return Invitation(shop.id, host, self._code(), self._clock.now() + CODE_LIFE)

    async def __call__(self, seller: Seller, invitation: Invitation, link: str) -> Adopted:
        """Make the linked file the table of the invited shop and begin to fill it.

        Raises:
            SellerMustAct: a link that is no sheet, no access, a read-only share, a wrong or old
                code, a file that is a table already; nothing was written.
            Transient: Google could not be asked.
        """
        shop = await own_shop(self._shops, seller, invitation.shop_id)
        if self._files is None:
            raise SellerMustAct(Code.NOT_ALLOWED, "no service account")
        if invitation.expires_at <= self._clock.now():
            raise SellerMustAct(Code.SHEET_CODE_EXPIRED)
        file_id = file_id_of(link)
        if await self._tables.shops_of_files([file_id]):
            raise SellerMustAct(Code.SHEET_TAKEN)
        before = await self._tables.state(shop.id)
        state = await self._files.examine(invitation, file_id, before)
        new = await self._request_refresh.new_run(shop)
        await self._tables.put_state(shop.id, state, now=self._clock.now(), begins=new)
        return Adopted(shop, await self._request_refresh.if_it_can(shop))

    def _code(self) -> str:
        parts = ("".join(self._random.choices(_SIGNS, k=_PART)) for _ in range(2))
        return "ST-" + "-".join(parts)


def file_id_of(link: str) -> str:
    """Return the file that a pasted link names.

    Raises:
        SellerMustAct: `SHEET_LINK_INVALID`, it is no link to a Google Sheet.
    """
    words = [word for word in link.split() if "/spreadsheets/" in word]
    parts = urlsplit(words[0] if words else "")
    found = _FILE.search(parts.path)
    if parts.hostname not in {"docs.google.com", None} or found is None:
        raise SellerMustAct(Code.SHEET_LINK_INVALID)
    if parts.hostname is None and not parts.path.startswith("docs.google.com/"):
        raise SellerMustAct(Code.SHEET_LINK_INVALID)
    return found[1]
