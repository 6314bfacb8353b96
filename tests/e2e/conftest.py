import pytest
import pytest_asyncio

from tests.e2e.stage import open_stage, small_shop
from tests.support.databases import in_thread
from tests.support.killing import undisturbed

QUIET_SHOPS = 8


@pytest.fixture(scope="session")
def quiet(tmp_path_factory):
    """What a night of eight shops without trouble leaves behind."""
    found = []

    async def night():
        found.append(await undisturbed(tmp_path_factory.mktemp("quiet"), shops=QUIET_SHOPS))

    in_thread(night)
    return found[0]


@pytest_asyncio.fixture(params=["google", "excel"])
async def stage(request, tmp_path, database_url):
    """The twins and an empty database, with and without Google."""
    with_google = request.param == "google"
    async with open_stage(
        tmp_path, database_url, with_google=with_google, shops=[small_shop()]
    ) as opened:
        yield opened


@pytest_asyncio.fixture
async def google_stage(tmp_path, database_url):
    """The same where tables are Google Sheets."""
    async with open_stage(tmp_path, database_url, with_google=True, shops=[small_shop()]) as it:
        yield it
