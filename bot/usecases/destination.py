"""Where a shop's table goes, for whoever asks something of its file."""

from bot.core.ports import Destination, TableState
from bot.core.sellers import Seller, Shop


def destination_of(shop: Shop, seller: Seller, state: TableState) -> Destination:
    """Return the destination of a shop's table."""
    return Destination(
        shop_id=shop.id,
        title=f"Stock Tracker – {shop.title}",
        reader_email=seller.profile.email,
        state=state,
    )
