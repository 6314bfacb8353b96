"""All use cases in memory, for whoever asks: a house with its people, shops and runs."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.core import table_words
from bot.core.errors import Code, SellerMustAct
from bot.core.events import Notice
from bot.core.period import moscow_day
from bot.core.runs import ProgressMessage, Run, RunKind, RunStatus
from bot.core.sellers import KeyFacts, KeyKind, Profile, Right, Seller, Shop, ShopState
from bot.core.table_file import Host, Invitation, SharingWish
from bot.usecases.adopt_sheet import Adopted
from bot.usecases.app import UseCases
from bot.usecases.connect_shop import Connected
from bot.usecases.count_warehouses import Warehouses
from bot.usecases.delete_account import Erased
from bot.usecases.hand_over import Handover
from bot.usecases.register_seller import check_email, check_name, check_phone
from bot.usecases.request_refresh import Requested
from bot.usecases.share_table import TableView
from bot.usecases.shop_status import StatusView
from bot.usecases.switch_period import Switched

NOON = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TABLE_URL = "https://docs.google.com/spreadsheets/d/sheet-{shop_id}/edit"
GOOD_KEY = (
    "eyJhbGciOiJFUzI1NiIsImtpZCI6IjIwMjYifQ"
    ".eyJhY2MiOjEsInMiOjM2LCJzaWQiOiJwbGFudGVkLWtleSJ9"
    ".c2lnbmF0dXJlLW9mLXRoZS1wbGFudGVkLWtleQ"
)

HOST = Host("k", "robot@stock-tracker.iam.gserviceaccount.com")

Reply = Connected | BaseException


@dataclass
class House:
    """What the fakes remember. `on_key` decides what a pasted key does; errors are raised."""

    sellers: dict[int, Seller] = field(default_factory=dict)
    shops: list[Shop] = field(default_factory=list)
    runs: dict[int, Run] = field(default_factory=dict)
    figures: set[int] = field(default_factory=set)
    with_links: bool = True
    sharing: str | None = "done"
    table_url: str = TABLE_URL
    is_partial: bool = False
    on_key: Callable[[str], BaseException | None] = lambda _text: None
    while_checking: Callable[[], Awaitable[None]] | None = None
    on_check: BaseException | None = None
    trouble: BaseException | None = None
    key_kind: KeyKind = KeyKind.BASE
    pasted: list[str] = field(default_factory=list)
    on_link: Callable[[str], BaseException | None] = lambda _link: None
    wish: SharingWish = field(default_factory=SharingWish)
    outcome: str = "done"
    blocked: set[int] = field(default_factory=set)
    journal: list[str] = field(default_factory=list)
    invites: dict[str, int | None] = field(default_factory=dict)
    erased_runs: set[int] = field(default_factory=set)
    owed: list[Notice] = field(default_factory=list)

    def register(self, telegram_id: int, language: str = "ru") -> Seller:
        profile = Profile("Анна <Иванова>", "anna@example.ru", "+79991234567")
        seller = Seller(telegram_id, telegram_id, profile, language)
        self.sellers[telegram_id] = seller
        return seller

    def add_shop(self, telegram_id: int, name: str | None = "Ромашка", **about) -> Shop:
        number = 1 + sum(1 for shop in self.shops if shop.seller_id == telegram_id)
        shop = Shop(
            id=len(self.shops) + 1,
            seller_id=telegram_id,
            number=number,
            sid=f"sid-{len(self.shops) + 1}",
            name=name,
            state=about.pop("state", ShopState.LIVE),
            connected_at=NOON,
            fence=1,
            key_kind=about.pop("key_kind", KeyKind.BASE),
            key_expires_at=NOON + timedelta(days=90),
            **about,
        )
        self.shops.append(shop)
        return shop

    def of(self, seller: Seller) -> list[Shop]:
        return [shop for shop in self.shops if shop.seller_id == seller.id]

    def own(self, seller: Seller, shop_id: int) -> Shop:
        for shop in self.of(seller):
            if shop.id == shop_id:
                return shop
        raise SellerMustAct(Code.SHOP_UNKNOWN)

    def change(self, shop: Shop, **about) -> Shop:
        changed = replace(shop, **about)
        self.shops[self.shops.index(shop)] = changed
        return changed

    def open_run(self, shop_id: int) -> Run | None:
        runs = [run for run in self.runs.values() if run.shop_id == shop_id]
        return next((run for run in runs if run.status is RunStatus.OPEN), None)

    def request(self, shop: Shop, kind: RunKind) -> Requested:
        running = self.open_run(shop.id)
        if running is not None:
            return Requested(running, joined=True)
        run = Run(
            id=len(self.runs) + 1,
            shop_id=shop.id,
            day=moscow_day(NOON),
            kind=kind,
            status=RunStatus.OPEN,
            created_at=NOON,
            next_try_at=NOON,
            period_days=7,
        )
        self.runs[run.id] = run
        return Requested(run, joined=False)

    def change_run(self, run_id: int, **about) -> Run:
        self.runs[run_id] = replace(self.runs[run_id], **about)
        return self.runs[run_id]

    def note(self, what: str) -> None:
        self.journal.append(what)
        if self.trouble is not None:
            raise self.trouble


class FakePeople:
    def __init__(self, house: House) -> None:
        self.house = house

    async def seller(self, telegram_id):
        return self.house.sellers.get(telegram_id)

    async def shops(self, seller):
        self.house.note("shops")
        return self.house.of(seller)

    async def blocked(self, telegram_id):
        self.house.blocked.add(telegram_id)

    async def unblocked(self, telegram_id):
        self.house.blocked.discard(telegram_id)


class FakeRegisterSeller(FakePeople):
    async def __call__(self, telegram_id, profile, *, language):
        self.house.note("register_seller")
        checked = Profile(
            check_name(profile.name), check_email(profile.email), check_phone(profile.phone)
        )
        seller = Seller(telegram_id, telegram_id, checked, language, consented_at=NOON)
        self.house.sellers[telegram_id] = seller
        return seller


class FakeConnectShop(FakePeople):
    async def __call__(self, seller, text):
        self.house.note("connect_shop")
        self.house.pasted.append(text)
        if self.house.while_checking is not None:
            await self.house.while_checking()
        refusal = self.house.on_key(text)
        if refusal is not None:
            raise refusal
        known = self.house.of(seller)
        shop = known[0] if known else self.house.add_shop(seller.id)
        shop = self.house.change(shop, state=ShopState.LIVE, key_kind=self.house.key_kind)
        run = self.house.request(shop, RunKind.FIRST).run
        return Connected(shop, bool(known), run)


class FakeCheckKey(FakePeople):
    async def __call__(self, seller, shop_id):
        shop = self.house.own(seller, shop_id)
        if self.house.on_check is not None:
            raise self.house.on_check
        rights = frozenset({Right.ANALYTICS, Right.STATISTICS})
        return KeyFacts(KeyKind.BASE, rights, shop.sid, NOON + timedelta(days=90))


class FakeDeleteKey(FakePeople):
    async def __call__(self, seller, shop_id):
        self.house.note("delete_key")
        shop = self.house.own(seller, shop_id)
        self.house.change(shop, state=ShopState.WITHOUT_KEY, key_kind=None)


class FakeInvitations(FakePeople):
    async def make(self, admin_id):
        self.house.note("invitations.make")
        token = f"token-{len(self.house.invites)}-of-{admin_id}"
        self.house.invites[token] = None
        return token

    async def is_good(self, token, telegram_id):
        return self.house.invites.get(token, 0) in {None, telegram_id}

    async def redeem(self, token, telegram_id):
        if not await self.is_good(token, telegram_id):
            return False
        self.house.invites[token] = telegram_id
        return True


class FakeSwitchPeriod(FakePeople):
    async def __call__(self, seller, shop_id, days):
        self.house.note("switch_period")
        shop = self.house.own(seller, shop_id)
        if shop.period_days == days:
            return Switched(shop, None)
        changed = self.house.change(shop, period_days=days)
        return Switched(changed, self.house.request(changed, RunKind.TAPPED))


class FakePauseShop(FakePeople):
    async def __call__(self, seller, shop_id):
        self.house.note("pause_shop")
        return self.house.change(self.house.own(seller, shop_id), paused=True)

    async def resume(self, seller, shop_id):
        self.house.note("pause_shop.resume")
        return self.house.change(self.house.own(seller, shop_id), paused=False)


class FakeCountWarehouses(FakePeople):
    NAMES = ("Склад WB РФ", "Коледино", "Самара (Новосемейкино), очень длинное имя склада")

    async def view(self, seller, shop_id):
        return Warehouses(self.house.own(seller, shop_id), self.NAMES)

    async def __call__(self, seller, shop_id, name, *, counts):
        self.house.note(f"count_warehouses {name} {counts}")
        shop = self.house.own(seller, shop_id)
        left_out = shop.uncounted_warehouses
        wanted = left_out - {name} if counts else left_out | {name}
        changed = self.house.change(shop, uncounted_warehouses=wanted)
        return Warehouses(changed, self.NAMES, self.house.request(changed, RunKind.TAPPED))


class FakeDeleteAccount(FakePeople):
    async def __call__(self, seller):
        self.house.note("delete_account")
        mine = {shop.id for shop in self.house.of(seller)}
        self.house.shops = [shop for shop in self.house.shops if shop.id not in mine]
        del self.house.sellers[seller.telegram_id]
        watched = [r.progress for r in self.house.runs.values() if r.shop_id in mine]
        return Erased(tuple(one for one in watched if one), ())


class FakeRequestRefresh(FakePeople):
    async def __call__(self, seller, shop_id):
        self.house.note("request_refresh")
        return self._request(self.house.own(seller, shop_id), RunKind.TAPPED)

    async def as_admin(self, shop_id):
        self.house.note("request_refresh.as_admin")
        for shop in self.house.shops:
            if shop.id == shop_id:
                return self._request(shop, RunKind.ADMIN)
        raise SellerMustAct(Code.SHOP_UNKNOWN)

    async def everybody(self):
        self.house.note("request_refresh.everybody")
        live = [shop for shop in self.house.shops if shop.state is ShopState.LIVE]
        return [self._request(shop, RunKind.ADMIN) for shop in live]

    def _request(self, shop, kind):
        if shop.state is ShopState.WITHOUT_KEY:
            raise SellerMustAct(Code.KEY_MISSING)
        return self.house.request(shop, kind)


class FakeAttachProgress(FakePeople):
    async def __call__(self, run_id, message: ProgressMessage):
        self.house.note("attach_progress")
        if run_id in self.house.erased_runs:
            raise SellerMustAct(Code.SHOP_UNKNOWN)
        self.house.change_run(run_id, progress=message)


class FakeHandOver(FakePeople):
    async def __call__(self, seller, shop_id, *, as_file=False):
        self.house.note("hand_over")
        shop = self.house.own(seller, shop_id)
        if shop.id not in self.house.figures:
            raise SellerMustAct(Code.NO_DATA_YET)
        about = {"shop": shop, "at": NOON, "is_partial": self.house.is_partial}
        about["sharing"] = self.house.sharing
        if self.house.with_links and not as_file:
            return Handover(url=self.house.table_url.format(shop_id=shop.id), **about)
        return Handover(file_name=f"{shop.title}.xlsx", content=b"PK-workbook", **about)


class FakeShopStatus(FakePeople):
    async def __call__(self, seller, shop_id):
        shop = self.house.own(seller, shop_id)
        done = [
            run
            for run in self.house.runs.values()
            if run.shop_id == shop_id and run.status is not RunStatus.OPEN
        ]
        has_figures = shop.id in self.house.figures
        return StatusView(
            shop=shop,
            open_run=self.house.open_run(shop_id),
            last_run=done[-1] if done else None,
            figures_at=NOON if has_figures else None,
            is_partial=self.house.is_partial,
            about=(
                (
                    (table_words.SOURCE_ORDERS, "данные на 20.11.2026 12:00 МСК, товаров: 3"),
                    ("Период", "неделя"),
                )
                if has_figures
                else ()
            ),
        )


class FakeShareTable(FakePeople):
    @property
    def is_possible(self):
        return self.house.with_links

    async def view(self, seller, shop_id):
        shop = self.house.own(seller, shop_id)
        return TableView(
            shop=shop,
            email=seller.profile.email,
            url=TABLE_URL.format(shop_id=shop.id) if self.house.with_links else None,
            is_sellers_own=False,
            wish=self.house.wish,
            outcome=self.house.outcome,
            link_refused=False,
            trouble=None,
            can_bring_own=True,
        )

    async def set_role(self, seller, shop_id, role):
        self.house.note(f"set_role {role}")
        self.house.wish = replace(self.house.wish, role=role)
        return await self.view(seller, shop_id)

    async def set_link(self, seller, shop_id, *, is_open):
        self.house.note(f"set_link {is_open}")
        self.house.wish = replace(self.house.wish, by_link=is_open)
        return await self.view(seller, shop_id)


class FakeAdoptSheet(FakePeople):
    async def invite(self, seller, shop_id):
        self.house.note("adopt_sheet.invite")
        shop = self.house.own(seller, shop_id)
        return Invitation(shop.id, HOST, "ST-ABCD-2345", NOON + timedelta(hours=1))

    async def __call__(self, seller, invitation, link):
        self.house.note("adopt_sheet")
        refusal = self.house.on_link(link)
        if refusal is not None:
            raise refusal
        shop = self.house.own(seller, invitation.shop_id)
        return Adopted(shop, self.house.request(shop, RunKind.TAPPED))


class FakeMendTable(FakePeople):
    async def restore(self, seller, shop_id):
        self.house.note("mend_table.restore")
        return self.house.request(self.house.own(seller, shop_id), RunKind.TAPPED)

    async def make_new(self, seller, shop_id):
        self.house.note("mend_table.make_new")
        return self.house.request(self.house.own(seller, shop_id), RunKind.TAPPED)


class FakeRuns:
    """As much of a `RunStore` as a messenger needs."""

    def __init__(self, house: House) -> None:
        self.house = house

    async def by_id(self, run_id):
        return self.house.runs.get(run_id)


class FakeOutbox:
    """As much of an `Outbox` as a messenger needs."""

    def __init__(self, house: House) -> None:
        self.house = house

    async def put(self, notice):
        self.house.owed.append(notice)


def use_cases(house: House) -> UseCases:
    return UseCases(
        people=FakePeople(house),
        register_seller=FakeRegisterSeller(house),
        invitations=FakeInvitations(house),
        connect_shop=FakeConnectShop(house),
        check_key=FakeCheckKey(house),
        delete_key=FakeDeleteKey(house),
        switch_period=FakeSwitchPeriod(house),
        pause_shop=FakePauseShop(house),
        count_warehouses=FakeCountWarehouses(house),
        delete_account=FakeDeleteAccount(house),
        request_refresh=FakeRequestRefresh(house),
        attach_progress=FakeAttachProgress(house),
        hand_over=FakeHandOver(house),
        shop_status=FakeShopStatus(house),
        share_table=FakeShareTable(house),
        adopt_sheet=FakeAdoptSheet(house),
        mend_table=FakeMendTable(house),
    )


class MemoryDrafts:
    """Half-typed forms in memory; the same object outlives a restart of the bot."""

    def __init__(self) -> None:
        self.states: dict[str, str | None] = {}
        self.answers: dict[str, dict] = {}

    async def load(self, key):
        return self.states.get(key), dict(self.answers.get(key, {}))

    async def save_state(self, key, state, *, now):
        assert now.tzinfo is not None
        self.states[key] = state

    async def save_answers(self, key, answers, *, now):
        assert now.tzinfo is not None
        self.answers[key] = dict(answers)
