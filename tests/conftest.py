"""What every suite shares: databases, and a last word on the one that was missing."""

import pytest

from tests.support.databases import (
    POSTGRES_MISSING,
    database_url,
    is_automation,
    migrated_file,
    migrated_postgres,
    migrated_url,
    postgres,
    storage,
)

__all__ = [
    "database_url",
    "migrated_file",
    "migrated_postgres",
    "migrated_url",
    "postgres",
    "storage",
]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    """Where automation runs, a missing PostgreSQL is a failure."""
    if POSTGRES_MISSING in session.config.stash and is_automation():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config):
    """Say it after everything else, where it is read."""
    reason = config.stash.get(POSTGRES_MISSING, None)
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reason is not None and reporter is not None:
        reporter.write_line(f"THE POSTGRESQL SUITE DID NOT RUN: {reason}.", red=True)
