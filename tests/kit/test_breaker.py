"""A breaker opens after failures in a row, lets one probe through, and says so once."""

from datetime import UTC, datetime

import pytest

from bot.kit.breaker import Breaker
from bot.kit.clock import ManualClock
from bot.kit.retry import RetryBudget


@pytest.fixture
def clock():
    return ManualClock(datetime(2026, 11, 20, tzinfo=UTC))


@pytest.fixture
def said():
    return []


@pytest.fixture
def breaker(clock, said):
    return Breaker("wb", clock, lambda *words: said.append(words), failures=3, rest_seconds=30)


def fail(breaker, times):
    for _ in range(times):
        breaker.failed()


def test_an_answer_in_between_starts_the_count_anew(breaker, said):
    fail(breaker, 2)
    breaker.succeeded()
    fail(breaker, 2)
    assert breaker.wait_seconds() == 0
    assert said == []


def test_it_opens_and_says_so_once(breaker, said):
    fail(breaker, 5)
    assert breaker.is_open
    assert breaker.wait_seconds() == 30
    assert said == [("wb", True)]


async def test_one_probe_at_a_time(breaker, clock):
    fail(breaker, 3)
    await clock.advance(30)
    assert breaker.wait_seconds() == 0
    assert breaker.wait_seconds() == 30


async def test_a_probe_that_is_answered_closes_it(breaker, clock, said):
    fail(breaker, 3)
    await clock.advance(30)
    breaker.wait_seconds()
    breaker.succeeded()
    assert not breaker.is_open
    assert breaker.wait_seconds() == 0
    assert said == [("wb", True), ("wb", False)]


async def test_a_probe_that_fails_opens_it_again_without_a_word(breaker, clock, said):
    fail(breaker, 3)
    await clock.advance(30)
    breaker.wait_seconds()
    breaker.failed()
    assert breaker.wait_seconds() == 30
    assert said == [("wb", True)]


async def test_a_probe_of_which_nothing_is_heard_is_forgotten(breaker, clock):
    fail(breaker, 3)
    await clock.advance(30)
    assert breaker.wait_seconds() == 0
    await clock.advance(30)
    assert breaker.wait_seconds() == 0


def test_a_retry_budget_is_spent_and_earned_back():
    budget = RetryBudget(most=10, cost=5)
    assert [budget.spend() for _ in range(3)] == [True, True, False]
    for _ in range(5):
        budget.earn()
    assert [budget.spend() for _ in range(2)] == [True, False]
