"""Which methods exist, whom they serve, and how often: data of the specification of 24 Oct 2026.

Source: https://dev.wildberries.ru/openapi/api-information, /openapi/analytics, /openapi/reports
(read 2026-11-20)
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.sandbox.wildberries.keys import ANALYTICS, STATISTICS

SECOND = 1.0
MINUTE = 60.0
HOUR = 3600.0


class Host(StrEnum):
    """The vendor's hosts that the twin plays."""

    ANALYTICS = "analytics"
    STATISTICS = "statistics"
    MARKETPLACE = "marketplace"
    CONTENT = "content"
    COMMON = "common"


class Profile(StrEnum):
    """What decides the limits and the open methods: the kind of key and the service's secret."""

    PERSONAL = "personal"
    SERVICE = "service"
    BASE_WITH_SECRET = "base_with_secret"  # noqa: S105 - the name of a profile
    BASE = "base"


@dataclass(frozen=True, slots=True)
class Limit:
    """A token bucket: `burst` calls at once, one more every `interval_seconds`."""

    interval_seconds: float
    burst: int


@dataclass(frozen=True, slots=True)
class Rule:
    """One method: where it lives, which right opens it, how often it may be called.

    `base` None means that a plain Base key is refused with 403; `secret_opens` says whether a
    Base key with a service's secret is served. `{id}` in `path` stands for one segment.
    """

    name: str
    method: str
    path: str
    host: Host | None
    right: int | None
    full: Limit
    base: Limit | None
    secret_opens: bool = True

    def matches(self, method: str, path: str) -> bool:
        """Say whether a call of `method` and `path` is a call of this rule."""
        asked, own = path.split("/"), self.path.split("/")
        return (
            method == self.method
            and len(asked) == len(own)
            and all(want in (got, "{id}") for got, want in zip(asked, own, strict=True))
        )

    def limit(self, profile: Profile) -> Limit | None:
        """Return the bucket of a kind of key, or None where the method is closed to it."""
        if profile is Profile.BASE:
            return self.base
        if profile is Profile.BASE_WITH_SECRET and not self.secret_opens:
            return None
        return self.full


_BASE_REMAINS = Limit(15 * MINUTE, 1)
_PING = Limit(10 * SECOND, 99)

RULES: tuple[Rule, ...] = (
    Rule("ping", "GET", "/ping", None, None, _PING, _PING),
    Rule(
        "seller_info",
        "GET",
        "/api/v1/seller-info",
        Host.COMMON,
        None,
        Limit(MINUTE, 10),
        Limit(24 * HOUR, 1),
    ),
    Rule(
        "funnel",
        "POST",
        "/api/analytics/v3/sales-funnel/products",
        Host.ANALYTICS,
        ANALYTICS,
        Limit(20 * SECOND, 3),
        Limit(30 * MINUTE, 1),
    ),
    Rule(
        "remains_create",
        "GET",
        "/api/v1/warehouse_remains",
        Host.ANALYTICS,
        ANALYTICS,
        Limit(MINUTE, 5),
        _BASE_REMAINS,
    ),
    Rule(
        "remains_status",
        "GET",
        "/api/v1/warehouse_remains/tasks/{id}/status",
        Host.ANALYTICS,
        ANALYTICS,
        Limit(5 * SECOND, 5),
        _BASE_REMAINS,
    ),
    Rule(
        "remains_download",
        "GET",
        "/api/v1/warehouse_remains/tasks/{id}/download",
        Host.ANALYTICS,
        ANALYTICS,
        Limit(MINUTE, 1),
        _BASE_REMAINS,
    ),
    Rule(
        "orders",
        "GET",
        "/api/v1/supplier/orders",
        Host.STATISTICS,
        STATISTICS,
        Limit(MINUTE, 10),
        Limit(3 * HOUR, 1),
    ),
    Rule(
        "order_feed",
        "POST",
        "/api/analytics/v1/order-feed",
        Host.ANALYTICS,
        ANALYTICS,
        Limit(MINUTE, 1),
        Limit(3 * HOUR, 1),
    ),
    Rule(
        "wb_warehouses",
        "POST",
        "/api/analytics/v1/stocks-report/wb-warehouses",
        Host.ANALYTICS,
        ANALYTICS,
        Limit(20 * SECOND, 1),
        None,
    ),
    Rule(
        "seller_warehouses",
        "POST",
        "/api/analytics/v1/stocks-report/seller-warehouses",
        Host.ANALYTICS,
        ANALYTICS,
        Limit(20 * SECOND, 1),
        None,
        secret_opens=False,
    ),
)

# 404 "temporarily disabled" since 15 Aug 2026, release note 570
DISABLED: frozenset[tuple[str, str]] = frozenset(
    {
        ("GET", "/api/v1/warehouses"),
        ("POST", "/api/v1/acceptance/options"),
        ("GET", "/api/v1/transit-tariffs"),
        ("GET", "/api/tariffs/v1/acceptance/coefficients"),
    }
)


def find_rule(method: str, path: str, host: Host | None) -> Rule | None:
    """Return the method that a call means; `host` None serves every host's methods."""
    for rule in RULES:
        if rule.matches(method, path) and (not host or rule.host in (None, host)):
            return rule
    return None
