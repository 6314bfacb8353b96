"""Which methods we call and how often each may be called: the vendor's numbers as data.

Source: https://dev.wildberries.ru/openapi/api-information and the limits of each method in
/openapi/analytics, /openapi/reports (specification of 2026-10-24, read 2026-11-20)
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.core.errors import Code, Defect
from bot.core.ports import Allowance, Bucket
from bot.core.sellers import KeyFacts, KeyKind
from bot.marketplaces.wildberries.hosts import Host

SECOND = 1.0
MINUTE = 60.0
HOUR = 3600.0


class Profile(StrEnum):
    """The two sets of limits that the vendor keeps."""

    FULL = "full"
    BASE = "base"


@dataclass(frozen=True, slots=True)
class Method:
    """One method; `{id}` in `path` stands for a report's id.

    `base` None: closed to a plain Base key; `secret_opens`: open to one with our secret.
    `total_seconds` bounds one try, body included.
    """

    name: str
    host: Host
    verb: str
    path: str
    full: Allowance
    base: Allowance | None
    secret_opens: bool = True
    total_seconds: float = 90.0

    @property
    def has_report(self) -> bool:
        """Whether a "not found" speaks of a report and not of the method."""
        return "{id}" in self.path


_PING = Allowance(10 * SECOND, 99)
_REMAINS_BASE = Allowance(15 * MINUTE, 1)
_REMAINS = "/api/v1/warehouse_remains"
_STOCKS_REPORT = "/api/analytics/v1/stocks-report"

PING_ANALYTICS = Method("ping/analytics", Host.ANALYTICS, "GET", "/ping", _PING, _PING)
PING_STATISTICS = Method("ping/statistics", Host.STATISTICS, "GET", "/ping", _PING, _PING)
SELLER_INFO = Method(
    "seller-info",
    Host.COMMON,
    "GET",
    "/api/v1/seller-info",
    full=Allowance(MINUTE, 10),
    base=Allowance(24 * HOUR, 1),
    total_seconds=15.0,
)
FUNNEL = Method(
    "sales-funnel",
    Host.ANALYTICS,
    "POST",
    "/api/analytics/v3/sales-funnel/products",
    full=Allowance(20 * SECOND, 3),
    base=Allowance(30 * MINUTE, 1),
)
REMAINS_CREATE = Method(
    "remains/create",
    Host.ANALYTICS,
    "GET",
    _REMAINS,
    full=Allowance(MINUTE, 5),
    base=_REMAINS_BASE,
)
REMAINS_STATUS = Method(
    "remains/status",
    Host.ANALYTICS,
    "GET",
    _REMAINS + "/tasks/{id}/status",
    full=Allowance(5 * SECOND, 5),
    base=_REMAINS_BASE,
)
REMAINS_DOWNLOAD = Method(
    "remains/download",
    Host.ANALYTICS,
    "GET",
    _REMAINS + "/tasks/{id}/download",
    full=Allowance(MINUTE, 1),
    base=_REMAINS_BASE,
    total_seconds=300.0,
)
ORDERS = Method(
    "orders",
    Host.STATISTICS,
    "GET",
    "/api/v1/supplier/orders",
    full=Allowance(MINUTE, 10),
    base=Allowance(3 * HOUR, 1),
    total_seconds=300.0,
)
ORDER_FEED = Method(
    "order-feed",
    Host.ANALYTICS,
    "POST",
    "/api/analytics/v1/order-feed",
    full=Allowance(MINUTE, 1),
    base=Allowance(3 * HOUR, 1),
    total_seconds=180.0,
)
SELLER_WAREHOUSES = Method(
    "stocks/seller-warehouses",
    Host.ANALYTICS,
    "POST",
    _STOCKS_REPORT + "/seller-warehouses",
    full=Allowance(20 * SECOND, 1),
    base=None,
    secret_opens=False,
    total_seconds=180.0,
)

METHODS = (
    PING_ANALYTICS,
    PING_STATISTICS,
    SELLER_INFO,
    FUNNEL,
    REMAINS_CREATE,
    REMAINS_STATUS,
    REMAINS_DOWNLOAD,
    ORDERS,
    ORDER_FEED,
    SELLER_WAREHOUSES,
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a key may do, given whether we have a service secret. `time_scale` divides waits."""

    has_secret: bool = False
    time_scale: float = 1.0

    def profile(self, kind: KeyKind) -> Profile:
        """Return whose numbers hold for a kind of key; Base when in doubt."""
        if kind in {KeyKind.PERSONAL, KeyKind.SERVICE}:
            return Profile.FULL
        return Profile.FULL if kind is KeyKind.BASE and self.has_secret else Profile.BASE

    def allowance(self, method: Method, facts: KeyFacts) -> Allowance:
        """Return the token bucket of `method` for this key, on our scale of time.

        Raises:
            Defect: the method is closed to this kind of key.
        """
        by_secret = self.has_secret and facts.kind is KeyKind.BASE
        closed_by_secret = by_secret and not method.secret_opens
        is_base = self.profile(facts.kind) is Profile.BASE
        found = None if closed_by_secret else (method.base if is_base else method.full)
        if found is None:
            raise Defect(Code.METHOD_CLOSED_FOR_KEY, method.name)
        return Allowance(found.interval_seconds / self.time_scale, found.burst)

    def bucket(self, method: Method, facts: KeyFacts) -> Bucket:
        """Return whose calls are counted together: the seller's, per method and kind of key."""
        kind = facts.kind.name.lower()
        if facts.kind is KeyKind.BASE and self.has_secret:
            kind += "+secret"
        return Bucket(facts.sid, method.name, kind)
