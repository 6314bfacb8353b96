"""The command line: run, demo, sandbox, sync, migrate, keys, backup, restore, google-login.

Exit codes: 0 done · 1 a defect · 2 wrong usage or configuration · 3 an outside service refused.
"""

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import typer
from cryptography.fernet import Fernet
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from bot.core.errors import Defect, SellerMustAct, Transient
from bot.settings import ConfigurationError, Refused, Settings, bot_token, read_settings
from bot.usecases.watch_runs import WatchRuns

DONE, DEFECT, WRONG_USAGE, REFUSED = 0, 1, 2, 3
DEMO_FOLDER = Path("data/demo")
SANDBOX_PORTS = (8101, 8102, 8103)
FIRST_PRODUCTS = 12
VENDOR_CODE = 2
SHOWN_COLUMNS = {3: "NM ID", 6: "Заказы", 7: "Остатки", 8: "Дней"}
FIRST_PLACE, COLUMNS_PER_PLACE, SHOWN_PLACES = 9, 3, 2

app = typer.Typer(
    help="Stock Tracker: a living table of stock, orders and turnover for Wildberries sellers.",
    add_completion=False,
    pretty_exceptions_enable=False,
)
keys_app = typer.Typer(help="The keys that seal what sellers entrust to us.", no_args_is_help=True)
app.add_typer(keys_app, name="keys")
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def main() -> None:
    """Run the command line; faults become one sentence each and an exit code."""
    try:
        app()
    except Refused as error:
        _say_all(error.sentences)
        sys.exit(REFUSED)
    except ConfigurationError as error:
        _say_all(error.sentences)
        sys.exit(WRONG_USAGE)
    except (SellerMustAct, Transient) as error:
        _say_all([str(error)])
        sys.exit(REFUSED)
    except Defect as error:
        _say_all([str(error)])
        sys.exit(DEFECT)


@app.callback(invoke_without_command=True)
def default(context: typer.Context) -> None:
    """Without a command: run the bot."""
    if context.invoked_subcommand is None:
        run()


@app.command()
def run() -> None:
    """Run the bot: its dialogues, the nights, the worker."""
    for number in (signal.SIGTERM, signal.SIGINT):  # until the bot itself heeds them
        signal.signal(number, _leave_before_start)
    from bot.wiring.running import run_bot  # noqa: PLC0415 - seconds, and only `run` needs it

    settings = read_settings()
    bot_token(settings)
    _finish(run_bot(settings))
    _leave()


@app.command()
def sync(
    *, everybody: Annotated[bool, typer.Option("--all", help="Every shop with a live key")] = False
) -> None:
    """Refresh shops now, with a progress bar; works them off itself where no bot lives."""
    if not everybody:
        raise ConfigurationError("sync needs --all: it refreshes every shop with a live key")
    _finish(_sync(read_settings()))


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    from bot.wiring.backstage import migrate_database  # noqa: PLC0415

    _finish(migrate_database(read_settings()))
    out.print("The database is at the newest schema.")


@app.command()
def demo(*, once: Annotated[bool, typer.Option(help="End after the story")] = False) -> None:
    """Play a seller's story against local twins of Wildberries and Telegram."""
    _finish(_demo(once=once))


@app.command()
def sandbox() -> None:
    """Keep the three outside worlds up on fixed ports, for trying things by hand."""
    _finish(_sandbox())


@app.command("google-login")
def google_login(
    *,
    port: Annotated[int, typer.Option(help="Where the browser comes back; 0: a free port")] = 0,
    browser: Annotated[bool, typer.Option(help="Open the address in a browser")] = True,
) -> None:
    """Let a person own the tables: consent in a browser, token.json, a folder of his own."""
    from bot.wiring.google_login import LoginRefusedError  # noqa: PLC0415
    from bot.wiring.google_login import google_login as log_in  # noqa: PLC0415

    try:
        _finish(log_in(read_settings(), _say_one, port=port, browser=browser))
    except LoginRefusedError as refusal:
        _say_all([str(refusal)])
        raise typer.Exit(REFUSED) from None


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="Where the copy goes")]) -> None:
    """Copy an SQLite database while the bot runs; the copy is checked, and holds no key."""
    from bot.wiring.backups import backup as copy  # noqa: PLC0415

    _finish(copy(read_settings(), file, _say_one))


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A copy that `backup` has made")],
    *,
    force: Annotated[bool, typer.Option(help="Set a database that is there aside")] = False,
) -> None:
    """Put a copy in the place of the database; the bot has to be stopped."""
    from bot.kit.clock import SystemClock  # noqa: PLC0415
    from bot.wiring.backups import restore as put_back  # noqa: PLC0415

    _finish(put_back(read_settings(), file, SystemClock(), _say_one, force=force))


