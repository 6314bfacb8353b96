"""P1–P9 in many random stories."""

import pytest

from tests.support.promises import hold_promises

pytestmark = pytest.mark.soak


def test_the_promises_hold_for_long(migrated_file):
    hold_promises(migrated_file, examples=150, steps=40)
