"""A PostgreSQL that is not there is said last, and fails where automation runs."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOWHERE = "postgresql://nobody@127.0.0.1:1/none"


@pytest.mark.parametrize(
    ("automation", "code", "processes"), [("", 0, "0"), ("true", 1, "0"), ("true", 1, "2")]
)
def test_the_last_line_says_that_the_suite_did_not_run(automation, code, processes):
    suite = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-n",
        processes,
        "tests/storage/test_drafts.py",
    ]
    ran = subprocess.run(  # noqa: S603 - our own interpreter, on our own tests
        suite,
        cwd=ROOT,
        env={"TEST_DATABASE_URL": NOWHERE, "CI": automation},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "THE POSTGRESQL SUITE DID NOT RUN" in ran.stdout.strip().splitlines()[-1]
    assert ran.returncode == code, ran.stdout
