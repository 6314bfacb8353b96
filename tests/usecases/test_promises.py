"""P1–P9 in a few random stories; tests/support/promises.py says what can happen in one."""

from tests.support.promises import hold_promises


def test_the_promises_hold(migrated_file):
    hold_promises(migrated_file, examples=12, steps=25)
