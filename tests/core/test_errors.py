"""The gravest error of a group decides."""

import asyncio

import pytest

from bot.core.errors import Code, Defect, SellerMustAct, Transient, gravest

WAIT = Transient(Code.RATE_LIMITED, retry_after_seconds=20)
ACT = SellerMustAct(Code.KEY_REJECTED)
BROKEN = Defect(Code.ANSWER_NOT_UNDERSTOOD, "field orders[0].nmId")


@pytest.mark.parametrize(
    ("errors", "expected"),
    [
        ([WAIT], WAIT),
        ([WAIT, ACT], ACT),
        ([ACT, WAIT, BROKEN], BROKEN),
        ([WAIT, ExceptionGroup("inner", [ACT, BROKEN])], BROKEN),
    ],
)
def test_a_group_becomes_its_gravest_error(errors, expected):
    assert gravest(ExceptionGroup("all", errors)) is expected


def test_what_is_outside_the_tree_outranks_it_and_cancellation_outranks_all():
    foreign = ValueError("?")
    assert gravest(ExceptionGroup("all", [BROKEN, foreign])) is foreign
    cancelled = asyncio.CancelledError()
    assert gravest(BaseExceptionGroup("all", [foreign, cancelled])) is cancelled


def test_an_error_says_its_code_and_what_the_operator_needs():
    assert str(BROKEN) == "answer_not_understood: field orders[0].nmId"
    assert str(ACT) == "key_rejected"
