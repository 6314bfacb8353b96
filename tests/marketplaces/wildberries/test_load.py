import json
import subprocess
import sys

from tests.marketplaces.wildberries import load


def test_a_big_shop_costs_little_memory_and_never_holds_the_loop():
    run = subprocess.run(  # noqa: S603 - our own module, no input
        [sys.executable, "-m", load.__name__],
        check=True,
        capture_output=True,
        timeout=120,
    )
    told = json.loads(run.stdout)
    assert told["orders"] == load.PAGES * load.ROWS
    assert told["cards"] == load.CARDS
    assert told["megabytes"] < 200
    assert told["longest_hold_ms"] < 100