@keys_app.command("generate")
def generate_key() -> None:
    """Print a new key for ENCRYPTION_KEYS."""
    out.print(Fernet.generate_key().decode())


@keys_app.command("rotate")
def rotate() -> None:
    """Seal everything by the first key; for a key file also make a new one and drop the old."""
    from bot.wiring.sealing import rotate_keys  # noqa: PLC0415

    _finish(rotate_keys(read_settings(), _say_one))


async def _sync(settings: Settings) -> None:
    """Make everybody's run; work them off here unless a bot's process does."""
    from bot.wiring.backstage import open_backstage  # noqa: PLC0415
    from bot.wiring.polling import bot_is_alive  # noqa: PLC0415
    from bot.wiring.worker import working  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    async with AsyncExitStack() as stack:
        backstage = await stack.enter_async_context(open_backstage(settings))
        requested = await backstage.usecases.request_refresh.everybody()
        if not await bot_is_alive(backstage, _token_or_nothing(settings)):
            await stack.enter_async_context(working(backstage))
        bar = stack.enter_context(Progress(*columns, TimeElapsedColumn(), console=out))
        task = bar.add_task("Shops", total=len(requested))
        watch = WatchRuns(backstage.stores.runs, backstage.clock)
        async for seen in watch([each.run.id for each in requested]):
            bar.update(task, completed=seen.settled)
        lines = seen.lines if requested else ()
    for line in lines:
        err.print(line)
    if lines:
        raise typer.Exit(REFUSED)


async def _demo(*, once: bool) -> None:
    from bot.sandbox.demo import demo as play  # noqa: PLC0415 - the product never imports it

    folder = await asyncio.to_thread(_fresh_folder, DEMO_FOLDER)
    async with play(folder, lambda line: out.print(f"[dim]▸[/] {escape(line)}")) as result:
        out.print(_as_terminal_table(result))
        out.print(f"[bold]Таблица:[/] {escape(str(result.path))}", soft_wrap=True)
        if not once:
            out.print("Мир остаётся включённым. Ctrl-C закончит.")
            await asyncio.Event().wait()


async def _sandbox() -> None:
    from bot.kit.clock import SystemClock  # noqa: PLC0415
    from bot.sandbox.town import Ports, open_town  # noqa: PLC0415

    async with open_town(SystemClock(), ports=Ports(*SANDBOX_PORTS)) as town:
        folder = await asyncio.to_thread(_fresh_folder, DEMO_FOLDER)
        out.print("# The settings that lead a bot into this sandbox:")
        for name, value in (town.settings() | town.google_settings(folder)).items():
            out.print(f"{name}={value}", soft_wrap=True)
        out.print("# A Wildberries key that works here:")
        out.print(town.key, soft_wrap=True)
        await asyncio.Event().wait()


def _leave_before_start(_number: int, _frame: FrameType | None) -> None:
    """End in order: nothing has begun yet."""
    sys.exit(DONE)


def _leave() -> None:
    """End now: a thread that waits for a silent vendor would hold the interpreter for minutes."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(DONE)


def _token_or_nothing(settings: Settings) -> str:
    return settings.bot_token.get_secret_value() if settings.bot_token else ""


def _as_terminal_table(result: Any) -> Table:
    """Return the first products with their totals, and the stock of the first places."""
    table = Table(
        title=result.groups[0],
        header_style="bold",
        title_justify="left",
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
    )
    places = range(FIRST_PLACE, len(result.headers), COLUMNS_PER_PLACE)[:SHOWN_PLACES]
    table.add_column(result.headers[VENDOR_CODE], no_wrap=True, max_width=14)
    for short_title in SHOWN_COLUMNS.values():
        table.add_column(short_title, justify="right", no_wrap=True)
    for index in places:
        longest_word = max(map(len, result.groups[index].split()))
        table.add_column(result.groups[index], justify="right", min_width=longest_word)
    for row in result.products[:FIRST_PRODUCTS]:
        cells = [row[index] for index in (VENDOR_CODE, *SHOWN_COLUMNS, *places)]
        table.add_row(*("" if cell is None else escape(str(cell)) for cell in cells))
    return table


def _fresh_folder(path: Path) -> Path:
    """Return an empty folder at `path` (the demo begins anew each time)."""
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path.resolve()


def _finish(work: Coroutine[Any, Any, None]) -> None:
    """Run to the end; Ctrl-C is an orderly end."""
    try:
        asyncio.run(work)
    except KeyboardInterrupt:
        raise typer.Exit(DONE) from None


def _say_one(sentence: str) -> None:
    out.print(sentence, soft_wrap=True, markup=False)


def _say_all(sentences: Any) -> None:
    for sentence in sentences:
        err.print(sentence, soft_wrap=True, markup=False)
