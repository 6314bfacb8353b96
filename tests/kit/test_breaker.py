"""A breaker opens when several callers fail in a row, lets probes through, and says so once."""

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
    return Breaker("wb", clock, lambda *words: said.append(words), failures=4, rest_seconds=30)


def fail(breaker, callers):
    for who in callers:
        breaker.failed(who)


def test_an_answer_in_between_starts_the_count_anew(breaker, said):
    fail(breaker, "aab")
    breaker.succeeded()
    fail(breaker, "aab")
    assert breaker.wait_seconds("a") == 0
    assert said == []


def test_it_opens_and_says_so_once(breaker, said):
    fail(breaker, "aabbab")
    assert breaker.is_open
    assert breaker.wait_seconds("a") == 30
    assert said == [("wb", True)]


@pytest.mark.parametrize("callers", ["a" * 100, "a" * 100 + "b", "b" + "a" * 100])
def test_one_callers_trouble_is_not_the_dependencys(breaker, said, callers):
    fail(breaker, callers)
    assert not breaker.is_open
    assert breaker.wait_seconds("a") == breaker.wait_seconds("c") == 0
    assert said == []


@pytest.mark.parametrize("failures", [2, 3, 4, 5, 10])
@pytest.mark.parametrize("callers", [2, 3, 4])
def test_two_callers_are_enough_and_more_are_not_slower(clock, failures, callers):
    breaker = Breaker("wb", clock, lambda *_: None, failures=failures)
    for number in range(failures):
        assert not breaker.is_open
        breaker.failed(number % callers)
    assert breaker.is_open


async def test_one_probe_at_a_time(breaker, clock):
    fail(breaker, "aabb")
    await clock.advance(30)
    assert breaker.wait_seconds("a") == 0
    assert breaker.wait_seconds("a") == breaker.wait_seconds("b") == 30


async def test_who_has_not_failed_himself_probes_at_once(breaker, clock, said):
    fail(breaker, "aabb")
    assert breaker.wait_seconds("c") == 0
    assert breaker.wait_seconds("d") == 30
    breaker.failed("c")
    assert breaker.wait_seconds("c") == 30
    await clock.advance(30)
    assert breaker.wait_seconds("d") == 0
    breaker.succeeded()
    assert [breaker.wait_seconds(who) for who in "abcd"] == [0, 0, 0, 0]
    assert said == [("wb", True), ("wb", False)]


async def test_a_probe_of_who_has_failed_takes_nobodys_place(breaker, clock):
    fail(breaker, "aabb")
    await clock.advance(30)
    assert breaker.wait_seconds("a") == 0
    breaker.failed("a")
    assert breaker.wait_seconds("c") == 0


async def test_a_probe_that_is_answered_closes_it(breaker, clock, said):
    fail(breaker, "aabb")
    await clock.advance(30)
    breaker.wait_seconds("a")
    breaker.succeeded()
    assert not breaker.is_open
    assert breaker.wait_seconds("b") == 0
    assert said == [("wb", True), ("wb", False)]


async def test_a_probe_that_fails_opens_it_again_without_a_word(breaker, clock, said):
    fail(breaker, "aabb")
    await clock.advance(30)
    breaker.wait_seconds("a")
    breaker.failed("a")
    assert breaker.wait_seconds("b") == 30
    assert said == [("wb", True)]


async def test_a_probe_of_which_nothing_is_heard_is_forgotten(breaker, clock):
    fail(breaker, "aabb")
    await clock.advance(30)
    assert breaker.wait_seconds("a") == 0
    await clock.advance(30)
    assert breaker.wait_seconds("b") == 0


def test_a_retry_budget_is_spent_and_earned_back():
    budget = RetryBudget(most=10, cost=5)
    assert [budget.spend() for _ in range(3)] == [True, True, False]
    for _ in range(5):
        budget.earn()
    assert [budget.spend() for _ in range(2)] == [True, False]
