"""One product of the funnel's answer."""

from datetime import date
from typing import Any

from bot.sandbox.wildberries.figures import Figures
from bot.sandbox.wildberries.world import Card

_CLUB = {
    "orderCount": 0,
    "orderSum": 0,
    "buyoutSum": 0,
    "buyoutCount": 0,
    "cancelSum": 0,
    "cancelCount": 0,
    "avgPrice": 0,
    "buyoutPercent": 0,
    "avgOrderCountPerDay": 0,
}


def product_row(
    card: Card,
    selected: tuple[tuple[date, date], Figures],
    past: tuple[tuple[date, date], Figures] | None,
    revenue_rub: int,
) -> dict[str, Any]:
    """Return a product with its statistic; `past` adds the second period and the comparison."""
    now = _statistic(card.nm_id, *selected, revenue_rub)
    statistic = {"selected": now}
    if past is not None:
        before = _statistic(card.nm_id, *past, revenue_rub)
        statistic |= {"past": before, "comparison": _comparison(now, before)}
    return {"product": _product(card), "statistic": statistic}


def _product(card: Card) -> dict[str, Any]:
    wb, mp = sum(card.stock.values()), sum(card.seller_stock.values())
    return {
        "nmId": card.nm_id,
        "title": card.title,
        "vendorCode": card.vendor_code,
        "brandName": card.brand,
        "subjectId": card.subject_id,
        "subjectName": card.subject,
        "tags": [],
        "productRating": 7 + card.nm_id % 30 / 10,
        "feedbackRating": 4 + card.nm_id % 10 / 10,
        "stocks": {"wb": wb, "mp": mp, "balanceSum": wb + mp},
    }


def _statistic(
    nm_id: int, period: tuple[date, date], figures: Figures, revenue_rub: int
) -> dict[str, Any]:
    start, end = period
    length = (end - start).days + 1
    opens, carts = figures.opens(nm_id), figures.carts(nm_id)
    return {
        "period": {"start": start.isoformat(), "end": end.isoformat()},
        "openCount": opens,
        "cartCount": carts,
        "orderCount": figures.orders,
        "orderSum": figures.orders_rub,
        "buyoutCount": figures.buyouts,
        "buyoutSum": figures.buyouts_rub,
        "cancelCount": figures.cancels,
        "cancelSum": figures.cancels_rub,
        "avgPrice": figures.orders_rub // figures.orders if figures.orders else 0,
        "avgOrdersCountPerDay": round(figures.orders / length, 2),
        "shareOrderPercent": _share(figures.orders_rub, revenue_rub, 1),
        "addToWishlist": nm_id % 40,
        "timeToReady": {"days": 1 + nm_id % 4, "hours": nm_id % 24, "mins": nm_id % 60},
        "localizationPercent": 100,
        "wbClub": dict(_CLUB),
        "conversions": {
            "addToCartPercent": round(_share(carts, opens)),
            "cartToOrderPercent": round(_share(figures.orders, carts)),
            "buyoutPercent": round(_share(figures.buyouts, figures.buyouts + figures.cancels)),
        },
    }


def _comparison(now: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    changes: dict[str, Any] = {
        f"{name}Dynamic": _dynamic(now[name], before[name])
        for name in now
        if isinstance(now[name], int | float)
    }
    return changes | {
        "timeToReadyDynamic": {"days": 0, "hours": 0, "mins": 0},
        "wbClubDynamic": dict(_CLUB),
        "conversions": {
            name: value - before["conversions"][name] for name, value in now["conversions"].items()
        },
    }


def _share(part: float, of: float, digits: int = 0) -> float:
    return round(part * 100 / of, digits) if of else 0


def _dynamic(now: float, before: float) -> int:
    return round((now - before) * 100 / before) if before else 0
