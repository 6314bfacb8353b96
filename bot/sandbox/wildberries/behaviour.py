"""How the twin behaves where the vendor's behaviour varies or is not documented."""

from dataclasses import dataclass
from typing import Literal

from bot.sandbox.wildberries.limits import Limit


@dataclass(slots=True)
class Behaviour:
    """Switches that may be turned at any time; seconds are divided by the twin's `time_scale`.

    `orders_boundary` is what `flag=0` does with rows changed exactly at `dateFrom`: `later`
    leaves them out, `repeat` sends them again as long as there are newer ones, and
    `later_or_equal` always sends them, so that no page is ever empty.
    """

    limits_on: bool = True
    global_limit: Limit | None = None
    unstable_funnel: bool = False
    remains_generation_seconds: float = 20.0
    remains_lifetime_seconds: float = 7200.0
    remains_rows_per_card: int = 1
    orders_page_rows: int = 80_000
    orders_boundary: Literal["later", "repeat", "later_or_equal"] = "repeat"
    orders_kept_days: int = 90
    feed_kept_days: int = 31
