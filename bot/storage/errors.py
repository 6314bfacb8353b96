"""Failures of the database, told apart by what helps: again at once, later, or the operator."""

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.core.errors import Code, Defect, Transient

_AGAIN_STATES = frozenset({"40001", "40P01"})  # serialization failure, deadlock
_LATER_STATES = frozenset({"55P03", "57014"})  # lock time-out, statement time-out
_LATER_CLASSES = frozenset({"08", "53", "57"})  # connection, out of resources, shutting down
_REFUSED = {  # what an operator has to mend in the address
    "28": "the database lets nobody in by that user and password",
    "3D": "there is no database of that name",
}
_SQLITE_BUSY = frozenset({5, 6})  # SQLITE_BUSY, SQLITE_LOCKED
_SQLITE_LATER = frozenset({10, 13, 14})  # SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN


class Misconfigured(Defect):
    """The operator's settings do not fit the database; `detail` is one sentence for him."""


class StorageUnreachable(Transient):
    """The database did not do it; nothing of the transaction was stored.

    One exception: when the connection broke while the commit was on its way, nobody knows. `again`
    says that the same transaction may go through at once.
    """

    def __init__(self, detail: str, *, again: bool = False) -> None:
        super().__init__(Code.STORAGE_UNREACHABLE, detail)
        self.again = again


def translated(error: Exception) -> Exception:
    """Return what `error` means to the rest of the program; ours pass unchanged."""
    if isinstance(error, DBAPIError):
        return _of_driver(error)
    if isinstance(error, PoolTimeout):
        return StorageUnreachable("no free connection")
    if isinstance(error, SQLAlchemyError):
        return Defect(Code.INTERNAL, f"database: {type(error).__name__}")
    if isinstance(error, OSError):  # refused, reset, and every TimeoutError
        return StorageUnreachable(type(error).__name__)
    return _of_connecting(error)


def _of_driver(error: DBAPIError) -> Exception:
    name = type(error).__name__
    if error.connection_invalidated:
        return StorageUnreachable(f"{name}: connection lost", again=True)
    cause = error.orig
    sqlite_code = getattr(cause, "sqlite_errorcode", None)
    if sqlite_code is not None:
        return _of_sqlite(name, int(sqlite_code) & 0xFF)
    return _of_state(name, getattr(cause, "sqlstate", None))


def _of_connecting(error: Exception) -> Exception:
    """Asyncpg's own errors arrive bare while a connection is being made."""
    state = getattr(error, "sqlstate", None)
    return error if state is None else _of_state(type(error).__name__, state)


def _of_sqlite(name: str, code: int) -> Exception:
    if code in _SQLITE_BUSY:
        return StorageUnreachable("locked by another process", again=True)
    if code in _SQLITE_LATER:
        return StorageUnreachable(f"{name} {code}")
    return Defect(Code.INTERNAL, f"database: {name} {code}")


def _of_state(name: str, state: str | None) -> Exception:
    if state in _AGAIN_STATES:
        return StorageUnreachable(f"{name} {state}", again=True)
    if state in _LATER_STATES or (state or "")[:2] in _LATER_CLASSES:
        return StorageUnreachable(f"{name} {state}")
    if refusal := _REFUSED.get((state or "")[:2]):
        return Misconfigured(Code.INTERNAL, f"DATABASE_URL (or DB_…): {refusal}")
    return Defect(Code.INTERNAL, f"database: {name} {state}")
