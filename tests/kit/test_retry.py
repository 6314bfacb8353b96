from random import Random

from hypothesis import given
from hypothesis import strategies as st

from bot.kit.retry import Backoff


@given(seed=st.integers(), failures=st.integers(1, 40))
def test_a_pause_is_jittered_and_capped(seed, failures):
    backoff = _backoff(seed)
    assert 0 <= backoff.seconds(failures) <= min(10.0, 2.0 ** (failures - 1))


def test_the_same_dice_give_the_same_pauses():
    one, other = (_backoff(7) for _ in range(2))
    assert [one.seconds(n) for n in range(1, 5)] == [other.seconds(n) for n in range(1, 5)]


def _backoff(seed: int) -> Backoff:
    dice = Random(seed)  # noqa: S311 - jitter, no secret
    return Backoff(dice, first_seconds=1.0, cap_seconds=10.0)
