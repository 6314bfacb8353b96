"""Every word that a seller reads in the table. Labels are a contract: design §5."""

SHEET_MAIN = "Остатки"
SHEET_HISTORY = "История"
SHEET_ABOUT = "О таблице"

GROUP_IDENTITY = "Основная информация"
GROUP_TOTALS = "Общие метрики"
GROUP_SELLER_WAREHOUSES = "Маркетплейс"
REFRESHED = " · обновлено {moment} МСК"
PARTIAL = " · частично"
NO_PRODUCTS = "Товаров пока нет"

BRAND = ("Бренд", "Бренд карточки")
SUBJECT = ("Предмет", "Предмет карточки на Wildberries")
VENDOR_CODE = ("Артикул продавца", "Ваш артикул, как он записан в карточке")
NM_ID = ("NM ID", "Артикул Wildberries")
TO_CUSTOMER = ("В пути до покупателя", "Штуки, которые едут к покупателям; в остатки не входят")
TO_WAREHOUSE = (
    "В пути конв. на склад WB",
    "Возвраты покупателей, которые едут на склад WB; это не ваши поставки",
)
ORDERS_TOTAL = (
    "Заказы (всего)",
    "Заказано штук за период, вместе с отменёнными позже: как в воронке продаж в кабинете",
)
STOCKS_TOTAL = ("Остатки (всего)", "Штуки на складах WB и на ваших складах (FBS) вместе")
TURNOVER = (
    "Оборачиваемость (дни)",
    "На сколько дней хватит остатка при заказах периода. Пусто: заказов не было",
)
PLACE_STOCK = ("Остатки", "Штуки на этом складе")
PLACE_ORDERS = ("Заказы", "Заказы с этого склада за период, без отменённых")
PLACE_TURNOVER = (
    "Оборач.",
    "Остаток этого склада ÷ его заказы в день. Пусто: заказов не было или остаток неизвестен",
)
HIDDEN_PLACES = {
    "склад wb рф": "Сумма складов WB в России, названия которых Wildberries скрывает",
    "склад wb сгт рф": (
        "Сумма складов WB для крупных товаров в России, названия которых Wildberries скрывает"
    ),
    "склад wb": "Сумма складов WB: Wildberries не говорит, с какого склада, и скрывает названия",
}

HISTORY_COLUMNS = (
    "День",
    "Товары",
    "Остатки",
    "Заказы",
    "В пути",
    "Распродано товаров",
)

ABOUT_SHOP = "Магазин"
ABOUT_REFRESHED = "Обновлено"
ABOUT_PERIOD = "Период"
ABOUT_CHECK = "Сверка остатков"
ABOUT_ORDERS_CHECK = "Сверка заказов"
ABOUT_AVERAGE_CHECK = "Сверка заказов в день"
ABOUT_AWAITING_FUNNEL = "Ждут воронку продаж"
ABOUT_UNCOUNTED = "Склады вне итогов"
ABOUT_UNKNOWN = "Неполные суммы"
ABOUT_COLUMNS = "Что значат столбцы"

SOURCE_FUNNEL = "Источник: воронка продаж"
SOURCE_REMAINS = "Источник: остатки на складах WB"
SOURCE_ORDERS = "Источник: заказы"
SOURCE_SELLER_STOCKS = "Источник: остатки на ваших складах"

PERIOD = "{first} – {last}, дней: {days}"
DATA_AS_OF = "данные на {moment} МСК, товаров: {rows}"
DATA_OF_PERIOD = ", за {first} – {last}"
DATA_NEVER = "ещё не получены: эти ячейки пусты"
DATA_STALE = "; новее пока нет ({reason})"
DATA_NEXT_TRY = ", спросим снова в {moment} МСК"
DATA_SUBSTITUTED = "закрыт для этого вида ключа: остатки FBS берём из воронки продаж"
DATA_UNFINISHED = "; получены ещё не все карточки, остальные придут позже"
CHECK_EQUAL = "склады: {shelves} шт., «Всего находится на складах»: {total} шт. – сходится"
CHECK_DIFFERS = (
    "склады: {shelves} шт., «Всего находится на складах»: {total} шт.; "
    "товаров с расхождением: {cards}. Показаны склады, как их назвал Wildberries"
)
ORDERS_EQUAL = "воронка: {funnel} шт., посчитано по заказам: {counted} шт. – сходится"
ORDERS_DIFFER = (
    "воронка: {funnel} шт., посчитано по заказам: {counted} шт.; товаров с расхождением: {cards}"
)
ORDERS_FEWER = " (в заказах может ещё не быть неоплаченных)"
ORDERS_MORE = " (воронка дополняется до нескольких дней)"
ORDERS_OF_OTHER_DAYS = (
    "сравнить нельзя: воронка за {funnel_first} – {funnel_last}, "
    "заказы за {orders_first} – {orders_last}"
)
ORDERS_CANCELLED = "; отменено позже: {cancelled}, в столбцах складов их нет"
ORDERS_FBS = "; с ваших складов (FBS): {fbs}, столбец «Маркетплейс»"
AVERAGE_EQUAL = "заказы ÷ {days} дн. совпадают со средним Wildberries; товаров: {cards}"
AVERAGE_DIFFERS = (
    "заказы ÷ {days} дн. отличаются от среднего Wildberries; "
    "товаров с расхождением: {differing} из {cards}"
)
AWAITING_FUNNEL = (
    "товаров: {cards}; воронка за этот период до них ещё не дошла, "
    "их заказы – из отчёта о заказах, остальное из воронки придёт позже. NM ID: {nm_ids}"
)
AND_MORE = " и ещё {more}"
UNCOUNTED = "остаток не входит в итоги и оборачиваемость: {names}"
UNKNOWN_PARTS = "у {cards} товаров часть чисел неизвестна: сложено то, что известно"

REASONS = {
    "rate_limited": "Wildberries просит подождать",
    "budget_spent": "лимит ключа исчерпан, ждём",
    "report_in_the_making": "Wildberries ещё готовит отчёт",
    "report_gone": "отчёт Wildberries пропал, заказан новый",
    "vendor_failed": "Wildberries отвечает ошибкой",
    "vendor_unreachable": "Wildberries не отвечает",
    "answer_cut": "ответ Wildberries оборвался",
    "answer_not_understood": "ответ Wildberries изменился, мы уже разбираемся",
    "suspiciously_empty": "Wildberries прислал пустой ответ, ждём подтверждения",
    "method_closed_for_key": "этому виду ключа данные закрыты",
    "method_blocked": "доступ к этим данным закрыт для ключа",
    "method_disabled": "Wildberries временно отключил эти данные",
    "key_rejected": "Wildberries не принимает ключ для этих данных",
}
REASON_OTHER = "источник не ответил"
