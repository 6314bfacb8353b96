"""The way to Google: gspread's transport in threads of its own, bounded retries on our clock."""

import asyncio
import gzip
import re
import secrets
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlsplit

import orjson
import requests
from google.auth.exceptions import RefreshError, TransportError
from google.auth.transport.requests import AuthorizedSession, Request
from gspread.http_client import HTTPClient

from bot.core.errors import Code, Defect, StockTrackerError, Transient
from bot.core.events import DependencyChanged, VendorTrouble
from bot.core.ports import Observe
from bot.kit.breaker import REST_SECONDS, Breaker
from bot.kit.clock import Clock
from bot.kit.retry import RetryBudget
from bot.kit.threads import ThreadPool
from bot.outputs.google_sheets.accounts import Account
from bot.outputs.google_sheets.config import DRIVE_URL, SHEETS_URL, GoogleConfig
from bot.outputs.google_sheets.exchange import Exchange, Lines
from bot.outputs.google_sheets.quota import CallKind, Quota
from bot.outputs.google_sheets.statuses import RateLimited, TokenRefused, error_of, read_refusal

_CONNECT_SECONDS = 5.0
_TOKEN_SECONDS = 30.0
_TRIES = 5
_FIRST_WAIT_SECONDS = 2.0
_LONGEST_WAIT_SECONDS = 32.0
_GZIP_FROM_BYTES = 1024
_GOOGLES_OWN = frozenset({Code.GOOGLE_UNREACHABLE, Code.GOOGLE_FAILED})  # others: a guard's
T = TypeVar("T")
Guard = Callable[[], Awaitable[None]]
_FILE_ID = re.compile(r"/(?:spreadsheets|files)/([^/:?]+)")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Call:
    """One call. A `repeatable` one may be sent again when nobody knows whether it was applied.

    `guard` is asked directly before each try, and raises when the call is no longer wanted.
    """

    kind: CallKind
    method: str
    url: str
    params: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    repeatable: bool = True
    guard: Guard | None = None

    @property
    def file_id(self) -> str:
        """The file that it is about; empty where there is none yet, or no single one."""
        found = _FILE_ID.search(self.url)
        return found[1] if found else ""


class GoogleTransport(HTTPClient):
    """gspread's HTTP client, with its two hosts replaced, time-outs, and our errors."""

    def __init__(
        self, session: requests.Session, routes: Mapping[str, str], read_seconds: float
    ) -> None:
        super().__init__(auth=None, session=session)  # type: ignore[arg-type] # its docs allow it
        self._routes = routes
        self.set_timeout((_CONNECT_SECONDS, read_seconds))

    def request(self, method: str, endpoint: str, *args: Any, **kwargs: Any) -> requests.Response:
        """Send one request; gspread's own error class chokes on some bodies, so ours decide."""
        kwargs.update(zip(("params", "data", "json", "files", "headers"), args, strict=False))
        answer = self.session.request(
            method, self._routed(endpoint), timeout=self.timeout, **kwargs
        )
        if answer.ok:
            return answer
        retry_after = answer.headers.get("Retry-After")
        raise error_of(read_refusal(answer.status_code, answer.content, retry_after))

    def _routed(self, url: str) -> str:
        for official, ours in self._routes.items():
            if url.startswith(official):
                return ours.rstrip("/") + url.removeprefix(official)
        return url


