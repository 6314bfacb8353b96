"""Error reports to Sentry, where the operator has named one: scrubbed, without local variables."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

import sentry_sdk
import structlog
from sentry_sdk.integrations.dedupe import DedupeIntegration
from sentry_sdk.integrations.logging import LoggingIntegration
from sentry_sdk.utils import BadDsn

from bot.kit.scrubber import scrubber

if TYPE_CHECKING:
    from sentry_sdk.types import Event

FLUSH_SECONDS = 2.0
_LONG_NUMBER = 10**10
_KEPT_OF_THE_UNREADABLE = ("event_id", "level", "logger", "platform", "timestamp")

log = structlog.get_logger(__name__)


@contextmanager
def reporting(dsn: str | None, *, secrets: Iterable[str] = ()) -> Iterator[None]:
    """Report every logged error while the body runs; without `dsn` do nothing.

    Only what is logged is reported: there is no look into requests, variables or people. A DSN
    that is none costs one warning: the product works without its reports.
    """
    if not dsn:
        yield
        return
    try:
        _start(dsn, scrubber([*secrets, dsn]))
    except BadDsn:
        log.warning("sentry.dsn_not_understood")
        yield
        return
    try:
        yield
    finally:
        sentry_sdk.get_client().close(timeout=FLUSH_SECONDS)
        sentry_sdk.init(dsn="")  # from now on nowhere, nor to the address in the environment


def _start(dsn: str, scrub: Callable[[str], str]) -> None:
    sentry_sdk.init(
        dsn=dsn,
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[LoggingIntegration(), DedupeIntegration()],
        include_local_variables=False,
        max_request_body_size="never",
        server_name="",
        before_send=lambda event, _hint: _scrubbed(event, scrub),
    )


def _scrubbed(event: "Event", scrub: Callable[[str], str]) -> "Event":
    """Return the report with secrets and personal data replaced by what they were."""
    text = json.dumps(_with_long_numbers_as_text(event), default=str, ensure_ascii=False)
    try:
        return cast("Event", json.loads(scrub(text)))
    except ValueError:  # a stand-in has broken the notation: better little than too much
        kept = {name: event.get(name) for name in _KEPT_OF_THE_UNREADABLE}
        return cast("Event", {**kept, "message": "a report that could not be scrubbed"})


def _with_long_numbers_as_text(value: Any) -> Any:
    """Turn long numbers into texts: one may look like a phone, and then becomes words."""
    if isinstance(value, dict):
        return {str(key): _with_long_numbers_as_text(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_with_long_numbers_as_text(inner) for inner in value]
    if isinstance(value, int) and abs(value) >= _LONG_NUMBER:
        return str(value)
    return value
