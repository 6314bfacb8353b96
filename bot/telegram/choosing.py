"""Which of his shops a seller means."""

from bot.core.errors import Code, SellerMustAct
from bot.core.sellers import Seller, Shop
from bot.telegram.keyboards import Act, Screen, choose_shop, lead
from bot.telegram.talk import Talk
from bot.telegram.texts import Html, Label, Line
from bot.usecases.app import UseCases


async def pick_shop(talk: Talk, uc: UseCases, seller: Seller, act: Act) -> Shop | None:
    """Return the seller's only shop; with several or none ask for one and return `None`."""
    shops = await uc.people.shops(seller)
    if len(shops) == 1:
        return shops[0]
    if shops:
        await talk.show(talk.words(Line.CHOOSE_SHOP), choose_shop(shops, act))
    else:
        await say_no_shops(talk)
    return None


async def own_shop(uc: UseCases, seller: Seller, shop_id: int) -> Shop:
    """Return the seller's shop with this id.

    Raises:
        SellerMustAct: it is not his; the id came from a button, and buttons can be forged.
    """
    for shop in await uc.people.shops(seller):
        if shop.id == shop_id:
            return shop
    raise SellerMustAct(Code.SHOP_UNKNOWN)


async def say_no_shops(talk: Talk) -> None:
    """Say that there are no shops, with the one thing to do about it."""
    add = talk.words.label(Label.ADD_KEY)
    text = Html(f"{talk.words(Line.NO_SHOPS)} {talk.words(Line.CONNECT_FIRST, add_key=add)}")
    await talk.show(text, lead(talk.words, (Label.ADD_KEY, Screen.ADD_KEY)))
