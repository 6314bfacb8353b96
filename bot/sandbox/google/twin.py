"""Google's twin: token endpoint, Drive and Sheets on one local port."""

from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path

from aiohttp import web

from bot.kit.clock import Clock
from bot.sandbox.google.accounts import Accounts
from bot.sandbox.google.calls import Call, CallLog
from bot.sandbox.google.control import Control
from bot.sandbox.google.credentials import (
    CLIENT_ID,
    make_authorized_user_file,
    make_oauth_client_file,
    make_service_account_file,
)
from bot.sandbox.google.drive.store import DriveStore
from bot.sandbox.google.faults import Fault, Faults
from bot.sandbox.google.hands import Hands
from bot.sandbox.google.methods import MethodTable
from bot.sandbox.google.pipeline import Pipeline, Validate, World, html_answer
from bot.sandbox.google.quotas import Quotas
from bot.sandbox.google.tokens import GrantError, TokenEndpoint
from bot.sandbox.server import LocalServer

OWNER = "owner@example.com"
SELLERS_BROWSER = "sellers-browser"


class GoogleTwin(LocalServer):
    """A small Google: several service accounts, one OAuth owner, any number of sellers.

    Everything that it remembers is in memory and outlives a stop and a new start. `validate` is
    asked about each request of Sheets and Drive; what it names wrong becomes a 400.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        validate: Validate | None = None,
        quotas: bool = True,
        owner_email: str = OWNER,
    ) -> None:
        self.clock = clock
        self.owner_email = owner_email
        self.accounts = Accounts(clock)
        self.drive = DriveStore(clock)
        self.quotas = Quotas(clock, enabled=quotas)
        self.faults = Faults()
        self.calls = CallLog()
        self._tokens = TokenEndpoint(self.accounts, owner_email)
        methods = MethodTable(self.drive, self.accounts, clock)
        self._pipeline = Pipeline(
            World(clock, self.accounts, methods, self.quotas, self.faults, self.calls, validate)
        )

    @property
    def token_uri(self) -> str:
        """Where credentials files of this twin fetch their tokens."""
        return f"{self.url}/token"

    def application(self) -> web.Application:
        """Build the application that answers for all of Google."""
        app = web.Application()
        app.router.add_post("/token", self._token)
        app.router.add_get("/o/oauth2/auth", self._consent)
        Control(self.drive, self.faults, self.calls, self.hands).add_routes(app)
        app.router.add_route("*", "/{path:.*}", self._pipeline.handle)
        return app

    def service_account_file(self, path: Path, email: str) -> Path:
        """Write the key file of a service account whose tokens come from this twin."""
        return make_service_account_file(path, email, self.token_uri)

    def owner_file(self, path: Path) -> Path:
        """Write the `token.json` of the OAuth owner, who has consented already."""
        refresh = self.accounts.grant(self.owner_email, client_id=CLIENT_ID)
        return make_authorized_user_file(path, refresh, self.token_uri)

    def oauth_client_file(self, path: Path) -> Path:
        """Write the client file with which an owner can be asked to consent."""
        return make_oauth_client_file(path, self.token_uri)

    def hands(self, file_id: str) -> Hands:
        """Return the hands of somebody who has a file open in his browser.

        Raises:
            KeyError: there is no such file.

        """
        return Hands(self.drive, self.drive.files[file_id], self.clock)

    def tables(self) -> list[Hands]:
        """Return the hands on every spreadsheet there is, oldest first."""
        return [self.hands(file_id) for file_id in self.drive.books]

    def sellers_file(self, email: str, title: str = "Untitled spreadsheet") -> Hands:
        """Return the hands of a seller on a blank sheet that he just made himself."""
        file = self.drive.add_file(title, owner=email, client_id=SELLERS_BROWSER)
        return self.hands(file.file_id)

    async def _consent(self, request: web.Request) -> web.StreamResponse:
        raise web.HTTPFound(self._tokens.consent(request.query))

    async def _token(self, request: web.Request) -> web.StreamResponse:
        form = {key: str(value) for key, value in (await request.post()).items()}
        call = Call("oauth2", "oauth2.token", "POST", "/token", self.clock.now())
        self.calls.add(call)
        answer = self._exchange(form)
        call.status = answer.status
        return answer

    def _exchange(self, form: Mapping[str, str]) -> web.Response:
        planted = self.faults.take("oauth2.token", "")
        if planted is not None and planted.fault is not Fault.INVALID_GRANT:
            return html_answer(HTTPStatus.BAD_GATEWAY, "Error 502 (Server Error)!!1")
        try:
            return web.json_response(self._tokens.exchange(form, refused=planted is not None))
        except GrantError as error:
            return web.json_response(error.body(), status=HTTPStatus.BAD_REQUEST)
