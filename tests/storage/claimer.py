"""A process of its own that claims and gives back; prints each claim as it takes and leaves it.

Run as `python -m tests.storage.claimer <database> <owner> <claims>`.
"""

import asyncio
import sys
import time

from tests.storage.people import NOW
from tests.support.databases import world


async def main(url: str, owner: str, claims: int) -> None:
    async with world(url) as here:
        runs = here.stores.runs
        while claims:
            claim = await runs.claim(owner, now=NOW, lease_seconds=45)
            if claim is None:
                continue
            taken = time.monotonic_ns()
            await runs.check(claim)
            left = time.monotonic_ns()
            await runs.postpone(claim, NOW, problem=None, counts=False)
            print(claim.shop_id, claim.fence, taken, left)  # noqa: T201 - read by the test
            claims -= 1


asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
