"""A shop whose table grows over the days, as `core.report` lays it out."""

from dataclasses import replace
from datetime import date, timedelta

from bot.core.period import Period
from bot.core.report import Layout, build, history_row, lay_out
from tests.support.reports import ABOUT, REFRESHED_AT, make_metrics, place_names

FIRST_DAY = date(2026, 11, 20)


class ShopBook:
    """Remembers the layout, as storage does; each day has its report."""

    def __init__(self, products=6, places=2):
        self.products = products
        self.places = places
        self.day = FIRST_DAY
        self.layout = Layout()
        self.past = {}

    def report(self, *, seed=1, is_partial=False, about=ABOUT, with_history=True, **changes):
        """Return today's report; `changes` are fields of the first product's figures."""
        metrics = make_metrics(self.products, self.places, seed) if self.products else []
        if changes and metrics:
            metrics[0] = replace(metrics[0], **changes)
        self.layout = lay_out(self.layout, metrics)
        period = Period.ending_before(self.day, 7)
        return build(
            metrics,
            self.layout,
            title="Тёплый дом",
            period=period,
            refreshed_at=REFRESHED_AT + (self.day - FIRST_DAY),
            is_partial=is_partial,
            history=[history_row(metrics, period)] if with_history else [],
            about=about,
        )

    def long_report(self, **words):
        """Return today's report with every day so far, as storage hands them over."""
        report = self.report(**words)
        for row in report.history:
            self.past[row.day] = row
        return replace(report, history=tuple(self.past[day] for day in sorted(self.past)))

    def days(self):
        """Return the days of the history as the sheet shows them."""
        return [day.isoformat() for day in sorted(self.past)]

    def tomorrow(self):
        """Let a day pass."""
        self.day += timedelta(days=1)

    def new_place(self):
        """Return the name of one more warehouse that the next report has."""
        self.places += 1
        return place_names(self.places)[-1]