class GoogleClient:
    """Calls Google for several accounts; blocking work happens in a pool of its own."""

    def __init__(  # noqa: PLR0913 - each is a neighbour of its own
        self,
        config: GoogleConfig,
        quota: Quota,
        clock: Clock,
        *,
        time_scale: float = 1.0,
        chance: Callable[[], float] | None = None,
        observe: Observe = lambda _event: None,
    ) -> None:
        self._config = config
        self._quota = quota
        self._clock = clock
        self._time_scale = time_scale
        self._chance = chance or secrets.SystemRandom().random
        self._observe = observe
        self._retries = RetryBudget()
        rest_seconds = REST_SECONDS / time_scale
        self.breaker = Breaker("google", clock, self._changed, rest_seconds=rest_seconds)
        self._pool = ThreadPool("google", config.threads)
        self._free_threads = asyncio.Semaphore(config.threads)
        self._mine = threading.local()
        self._sessions: list[requests.Session] = []
        self._routes = {SHEETS_URL: config.sheets_url, DRIVE_URL: config.drive_url}

    async def call(self, account: Account, call: Call, *, urgent: bool = False) -> Any:
        """Return the decoded answer (`{}` for an empty one).

        Raises:
            SellerMustAct: the file is gone, closed to us or protected.
            Transient: Google is away, or a quota is spent; tries are used up. For a call that is
                not repeatable: nobody knows whether it was applied.
            Superseded: the call's guard has said so, and nothing was sent.
            Defect: a refusal that is our fault or the operator's.

        """
        tries = _TRIES if call.repeatable else 1
        for attempt in range(1, tries + 1):
            self._knock(call)
            await self._quota.take(account.key, call.kind, urgent=urgent)
            try:
                return await self._with_token(account, call)
            except RateLimited as error:
                raise self._parked(account, error) from None
            except Transient as error:
                its_own = error.code in _GOOGLES_OWN
                if not its_own or attempt == tries or not self._may_retry(error):
                    raise
            await self.back_off(attempt)
        raise Defect(Code.INTERNAL, "a call was never tried")

    async def back_off(self, attempt: int) -> None:
        """Wait before try number `attempt` + 1: 2, 4, 8 … 32 seconds and up to one more."""
        wait = min(_FIRST_WAIT_SECONDS * 2 ** (attempt - 1), _LONGEST_WAIT_SECONDS)
        await self._clock.sleep((wait + self._chance()) / self._time_scale)

    def _knock(self, call: Call) -> None:
        """Leave Google in peace when it has failed several files for a while."""
        wait = self.breaker.wait_seconds(call.file_id)
        if wait:
            spread = wait + self._chance() * REST_SECONDS / self._time_scale
            raise Transient(Code.GOOGLE_UNREACHABLE, "left in peace", retry_after_seconds=spread)

    async def _with_token(self, account: Account, call: Call) -> Any:
        """Make one try; a token that Google takes no longer is renewed and shown once more."""
        try:
            return await self._once(account, call)
        except TokenRefused:
            account.forget_token()
        return await self._once(account, call)

    async def _once(self, account: Account, call: Call) -> Any:
        """Send the call as soon as nothing but its answer would be waited for any more."""
        async with self._free_threads:
            if not account.has_token:
                await self._watched(call, self._renew_token, account)
            if call.guard is not None:
                await call.guard()
            answer = await self._watched(call, self._send, account, call)
        self.breaker.succeeded()
        self._retries.earn()
        return answer

    async def _watched(self, call: Call, work: Callable[..., Any], *args: Any) -> Any:
        """Ask something of Google for a call, and let the breaker know if it fails."""
        try:
            return await self._in_time(work, *args)
        except RateLimited as error:
            self._observe(VendorTrouble("google", error.code, is_retried=False))
            self.breaker.succeeded()
            raise
        except StockTrackerError as error:
            if isinstance(error, Transient):
                self.breaker.failed(call.file_id)
            else:
                self.breaker.succeeded()
            raise

    async def _in_time(self, work: Callable[..., Any], *args: Any) -> Any:
        """Do `work` in a thread that is free again when time is over, or nobody waits any more."""
        exchange = Exchange()
        over = asyncio.get_running_loop().call_later(self._config.call_seconds, exchange.end)
        try:
            return await self._pool.run(work, exchange, *args)
        finally:
            over.cancel()
            exchange.end()

    def _may_retry(self, error: Transient) -> bool:
        """Say whether to try again at once; when much fails, that would only add to it."""
        may = not self.breaker.is_open and self._retries.spend()
        self._observe(VendorTrouble("google", error.code, is_retried=may))
        return may

    def _changed(self, name: str, is_open: bool) -> None:  # noqa: FBT001 - what a breaker says
        self._observe(DependencyChanged(name, Code.GOOGLE_UNREACHABLE, is_open))

    async def run(self, work: Callable[..., T], *args: Any) -> T:
        """Do a piece of computing in the pool, so that the event loop stays free."""
        async with self._free_threads:
            return await self._pool.run(work, *args)

    def close(self) -> None:
        """Take no more calls and close the connections."""
        self._pool.close()
        for session in self._sessions:
            session.close()

    def _parked(self, account: Account, error: RateLimited) -> RateLimited:
        whole = error.whole_project
        named = error.retry_after_seconds
        seconds = self._quota.park(account.key, whole_project=whole, seconds=named)
        return RateLimited(whole_project=whole, retry_after_seconds=seconds)

    def _send(self, exchange: Exchange, account: Account, call: Call) -> Any:
        transport, _ = self._connection(account)
        headers = {"Content-Type": "application/json"} if call.body is not None else {}
        body = call.body
        if body is not None and self._config.gzip and len(body) >= _GZIP_FROM_BYTES:
            body, headers["Content-Encoding"] = gzip.compress(body, 1), "gzip"
        try:
            with exchange.over(self._mine.lines), _our_errors():
                answer = transport.request(
                    call.method, call.url, params=dict(call.params), data=body, headers=headers
                )
            return orjson.loads(answer.content) if answer.content else {}
        except orjson.JSONDecodeError:
            raise Transient(Code.GOOGLE_FAILED, "an answer that is no JSON") from None

    def _renew_token(self, exchange: Exchange, account: Account) -> None:
        _, asking = self._connection(account)
        with exchange.over(self._mine.lines), _our_errors():
            account.ensure_token(asking)

    def _connection(self, account: Account) -> tuple[GoogleTransport, Any]:
        """Return this thread's own ways to Google and to the token service for an account."""
        if not hasattr(self._mine, "made"):
            self._mine.made, self._mine.lines = {}, Lines()
        made: dict[str, tuple[GoogleTransport, Any]] = self._mine.made
        if account.key not in made:
            made[account.key] = self._connect(account)
        return made[account.key]

    def _connect(self, account: Account) -> tuple[GoogleTransport, Any]:
        plain = requests.Session()
        asking = partial(Request(plain), timeout=_TOKEN_SECONDS)
        session = AuthorizedSession(  # type: ignore[no-untyped-call] # google-auth
            account.credentials,
            auth_request=asking,
            max_refresh_attempts=0,  # it would send the call again without asking the guard
        )
        for each in (plain, session):
            each.mount("http://", self._mine.lines)
            each.mount("https://", self._mine.lines)
        if urlsplit(self._config.sheets_url).hostname in _LOOPBACK:
            plain.trust_env = session.trust_env = False  # no proxy stands before the loopback
        self._sessions.extend((plain, session))
        return GoogleTransport(session, self._routes, self._config.call_seconds), asking


@contextmanager
def _our_errors() -> Iterator[None]:
    try:
        yield
    except RefreshError as error:
        raise _token_error(error) from None
    except (requests.RequestException, TransportError) as error:
        raise Transient(Code.GOOGLE_UNREACHABLE, type(error).__name__) from None


def _token_error(error: RefreshError) -> Transient | Defect:
    """Return our error without its text, which may quote what the token service said."""
    if error.retryable:
        return Transient(Code.GOOGLE_FAILED, "the token service")
    return Defect(Code.GOOGLE_TOKEN_DEAD, "the token service refused")
