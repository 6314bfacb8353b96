"""Russian words for made-up shops."""

from bot.sandbox.wildberries.places import (
    MOSCOW,
    WB_OVERSIZE_RUSSIA,
    WB_RUSSIA,
    Destination,
    Warehouse,
)

BRANDS = ("Фотолавка", "Тёплый Дом", "SunnyKids", "Лесная Сказка", "Мастер‑Плюс", "O'Key Home")

# subject, its number, its category
SUBJECTS = (
    ("Фотоальбомы", 640, "Хобби"),
    ("Пледы", 258, "Дом"),
    ("Кружки", 507, "Посуда"),
    ("Футболки", 192, "Одежда"),
    ("Рюкзаки", 50, "Аксессуары"),
    ("Настольные игры", 1129, "Игрушки"),
)
COLOURS = ("синий", "белый", "хаки", "бежевый", "графит", "с узором", "мятный")

# the seller writes what he likes; each of these has broken somebody's table
VENDOR_CODES = (
    '=HYPERLINK("http://x";"y")',
    "+7-синий",
    "@набор",
    "-1",
    "000123",
    "Артикул с  двумя пробелами",
    "12.11",
)

_CENTRE = "Центральный федеральный округ"
_NORTH_WEST = "Северо-Западный федеральный округ"
_SOUTH = "Южный федеральный округ"
_VOLGA = "Приволжский федеральный округ"
_URAL = "Уральский федеральный округ"
_SIBERIA = "Сибирский федеральный округ"
_EAST = "Дальневосточный федеральный округ"

# name, district; the hard space in some names is the vendor's
_RUSSIAN = (
    ("Подольск", _CENTRE),
    ("Казань", _VOLGA),
    ("Тула", _CENTRE),
    ("Санкт-Петербург\xa0(Уткина\xa0Заводь)", _NORTH_WEST),
    ("Екатеринбург - Испытателей 14г", _URAL),
    ("Новосибирск", _SIBERIA),
    ("Рязань (Тюшевское)", _CENTRE),
    ("Подольск\xa03", _CENTRE),
    ("Белая дача", _CENTRE),
    ("Владимир", _CENTRE),
    ("Волгоград", _SOUTH),
    ("Сарапул", _VOLGA),
    ("Чашниково", _CENTRE),
    ("Обухово", _CENTRE),
    ("Пушкино", _CENTRE),
    ("Вёшки", _CENTRE),
    ("Радумля", _CENTRE),
    ("Воронеж", _CENTRE),
    ("Пенза", _VOLGA),
    ("Ярославль Громова", _CENTRE),
    ("Хабаровск", _EAST),
    ("Артём", _EAST),
    ("Красноярск", _SIBERIA),
    ("Юрга", _SIBERIA),
    ("Омск", _SIBERIA),
    ("Барнаул", _SIBERIA),
    ("Челябинск", _URAL),
    ("Екатеринбург - Перспективный 12", _URAL),
    ("Уфа Зубово", _VOLGA),
    ("Ижевск", _VOLGA),
    ("Крыловская", _SOUTH),
    ("Ростов-на-Дону", _SOUTH),
    ("Шушары", _NORTH_WEST),
    ("Калининград", _NORTH_WEST),
)
_STILL_NAMED = (
    ("Коледино", _CENTRE),
    ("Электросталь", _CENTRE),
    ("Краснодар", _SOUTH),
    ("Самара (Новосемейкино)", _VOLGA),
    ("Невинномысск", "Северо-Кавказский федеральный округ"),
    ("Котовск", _CENTRE),
)
_OVERSIZE = (("СГТ Шелепаново", _CENTRE), ("СГТ Екатеринбург", _URAL))
_ABROAD = (("Минск", "Беларусь"), ("Астана Карагандинское шоссе", "Казахстан"))
_SELLER = (("Мой склад Иркутск", "Дальневосточный и Сибирский"), ("Обухово МП", _CENTRE))


def wb_warehouses(amount: int) -> list[Warehouse]:
    """Return that many WB warehouses; a few of each sort come first, numbered ones last."""
    ids = iter(range(507, 507 + 11 * (amount + 100), 11))
    places = [Warehouse(n, next(ids), r, WB_RUSSIA) for n, r in _RUSSIAN]
    named = [Warehouse(n, next(ids), r, WB_RUSSIA, still_named=True) for n, r in _STILL_NAMED]
    large = [Warehouse(n, next(ids), r, WB_OVERSIZE_RUSSIA) for n, r in _OVERSIZE]
    abroad = [Warehouse(n, next(ids), r, None) for n, r in _ABROAD]
    every = [*places[:4], named[0], large[0], abroad[0], *places[4:], *named[1:]]
    every += [*large[1:], *abroad[1:]]
    while len(every) < amount:
        every.append(Warehouse(f"Склад №{len(every) + 1}", next(ids), _CENTRE))
    return every[:amount]


def seller_warehouses() -> list[Warehouse]:
    """Return the seller's own warehouses."""
    return [
        Warehouse(name, 1_300_000 + index, region, None, seller=True)
        for index, (name, region) in enumerate(_SELLER)
    ]


DESTINATIONS = (
    MOSCOW,
    Destination("Россия", _CENTRE, "Тульская", "Тула"),
    Destination("Россия", _NORTH_WEST, "Санкт-Петербург", "Санкт-Петербург"),
    Destination("Россия", _SOUTH, "Краснодарский", "Краснодар"),
    Destination("Россия", _VOLGA, "Татарстан", "Казань"),
    Destination("Россия", _URAL, "Свердловская", "Екатеринбург"),
    Destination("Россия", _SIBERIA, "Новосибирская", "Новосибирск"),
    Destination("Россия", _EAST, "Хабаровский", "Хабаровск"),
    Destination("Беларусь", "", "Минская", "Минск"),
)
