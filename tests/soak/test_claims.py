"""P2 at length: two processes make a thousand claims each and never share one."""

import pytest

from tests.storage.test_processes import claims_that_overlap

pytestmark = pytest.mark.soak


async def test_two_processes_and_two_thousand_claims(migrated_url):
    assert await claims_that_overlap(migrated_url, claims=1000) == []
