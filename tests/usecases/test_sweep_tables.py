"""What lies in the bin is marked and asked about once; trouble with Google stops nothing."""

import pytest

from bot.core.errors import Code, Defect, Transient
from bot.core.events import DefectFound, NoticeKind
from bot.core.ports import TableState
from bot.core.table_file import Changes, Fate
from bot.kit.clock import ManualClock
from bot.storage.tables import shop_tables
from bot.usecases.sweep_tables import SweepTables
from tests.storage.people import NOW, shop
from tests.storage.test_unreadable_rows import spoil, table_of_tomorrow


class Files:
    """As much of `TableFiles` as a sweep needs."""

    def __init__(self):
        self.fates = {}
        self.error = None
        self.asked = []

    async def changes(self, bookmarks):
        self.asked.append(dict(bookmarks))
        if self.error is not None:
            raise self.error
        return Changes({"robot": str(len(self.asked))}, self.fates)


@pytest.fixture
def files():
    return Files()


@pytest.fixture
def events(storage):
    return storage.events


@pytest.fixture
def sweep(storage, files, events):
    stores = storage.stores
    return SweepTables(
        files=files,
        bookmarks=stores.bookmarks,
        tables=stores.tables,
        shops=stores.shops,
        sellers=stores.sellers,
        outbox=stores.outbox,
        clock=ManualClock(NOW),
        observe=events.append,
    )


async def test_a_binned_table_is_asked_about_once_in_the_morning(storage, files, sweep):
    one = await shop(storage)
    await storage.stores.tables.put_state(one.id, TableState(file_id="f"), now=NOW)
    files.fates = {"f": Fate.TRASHED, "strange": Fate.TRASHED}

    assert await sweep() == 1
    assert await sweep() == 1

    trouble = (await storage.stores.tables.state(one.id)).trouble
    assert trouble.code is Code.SHEET_TRASHED
    assert await storage.stores.outbox.due(now=NOW, limit=9) == []
    later = NOW.replace(day=20, hour=6)
    (notice,) = await storage.stores.outbox.due(now=later, limit=9)
    assert (notice.kind, notice.payload["shop_id"]) == (NoticeKind.TABLE_PROBLEM, one.id)


async def nonsense(storage, shop_id):
    of_shop = shop_tables.c.shop_id == shop_id
    await spoil(storage, shop_tables, of_shop, state_sealed="v1:nonsense")


@pytest.mark.parametrize(
    ("spoilt", "problem"),
    [(nonsense, Code.STORED_DATA_SEALED), (table_of_tomorrow, Code.INTERNAL)],
)
async def test_a_state_that_cannot_be_read_is_told_and_the_others_are_marked(
    storage, files, sweep, spoilt, problem
):
    one, other = await shop(storage), await shop(storage, telegram_id=78, sid="sid-2")
    for each, file_id in ((one, "f"), (other, "g")):
        await storage.stores.tables.put_state(each.id, TableState(file_id=file_id), now=NOW)
    await spoilt(storage, one.id)
    files.fates = {"f": Fate.TRASHED, "g": Fate.TRASHED}

    await sweep()

    assert (await storage.stores.tables.state(other.id)).trouble.code is Code.SHEET_TRASHED
    assert [(event.problem, event.shop_id) for event in storage.events] == [(problem, one.id)]
    assert await storage.stores.bookmarks.load() == {"robot": "1"}


async def test_a_table_that_is_back_is_no_trouble_any_more(storage, files, sweep):
    one = await shop(storage)
    await storage.stores.tables.put_state(one.id, TableState(file_id="f"), now=NOW)
    files.fates = {"f": Fate.TRASHED}
    await sweep()
    files.fates = {"f": Fate.THERE}

    assert await sweep() == 0

    assert (await storage.stores.tables.state(one.id)).trouble is None


async def test_each_look_goes_on_where_the_last_one_ended(files, sweep):
    await sweep()
    await sweep()

    assert files.asked == [{}, {"robot": "1"}]


@pytest.mark.parametrize(
    "error", [Transient(Code.GOOGLE_UNREACHABLE), Defect(Code.GOOGLE_TOKEN_DEAD)]
)
async def test_trouble_with_google_is_told_and_looked_at_again(files, sweep, events, error):
    files.error = error

    assert await sweep() == 0

    (event,) = events
    assert isinstance(event, DefectFound)
    assert event.problem is error.code
    files.error = None
    await sweep()
    assert files.asked == [{}, {}]
