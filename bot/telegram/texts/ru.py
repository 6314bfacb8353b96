"""Every sentence in Russian. The button labels are a contract: design §6."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.telegram.texts import sheet
from bot.telegram.texts.keys import Label, Line, Noun

LABELS: Mapping[Label, str] = MappingProxyType(
    {
        **sheet.LABELS_RU,
        Label.ADD_KEY: "🔑 Добавить API ключ",
        Label.GET_TABLE: "📊 Получить мою таблицу",
        Label.REFRESH: "🔄 Обновить сейчас",
        Label.SETTINGS: "⚙️ Настройки",
        Label.ABOUT: "ℹ️ О сервисе",
        Label.HELP: "❓ Помощь",
        Label.PROFILE: "👤 Профиль",
        Label.API_KEY: "🔑 API ключ",
        Label.SHOPS: "🏪 Магазины",
        Label.ADD_SHOP: "➕ Добавить магазин",
        Label.REPLACE_KEY: "Заменить",
        Label.REPLACE_KEY_LONG: "Заменить ключ",
        Label.DELETE_KEY: "Удалить",
        Label.CHECK_KEY: "Проверить",
        Label.DELETE_FOR_GOOD: "Да, удалить ключ",
        Label.KEEP_KEY: "Оставить",
        Label.BACK: "← Назад",
        Label.SHARE_PHONE: "📱 Отправить мой номер",
        Label.TRY_AGAIN: "Попробовать ещё раз",
        Label.OPEN_TABLE: "📊 Открыть таблицу",
        Label.PERIOD: "📅 Период",
        Label.PAUSE: "⏸ Пауза",
        Label.WAREHOUSES: "🏬 Не считать остаток складов",
        Label.RESUME: "▶️ Возобновить",
        Label.DELETE_ACCOUNT: "🗑 Удалить аккаунт",
        Label.DELETE_ACCOUNT_YES: "Да, удалить аккаунт",
        Label.ERASE: "Удалить навсегда",
        Label.DOWNLOAD_DATA: "📥 Скачать данные",
        Label.KEEP_ACCOUNT: "Оставить аккаунт",
    }
)

NOUNS: Mapping[Noun, tuple[str, str, str]] = MappingProxyType(
    {
        Noun.ROWS: ("строка", "строки", "строк"),
        Noun.SHOPS: ("магазин", "магазина", "магазинов"),
        Noun.DAYS: ("день", "дня", "дней"),
    }
)

LINES: Mapping[Line, str] = MappingProxyType(
    {
        **sheet.LINES_RU,
        Line.ASK_NAME: (
            "👋 Здравствуйте! Я собираю остатки, заказы и оборачиваемость ваших товаров на "
            "Wildberries в одну таблицу и обновляю её каждую ночь.\n\n"
            "<b>Шаг 1 из 3.</b> Как вас зовут? Например: <i>Анна Иванова</i>\n\n"
            "Отвечая, вы соглашаетесь на обработку имени, e-mail и телефона: {policy}."
        ),
        Line.ASK_EMAIL: (
            "Приятно познакомиться, {name}!\n\n"
            "<b>Шаг 2 из 3.</b> Ваш e-mail? На него откроется доступ к таблице. "
            "Например: <i>anna@example.ru</i>"
        ),
        Line.ASK_PHONE: (
            "<b>Шаг 3 из 3.</b> Ваш телефон? Нажмите кнопку ниже или напишите номер. "
            "Например: <i>+7 999 123-45-67</i>"
        ),
        Line.PHONE_HINT: "+7 999 123-45-67",
        Line.REGISTERED: (
            "✅ Готово, {name}: вы зарегистрированы.\n\n"
            "Остался один шаг: подключите магазин кнопкой «{add_key}»."
        ),
        Line.POLICY_LINK: '<a href="{url}">политика обработки данных</a>',
        Line.POLICY_COMMAND: "политика – по команде /privacy",
        Line.INVITED_ONLY: "Сейчас регистрация открыта только по приглашению.",
        Line.REGISTER_FIRST: "Сначала зарегистрируйтесь: это три вопроса. Нажмите /start.",
        Line.NOT_TEXT: "Это {kind}, а я жду ответ текстом.",
        Line.WELCOME_WITHOUT_KEY: (
            "Здравствуйте, {name}! Чтобы получить таблицу, подключите магазин: "
            "нажмите «{add_key}»."
        ),
        Line.WELCOME_WITH_KEY: (
            "Здравствуйте, {name}! Таблица обновляется каждую ночь в 00:01 МСК, "
            "а по кнопке «{refresh}» – сразу."
        ),
        Line.MENU_HINT: "Кнопки меню – под полем ввода.",
        Line.ABOUT: (
            "<b>Stock Tracker</b> собирает по вашему магазину на Wildberries остатки, заказы и "
            "оборачиваемость каждого товара: всего и по складам.\n\n"
            "• Таблица обновляется каждую ночь в 00:01 МСК и по вашей просьбе.\n"
            "• Ваши столбцы, заметки и фильтры в ней остаются на месте.\n"
            "• Ключ хранится зашифрованным, и мы только читаем данные.\n\n"
            "Как мы обращаемся с данными: /privacy"
        ),
        Line.HELP: (
            "<b>Что я умею</b>\n"
            "/menu – главное меню\n"
            "/sync – обновить таблицу сейчас\n"
            "/status – когда и что обновлено\n"
            "/settings – профиль, ключ, магазины\n"
            "/cancel – прервать то, что начали\n"
            "/privacy – как мы обращаемся с данными\n\n"
            "Нужен ключ API Wildberries с правами «Аналитика» и «Статистика»."
        ),
        Line.SUPPORT: "Поддержка: {contact}",
        Line.PRIVACY: (
            "<b>Как мы обращаемся с данными</b>\n\n"
            "<b>Что храним:</b> ваш Telegram id, имя, e-mail и телефон; ключ API Wildberries; "
            "остатки, заказы и показатели ваших товаров.\n"
            "<b>Зачем:</b> собрать вашу таблицу, открыть к ней доступ по e-mail и ответить вам, "
            "если вы напишете в поддержку.\n"
            "<b>Как:</b> имя, e-mail, телефон и ключ лежат зашифрованными, отдельно от ключа "
            "шифрования. Сообщение с ключом API удаляется из чата сразу. Ключ "
            "используется только для чтения.\n"
            "<b>Кому передаём:</b> Google – таблицу и ваш e-mail для доступа к ней, если "
            "таблица в Google; больше никому. Рекламы не шлём.\n"
            "<b>Как удалить:</b> ключ – в «{settings}» → «{api_key}» → «{delete}»; "
            "все данные – в «{settings}» → «{delete_account}».\n\n"
            "Если данные попадут в чужие руки, мы сообщим вам здесь."
        ),
        Line.PRIVACY_LINK: 'Как мы обращаемся с данными: <a href="{url}">политика</a>.',
        Line.CANCELLED: "Прервал. Ничего из этого не сохранено.",
        Line.NOTHING_TO_CANCEL: "Прерывать нечего.",
        Line.FORM_DROPPED: "Чтобы начать сначала, нажмите /start.",
        Line.UNKNOWN_TEXT: "Не понял. Выберите кнопку ниже или нажмите /help.",
        Line.UNKNOWN_COMMAND: "Такой команды нет. Что есть – в /help.",
        Line.UNKNOWN_MEDIA: "Это {kind}: с таким я не работаю. Выберите кнопку или нажмите /help.",
        Line.STALE_BUTTON: "Эта кнопка устарела. Вот свежее меню.",
        Line.SLOW_DOWN: "Слишком быстро: последние сообщения я пропустил. Повторите через минуту.",
        Line.ASK_KEY: (
            "🔑 <b>Ключ API Wildberries</b>\n\n"
            "1. В кабинете продавца откройте раздел с ключами API и нажмите «Создать токен».\n"
            "2. Отметьте <b>Аналитика</b> и <b>Статистика</b>, затем «Только на чтение».\n"
            "3. Скопируйте ключ: Wildberries показывает его один раз.\n\n"
            "Пришлите ключ сюда одним сообщением: я сразу удалю его из чата. "
            "Передумали – /cancel."
        ),
        Line.ASK_KEY_AGAIN: "Пришлите ключ ещё раз: прежний я не сохранил. Передумали – /cancel.",
        Line.KEY_NOT_TEXT: (
            "Это {kind}. Пришлите ключ текстом: откройте его, скопируйте и вставьте."
        ),
        Line.KEY_TAKEN: "🔒 Сообщение с ключом удалено. Проверяю ключ в Wildberries…",
        Line.KEY_NOT_DELETED: (
            "⚠️ Не получилось удалить ваше сообщение с ключом. Удалите его сами: нажмите на него, "
            "«Удалить», «Удалить также у бота»."
        ),
        Line.KEY_SEEN_ELSEWHERE: (
            "🔒 Это похоже на ключ API, поэтому я удалил сообщение и ничего не сохранил.\n\n"
            "Чтобы подключить магазин, нажмите «{add_key}» и пришлите ключ."
        ),
        Line.KEY_SEEN_BEFORE_REGISTRATION: (
            "🔒 Это похоже на ключ API, поэтому я удалил сообщение и ничего не сохранил. "
            "Ключ понадобится после регистрации."
        ),
        Line.CONNECTED: "✅ Магазин «{shop}» подключён.",
        Line.KEY_REPLACED: "✅ Ключ магазина «{shop}» заменён.",
        Line.KIND_FULL: "Обновлять таблицу можно когда угодно: лимиты этого ключа полные.",
        Line.KIND_BASE: (
            "Это базовый ключ: Wildberries разрешает обновление не чаще раза в 3 часа, "
            "а переходы и конверсии приходят по 1 000 карточек за полчаса. "
            "Остатки и заказы приходят сразу."
        ),
        Line.KIND_PERSONAL: (
            "Это персональный ключ: лимиты полные, обновлять можно когда угодно. Но по правилам "
            "Wildberries такой ключ – для своих программ продавца: передавать его другим и в "
            "облачные сервисы нельзя, и Wildberries может его отозвать. Если этот бот не ваш "
            "собственный, создайте базовый ключ."
        ),
        Line.KEY_UNDECIDED: (
            "🌐 Wildberries сейчас не отвечает, и я не смог проверить ключ: он ни принят, "
            "ни отвергнут. Ничего не сохранено. Попробуйте через минуту."
        ),
        Line.PROGRESS: "⏳ Обновляю таблицу магазина «{shop}»",
        Line.PROGRESS_ACCEPTED: "⏳ Обновляю таблицу",
        Line.PROGRESS_PATIENCE: "Чат можно закрыть: результат придёт сюда.",
        Line.STAGE_ARRIVED: "✅ {source}",
        Line.STAGE_ARRIVED_ROWS: "✅ {source}: {rows}",
        Line.STAGE_WAITING: "⏳ {source}",
        Line.STAGE_AHEAD: "▫️ {source}",
        Line.STAGE_LATE: "🕒 {source}: придёт позже, попробую снова в {at}",
        Line.STAGE_LATE_SOMETIME: "🕒 {source}: придёт позже",
        Line.STAGE_FAILED: "⚠️ {source}: не получено, в таблице прежние данные",
        Line.STAGE_CLOSED: "➖ {source}: этому ключу недоступно",
        Line.SOURCE_FUNNEL: "Воронка продаж",
        Line.SOURCE_REMAINS: "Остатки на складах",
        Line.SOURCE_ORDERS: "Заказы",
        Line.SOURCE_SELLER_STOCKS: "Остатки на ваших складах",
        Line.TABLE_READY: "✅ Таблица магазина «{shop}» готова. Обновлено {at}.",
        Line.TABLE_PARTLY: (
            "✅ Таблица магазина «{shop}» готова, но обновилась не вся: часть данных прежняя, "
            "подробности – на листе «О таблице». Обновлено {at}."
        ),
        Line.TABLE_SO_FAR: (
            "✅ Таблица магазина «{shop}» уже есть, остальные данные придут позже и появятся в "
            "ней сами. Обновлено {at}."
        ),
        Line.TABLE_IN_FILE: "Таблица – в файле ниже.",
        Line.ACCESS_LATER: (
            "Google пока не открыл доступ для вашего e-mail: попробую при следующем обновлении."
        ),
        Line.RUN_FAILED: "⚠️ Таблица магазина «{shop}» не обновилась. {problem}",
        Line.RUN_STOPPED: "⏹ Обновление таблицы магазина «{shop}» остановлено. {problem}",
        Line.RUN_SUPERSEDED: "Это обновление сменилось новым: свежие данные придут с ним.",
        Line.NO_DATA_YET_STARTED: "Данных ещё нет, поэтому собираю их сейчас.",
        Line.CHOOSE_SHOP: "Какой магазин?",
        Line.MORNING: "🌅 Таблица магазина «{shop}» обновлена {at}.",
        Line.MORNING_PARTLY: (
            "🌅 Таблица магазина «{shop}» обновлена {at}, но не вся: часть данных прежняя, "
            "подробности – на листе «О таблице»."
        ),
        Line.MORNING_AS_BEFORE: (
            "🌅 Этой ночью Wildberries не ответил: в таблице магазина «{shop}» прежние данные, "
            "на {at}. Новые появятся в ней сами, как только придут."
        ),
        Line.SETTINGS: "⚙️ <b>Настройки</b>\nЧто открыть?",
        Line.PROFILE: (
            "👤 <b>Профиль</b>\nИмя: {name}\nE-mail: {email}\nТелефон: {phone}\n\n"
            "На этот e-mail открыт доступ к таблице."
        ),
        Line.KEY_SCREEN: "🔑 <b>Ключ магазина «{shop}»</b>\n{state}",
        Line.KEY_LIVES: "Действует. Вид: {kind}.",
        Line.KEY_UNTIL: "Срок: до {at}.",
        Line.KEY_REFUSED: "Не действует: данные не обновляются. Замените ключ.",
        Line.KEY_NONE: "Ключа нет: таблица на месте, но не обновляется.",
        Line.DELETE_KEY_SURE: (
            "Удалить ключ магазина «{shop}»? Обновления прекратятся; магазин и таблица останутся."
        ),
        Line.KEY_DELETED: "Ключ магазина «{shop}» удалён. Таблица осталась, обновлений не будет.",
        Line.KEY_KEPT: "Ключ остался на месте.",
        Line.KEY_CHECKED: "✅ Wildberries принимает ключ магазина «{shop}».",
        Line.SHOPS: "🏪 <b>Ваши магазины</b>\n{rows}",
        Line.SHOP_ROW: "{number}. {shop} – {state}",
        Line.NO_SHOPS: "Магазинов пока нет.",
        Line.CONNECT_FIRST: "Подключите первый: «{add_key}».",
        Line.STATE_LIVE: "обновляется",
        Line.STATE_NEEDS_KEY: "ключ не действует",
        Line.STATE_WITHOUT_KEY: "без ключа",
        Line.STATE_PAUSED: "на паузе",
        Line.PERIOD_SCREEN: (
            "📅 <b>Период магазина «{shop}»</b>\nСейчас: {days}, до вчерашнего дня включительно. "
            "За этот период считаются заказы и оборачиваемость."
        ),
        Line.PERIOD_SET: "📅 Период магазина «{shop}»: {days}. Новые данные придут в таблицу.",
        Line.WAREHOUSES: (
            "🏬 <b>Склады магазина «{shop}»</b>\n✅ – остаток считается, 🚫 – не входит в итоги и "
            "оборачиваемость. Столбцы складов остаются. Нажмите на склад, чтобы изменить."
        ),
        Line.WAREHOUSES_NONE: (
            "🏬 В таблице магазина «{shop}» ещё нет столбцов складов: они появятся с остатками."
        ),
        Line.WAREHOUSES_SET: (
            "🏬 <b>Склады магазина «{shop}»</b>\nИзменено: таблица пересчитывается по данным, "
            "которые уже есть. ✅ – остаток считается, 🚫 – не входит в итоги."
        ),
        Line.PAUSED: (
            "⏸ Магазин «{shop}» на паузе: ночью он не обновляется, таблица остаётся. "
            "По кнопке «🔄 Обновить сейчас» обновить можно."
        ),
        Line.RESUMED: "▶️ Магазин «{shop}» снова обновляется каждую ночь.",
        Line.RESUMED_NEEDS_KEY: (
            "▶️ Пауза магазина «{shop}» снята. Чтобы он обновлялся, нужен действующий ключ."
        ),
        Line.DELETE_ACCOUNT: (
            "🗑 <b>Удалить аккаунт?</b>\n\n"
            "Сотрутся профиль, магазины, ключи, все собранные данные и таблицы, которые создал "
            "бот. Вернуть их нельзя. Данные можно сначала скачать."
        ),
        Line.DELETE_ACCOUNT_SURE: (
            "⚠️ <b>Точно удалить?</b> Это навсегда: ни мы, ни Google данные не восстановим."
        ),
        Line.NOTHING_TO_DOWNLOAD: "Собранных данных ещё нет: скачивать нечего.",
        Line.ACCOUNT_KEPT: "Аккаунт остался, ничего не удалено.",
        Line.ACCOUNT_DELETED: "🗑 Аккаунт удалён вместе со всеми данными.",
        Line.TABLES_LEFT_BEHIND: (
            "Эти таблицы удалить сейчас не вышло. Удалите их сами или напишите нам:\n{links}"
        ),
        Line.COME_BACK: "Захотите вернуться – нажмите /start.",
        Line.KIND_NAME_BASE: "базовый",
        Line.KIND_NAME_PERSONAL: "персональный",
        Line.KIND_NAME_SERVICE: "сервисный",
        Line.KIND_NAME_TEST: "тестовый",
        Line.STATUS_SHOP: "🏪 <b>{shop}</b> – {state}",
        Line.STATUS_FRESH: "Данные: {at}.",
        Line.STATUS_PARTLY: "Данные: {at}, обновлены частично.",
        Line.STATUS_NEVER: "Данных ещё нет.",
        Line.STATUS_RUNNING: "Сейчас обновляется:",
        Line.STATUS_WAITS: "Продолжу в {at}.",
        Line.STATUS_LAST_FAILED: "В последний раз не получилось: {problem}",
        Line.STATUS_NEXT: "Следующее обновление – ночью, в 00:01 МСК.",
        Line.NOTICE_KEY_REFUSED: (
            "🔑 Магазин «{shop}»: {problem}\n\n"
            "Собранные данные сохранены, новые не загружаются. Новый ключ – это 2 минуты."
        ),
        Line.NOTICE_TABLE_PROBLEM: "📊 Магазин «{shop}»: {problem}",
        Line.ALARM: "⚠️ Нужен взгляд оператора: {where}, код {code}.",
        Line.ALARM_SHOP: "Магазин: {shop_id}.",
        Line.ALARM_NIGHT: (
            "Ночь не закончена. Магазинов без прогона: {missing}, в работе: {unfinished}, "
            "ждут без новых данных: {waiting}."
        ),
        Line.INVITE_LINK: (
            "По этой ссылке может зарегистрироваться один человек, {days} дней:\n{link}"
        ),
        Line.SYNC_ALL: "Принял: обновляю {shops}.",
        Line.SYNC_ALL_NONE: "Обновлять нечего: магазинов с действующим ключом нет.",
        Line.SYNC_ONE: "Принял: обновляю магазин {shop_id}.",
        Line.SYNC_ONE_JOINED: "Магазин {shop_id} уже обновляется.",
        Line.SYNC_USAGE: "Так: /sync all – все магазины, /sync 12 – магазин с номером 12.",
        Line.ERROR_CODE: "Код для поддержки: <code>{code}</code>",
        Line.MEDIA_PHOTO: "фото",
        Line.MEDIA_VIDEO: "видео",
        Line.MEDIA_VOICE: "голосовое сообщение",
        Line.MEDIA_AUDIO: "аудио",
        Line.MEDIA_STICKER: "стикер",
        Line.MEDIA_DOCUMENT: "файл",
        Line.MEDIA_LOCATION: "геопозиция",
        Line.MEDIA_CONTACT: "контакт",
        Line.MEDIA_OTHER: "сообщение без текста",
        Line.COMMAND_START: "начать",
        Line.COMMAND_HELP: "помощь",
        Line.COMMAND_MENU: "главное меню",
        Line.COMMAND_SYNC: "обновить таблицу сейчас",
        Line.COMMAND_STATUS: "когда и что обновлено",
        Line.COMMAND_SETTINGS: "профиль, ключ, магазины",
        Line.COMMAND_CANCEL: "прервать начатое",
        Line.COMMAND_PRIVACY: "как мы обращаемся с данными",
        Line.DESCRIPTION: (
            "Остатки, заказы и оборачиваемость товаров на Wildberries – в одной таблице, "
            "которая обновляется каждую ночь и по кнопке."
        ),
        Line.SHORT_DESCRIPTION: "Таблица остатков и заказов Wildberries, свежая каждое утро.",
    }
)
