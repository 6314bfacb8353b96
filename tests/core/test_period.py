from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.period import MOSCOW, Period, moscow_day, next_wall_time, start_of_day

days = st.dates(date(2020, 1, 1), date(2035, 1, 1))
instants = st.integers(1_577_836_800, 2_051_222_400).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)


def test_it_ends_the_day_before():
    period = Period.ending_before(date(2026, 11, 20), 7)
    assert (period.first, period.last, period.days) == (date(2026, 11, 13), date(2026, 11, 19), 7)


@given(day=days, length=st.sampled_from([7, 14, 30]))
def test_both_ends_are_in_it_and_nothing_else(day, length):
    period = Period.ending_before(day, length)
    held = [d for n in range(-40, 3) if period.holds(d := day + timedelta(days=n))]
    assert held == [period.first + timedelta(days=n) for n in range(length)]
    assert period.days == length
    assert not period.holds(day)


def test_it_begins_at_moscow_midnight():
    period = Period.ending_before(date(2026, 11, 20), 7)
    assert period.start == datetime(2026, 11, 12, 21, tzinfo=UTC)


def test_it_cannot_end_before_it_begins():
    with pytest.raises(ValueError, match="cannot end"):
        Period(date(2026, 1, 2), date(2026, 1, 1))


def test_a_day_is_a_moscow_day():
    assert moscow_day(datetime(2026, 11, 19, 20, 59, 59, tzinfo=UTC)) == date(2026, 11, 19)
    assert moscow_day(datetime(2026, 11, 19, 21, tzinfo=UTC)) == date(2026, 11, 20)


@given(after=instants, hour=st.integers(0, 23), minute=st.integers(0, 59))
def test_the_next_wall_time_is_later_and_within_a_day(after, hour, minute):
    found = next_wall_time(after, hour=hour, minute=minute)
    assert timedelta() < found - after <= timedelta(days=1)
    shown = found.astimezone(MOSCOW)
    assert (shown.hour, shown.minute, shown.second) == (hour, minute, 0)


def test_a_wall_time_that_is_now_is_tomorrow():
    now = start_of_day(date(2026, 11, 20), minute=1)
    assert next_wall_time(now, hour=0, minute=1) == start_of_day(date(2026, 11, 21), minute=1)
