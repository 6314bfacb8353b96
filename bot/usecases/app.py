"""All use cases as one typed object: what a handler receives."""

from dataclasses import dataclass

from bot.usecases.adopt_sheet import AdoptSheet
from bot.usecases.connect_shop import CheckKey, ConnectShop, DeleteKey
from bot.usecases.count_warehouses import CountWarehouses
from bot.usecases.delete_account import DeleteAccount
from bot.usecases.hand_over import HandOver
from bot.usecases.invitations import Invitations
from bot.usecases.mend_table import MendTable
from bot.usecases.pause_shop import PauseShop
from bot.usecases.people import People
from bot.usecases.register_seller import RegisterSeller
from bot.usecases.request_refresh import AttachProgress, RequestRefresh
from bot.usecases.share_table import ShareTable
from bot.usecases.shop_status import ShopStatus
from bot.usecases.switch_period import SwitchPeriod


@dataclass(frozen=True, slots=True)
class UseCases:
    """What a person can ask for."""

    people: People
    register_seller: RegisterSeller
    invitations: Invitations
    connect_shop: ConnectShop
    check_key: CheckKey
    delete_key: DeleteKey
    switch_period: SwitchPeriod
    pause_shop: PauseShop
    count_warehouses: CountWarehouses
    delete_account: DeleteAccount
    request_refresh: RequestRefresh
    attach_progress: AttachProgress
    hand_over: HandOver
    shop_status: ShopStatus
    share_table: ShareTable
    adopt_sheet: AdoptSheet
    mend_table: MendTable
