"""Places in a vendor's list of changes, so that each change is looked at once."""

from collections.abc import Mapping

from sqlalchemy import select

from bot.storage.database import Database, whole
from bot.storage.tables import bookmarks
from bot.storage.upsert import put_all


class SqlBookmarks:
    """The port `Bookmarks`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @whole
    async def load(self) -> Mapping[str, str]:
        """Return all of them."""
        async with self._database.read() as connection:
            rows = await connection.execute(select(bookmarks.c.name, bookmarks.c.place))
            return {row.name: row.place for row in rows.all()}

    @whole
    async def save(self, places: Mapping[str, str]) -> None:
        """Set these; others stay."""
        rows = [{"name": name, "place": place} for name, place in places.items()]
        async with self._database.write() as connection:
            await put_all(connection, bookmarks, rows)
