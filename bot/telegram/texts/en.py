"""Every sentence in English."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.telegram.texts import sheet
from bot.telegram.texts.keys import Label, Line, Noun

LABELS: Mapping[Label, str] = MappingProxyType(
    {
        **sheet.LABELS_EN,
        Label.ADD_KEY: "🔑 Add API key",
        Label.GET_TABLE: "📊 Get my table",
        Label.REFRESH: "🔄 Refresh now",
        Label.SETTINGS: "⚙️ Settings",
        Label.ABOUT: "ℹ️ About",
        Label.HELP: "❓ Help",
        Label.PROFILE: "👤 Profile",
        Label.API_KEY: "🔑 API key",
        Label.SHOPS: "🏪 Shops",
        Label.ADD_SHOP: "➕ Add a shop",
        Label.REPLACE_KEY: "Replace",
        Label.REPLACE_KEY_LONG: "Replace the key",
        Label.DELETE_KEY: "Delete",
        Label.CHECK_KEY: "Check",
        Label.DELETE_FOR_GOOD: "Yes, delete the key",
        Label.KEEP_KEY: "Keep it",
        Label.BACK: "← Back",
        Label.SHARE_PHONE: "📱 Share my number",
        Label.TRY_AGAIN: "Try again",
        Label.OPEN_TABLE: "📊 Open the table",
        Label.PERIOD: "📅 Period",
        Label.PAUSE: "⏸ Pause",
        Label.WAREHOUSES: "🏬 Leave out warehouse stock",
        Label.RESUME: "▶️ Resume",
        Label.DELETE_ACCOUNT: "🗑 Delete my account",
        Label.DELETE_ACCOUNT_YES: "Yes, delete my account",
        Label.ERASE: "Delete for ever",
        Label.DOWNLOAD_DATA: "📥 Download my data",
        Label.KEEP_ACCOUNT: "Keep my account",
    }
)

NOUNS: Mapping[Noun, tuple[str, str]] = MappingProxyType(
    {Noun.ROWS: ("row", "rows"), Noun.SHOPS: ("shop", "shops"), Noun.DAYS: ("day", "days")}
)

LINES: Mapping[Line, str] = MappingProxyType(
    {
        **sheet.LINES_EN,
        Line.ASK_NAME: (
            "👋 Hello! I gather stock, orders and turnover of your Wildberries products in one "
            "table and refresh it every night.\n\n"
            "<b>Step 1 of 3.</b> What is your name? For example: <i>Anna Ivanova</i>\n\n"
            "By answering you agree that your name, e-mail and phone are processed: {policy}."
        ),
        Line.ASK_EMAIL: (
            "Nice to meet you, {name}!\n\n"
            "<b>Step 2 of 3.</b> Your e-mail? It is given access to the table. "
            "For example: <i>anna@example.com</i>"
        ),
        Line.ASK_PHONE: (
            "<b>Step 3 of 3.</b> Your phone? Press the button below or type the number. "
            "For example: <i>+7 999 123-45-67</i>"
        ),
        Line.PHONE_HINT: "+7 999 123-45-67",
        Line.REGISTERED: (
            "✅ Done, {name}: you are registered.\n\n"
            "One step is left: connect your shop with «{add_key}»."
        ),
        Line.POLICY_LINK: '<a href="{url}">privacy policy</a>',
        Line.POLICY_COMMAND: "see /privacy",
        Line.INVITED_ONLY: "Registration is by invitation only at the moment.",
        Line.REGISTER_FIRST: "Please register first: it takes three questions. Press /start.",
        Line.NOT_TEXT: "This is {kind}, and I am waiting for a text.",
        Line.WELCOME_WITHOUT_KEY: (
            "Hello, {name}! To get your table, connect a shop: press «{add_key}»."
        ),
        Line.WELCOME_WITH_KEY: (
            "Hello, {name}! The table is refreshed every night at 00:01 Moscow time, "
            "and at once when you press «{refresh}»."
        ),
        Line.MENU_HINT: "The menu buttons are below the input field.",
        Line.ABOUT: (
            "<b>Stock Tracker</b> gathers stock, orders and turnover of every product of your "
            "Wildberries shop: in total and per warehouse.\n\n"
            "• The table is refreshed every night at 00:01 Moscow time and when you ask.\n"
            "• Your own columns, notes and filters stay where they are.\n"
            "• The key is stored encrypted, and we only read data.\n\n"
            "How we treat your data: /privacy"
        ),
        Line.HELP: (
            "<b>What I can do</b>\n"
            "/menu – main menu\n"
            "/sync – refresh the table now\n"
            "/status – what was refreshed, and when\n"
            "/settings – profile, key, shops\n"
            "/cancel – stop what you have begun\n"
            "/privacy – how we treat your data\n\n"
            "You need a Wildberries API key with the Analytics and Statistics rights."
        ),
        Line.SUPPORT: "Support: {contact}",
        Line.PRIVACY: (
            "<b>How we treat your data</b>\n\n"
            "<b>What we keep:</b> your Telegram id, name, e-mail and phone; your Wildberries API "
            "key; stock, orders and figures of your products.\n"
            "<b>What for:</b> to build your table, to give your e-mail access to it, and to "
            "answer when you write to support.\n"
            "<b>How:</b> name, e-mail, phone and key are stored encrypted, apart from the "
            "encryption key. A message with an API key is deleted from the chat at once. The "
            "key is used for reading only.\n"
            "<b>Who gets it:</b> Google – the table and your e-mail for access to it, if the "
            "table lives at Google; nobody else. We send no advertising.\n"
            "<b>How to erase it:</b> the key – in «{settings}» → «{api_key}» → «{delete}»; "
            "everything – in «{settings}» → «{delete_account}».\n\n"
            "If data ever fall into wrong hands, we tell you here."
        ),
        Line.PRIVACY_LINK: 'How we treat your data: <a href="{url}">privacy policy</a>.',
        Line.CANCELLED: "Stopped. Nothing of it was saved.",
        Line.NOTHING_TO_CANCEL: "There is nothing to stop.",
        Line.FORM_DROPPED: "To begin again, press /start.",
        Line.UNKNOWN_TEXT: "I did not understand. Choose a button below or press /help.",
        Line.UNKNOWN_COMMAND: "There is no such command. See /help.",
        Line.UNKNOWN_MEDIA: (
            "This is {kind}: I cannot use it. Choose a button below or press /help."
        ),
        Line.STALE_BUTTON: "This button is out of date. Here is a fresh menu.",
        Line.SLOW_DOWN: "Too fast: I skipped your last messages. Please repeat in a minute.",
        Line.ASK_KEY: (
            "🔑 <b>Wildberries API key</b>\n\n"
            "1. In your seller account open the section with API keys and create a token.\n"
            "2. Tick <b>Analytics (Аналитика)</b> and <b>Statistics (Статистика)</b>, then "
            "«Read only».\n"
            "3. Copy the key: Wildberries shows it only once.\n\n"
            "Send the key here in one message: I delete it from the chat at once. "
            "Changed your mind? /cancel."
        ),
        Line.ASK_KEY_AGAIN: (
            "Please send the key again: I did not keep the last one. Changed your mind? /cancel."
        ),
        Line.KEY_NOT_TEXT: "This is {kind}. Please send the key as text: copy it and paste it.",
        Line.KEY_TAKEN: (
            "🔒 The message with your key is deleted. Checking the key with Wildberries…"
        ),
        Line.KEY_NOT_DELETED: (
            "⚠️ I could not delete your message with the key. Please delete it yourself: press "
            "it, «Delete», «Also delete for the bot»."
        ),
        Line.KEY_SEEN_ELSEWHERE: (
            "🔒 This looks like an API key, so I deleted the message and saved nothing.\n\n"
            "To connect a shop, press «{add_key}» and send the key."
        ),
        Line.KEY_SEEN_BEFORE_REGISTRATION: (
            "🔒 This looks like an API key, so I deleted the message and saved nothing. "
            "The key is needed after registration."
        ),
        Line.CONNECTED: "✅ The shop «{shop}» is connected.",
        Line.KEY_REPLACED: "✅ The key of the shop «{shop}» is replaced.",
        Line.KIND_FULL: "You can refresh the table at any time: this key has full limits.",
        Line.KIND_BASE: (
            "This is a Base key: Wildberries allows a refresh at most every 3 hours, and "
            "conversions arrive by 1,000 cards per half hour. Stock and orders arrive at once."
        ),
        Line.KIND_PERSONAL: (
            "This is a Personal key: full limits, refresh at any time. But by Wildberries' rules "
            "it is for the seller's own programs: it must not be given to others or to cloud "
            "services, and Wildberries may withdraw it. Unless this bot is your own, create a "
            "Base key instead."
        ),
        Line.KEY_UNDECIDED: (
            "🌐 Wildberries does not answer now, so I could not check the key: it is neither "
            "accepted nor refused. Nothing was saved. Please try in a minute."
        ),
        Line.PROGRESS: "⏳ Refreshing the table of «{shop}»",
        Line.PROGRESS_ACCEPTED: "⏳ Refreshing the table",
        Line.PROGRESS_PATIENCE: "You may close the chat: the result will come here.",
        Line.STAGE_ARRIVED: "✅ {source}",
        Line.STAGE_ARRIVED_ROWS: "✅ {source}: {rows}",
        Line.STAGE_WAITING: "⏳ {source}",
        Line.STAGE_AHEAD: "▫️ {source}",
        Line.STAGE_LATE: "🕒 {source}: comes later, I try again at {at}",
        Line.STAGE_LATE_SOMETIME: "🕒 {source}: comes later",
        Line.STAGE_FAILED: "⚠️ {source}: not received, the table keeps the earlier data",
        Line.STAGE_CLOSED: "➖ {source}: closed to this key",
        Line.SOURCE_FUNNEL: "Sales funnel",
        Line.SOURCE_REMAINS: "Stock in warehouses",
        Line.SOURCE_ORDERS: "Orders",
        Line.SOURCE_SELLER_STOCKS: "Stock in your own warehouses",
        Line.TABLE_READY: "✅ The table of «{shop}» is ready. Refreshed {at}.",
        Line.TABLE_PARTLY: (
            "✅ The table of «{shop}» is ready, but not all of it is new: some data are the "
            "earlier ones, see the tab «О таблице». Refreshed {at}."
        ),
        Line.TABLE_SO_FAR: (
            "✅ The table of «{shop}» is there already; the other data come later and appear in "
            "it by themselves. Refreshed {at}."
        ),
        Line.TABLE_IN_FILE: "The table is in the file below.",
        Line.ACCESS_LATER: (
            "Google has not given your e-mail access yet: I try again with the next refresh."
        ),
        Line.RUN_FAILED: "⚠️ The table of «{shop}» was not refreshed. {problem}",
        Line.RUN_STOPPED: "⏹ The refresh of «{shop}» has been stopped. {problem}",
        Line.RUN_SUPERSEDED: "A new refresh has replaced this one: fresh data come with it.",
        Line.NO_DATA_YET_STARTED: "There are no data yet, so I am collecting them now.",
        Line.CHOOSE_SHOP: "Which shop?",
        Line.MORNING: "🌅 The table of «{shop}» was refreshed {at}.",
        Line.MORNING_PARTLY: (
            "🌅 The table of «{shop}» was refreshed {at}, but not all of it is new: some data are "
            "the earlier ones, see the tab «О таблице»."
        ),
        Line.MORNING_AS_BEFORE: (
            "🌅 Wildberries did not answer this night: the table of «{shop}» shows the earlier "
            "data, as of {at}. New ones appear in it by themselves as soon as they come."
        ),
        Line.SETTINGS: "⚙️ <b>Settings</b>\nWhat shall I open?",
        Line.PROFILE: (
            "👤 <b>Profile</b>\nName: {name}\nE-mail: {email}\nPhone: {phone}\n\n"
            "This e-mail has access to the table."
        ),
        Line.KEY_SCREEN: "🔑 <b>Key of the shop «{shop}»</b>\n{state}",
        Line.KEY_LIVES: "It works. Kind: {kind}.",
        Line.KEY_UNTIL: "Valid until {at}.",
        Line.KEY_REFUSED: "It does not work: nothing is refreshed. Please replace it.",
        Line.KEY_NONE: "There is no key: the table stays, but is not refreshed.",
        Line.DELETE_KEY_SURE: (
            "Delete the key of the shop «{shop}»? Refreshing ends; the shop and its table stay."
        ),
        Line.KEY_DELETED: (
            "The key of the shop «{shop}» is deleted. The table stays, it is not refreshed."
        ),
        Line.KEY_KEPT: "The key stays where it is.",
        Line.KEY_CHECKED: "✅ Wildberries accepts the key of the shop «{shop}».",
        Line.SHOPS: "🏪 <b>Your shops</b>\n{rows}",
        Line.SHOP_ROW: "{number}. {shop} – {state}",
        Line.NO_SHOPS: "There are no shops yet.",
        Line.CONNECT_FIRST: "Connect the first one: «{add_key}».",
        Line.STATE_LIVE: "is refreshed",
        Line.STATE_NEEDS_KEY: "its key does not work",
        Line.STATE_WITHOUT_KEY: "has no key",
        Line.STATE_PAUSED: "is paused",
        Line.PERIOD_SCREEN: (
            "📅 <b>Period of the shop «{shop}»</b>\nNow: {days}, up to and including yesterday. "
            "Orders and turnover are counted over it."
        ),
        Line.PERIOD_SET: "📅 Period of the shop «{shop}»: {days}. New data come to the table.",
        Line.WAREHOUSES: (
            "🏬 <b>Warehouses of the shop «{shop}»</b>\n✅ – stock counts, 🚫 – left out of "
            "totals and turnover. The columns stay. Press a warehouse to change it."
        ),
        Line.WAREHOUSES_NONE: (
            "🏬 The table of the shop «{shop}» has no warehouse columns yet: they come with stock."
        ),
        Line.WAREHOUSES_SET: (
            "🏬 <b>Warehouses of the shop «{shop}»</b>\nChanged: the table is reckoned anew from "
            "what is there. ✅ – stock counts, 🚫 – left out of totals."
        ),
        Line.PAUSED: (
            "⏸ The shop «{shop}» is paused: it is not refreshed at night, the table stays. "
            "You can still refresh it with «🔄 Refresh now»."
        ),
        Line.RESUMED: "▶️ The shop «{shop}» is refreshed every night again.",
        Line.RESUMED_NEEDS_KEY: (
            "▶️ The shop «{shop}» is no longer paused. To be refreshed it needs a working key."
        ),
        Line.DELETE_ACCOUNT: (
            "🗑 <b>Delete your account?</b>\n\n"
            "Your profile, shops, keys, all collected data and the tables that the bot has made "
            "are erased. They cannot be brought back. You can download the data first."
        ),
        Line.DELETE_ACCOUNT_SURE: (
            "⚠️ <b>Really delete?</b> It is for ever: neither we nor Google can restore the data."
        ),
        Line.NOTHING_TO_DOWNLOAD: "There are no collected data yet: nothing to download.",
        Line.ACCOUNT_KEPT: "Your account stays, nothing was deleted.",
        Line.ACCOUNT_DELETED: "🗑 The account is deleted with all its data.",
        Line.TABLES_LEFT_BEHIND: (
            "These tables could not be deleted now. Delete them yourself or write to us:\n{links}"
        ),
        Line.COME_BACK: "If you want to come back, press /start.",
        Line.KIND_NAME_BASE: "Base",
        Line.KIND_NAME_PERSONAL: "Personal",
        Line.KIND_NAME_SERVICE: "Service",
        Line.KIND_NAME_TEST: "Test",
        Line.STATUS_SHOP: "🏪 <b>{shop}</b> – {state}",
        Line.STATUS_FRESH: "Data: {at}.",
        Line.STATUS_PARTLY: "Data: {at}, refreshed in part.",
        Line.STATUS_NEVER: "There are no data yet.",
        Line.STATUS_RUNNING: "Refreshing now:",
        Line.STATUS_WAITS: "I go on at {at}.",
        Line.STATUS_LAST_FAILED: "The last time it did not work: {problem}",
        Line.STATUS_NEXT: "The next refresh is tonight at 00:01 Moscow time.",
        Line.NOTICE_KEY_REFUSED: (
            "🔑 Shop «{shop}»: {problem}\n\n"
            "The collected data are kept, new ones are not loaded. A new key takes 2 minutes."
        ),
        Line.NOTICE_TABLE_PROBLEM: "📊 Shop «{shop}»: {problem}",
        Line.ALARM: "⚠️ The operator has to look: {where}, code {code}.",
        Line.ALARM_SHOP: "Shop: {shop_id}.",
        Line.ALARM_NIGHT: (
            "The night is not done. Shops without a run: {missing}, at work: {unfinished}, "
            "waiting with nothing new: {waiting}."
        ),
        Line.INVITE_LINK: "One person can register by this link, for {days} days:\n{link}",
        Line.SYNC_ALL: "Accepted: refreshing {shops}.",
        Line.SYNC_ALL_NONE: "Nothing to refresh: no shop has a working key.",
        Line.SYNC_ONE: "Accepted: refreshing shop {shop_id}.",
        Line.SYNC_ONE_JOINED: "Shop {shop_id} is being refreshed already.",
        Line.SYNC_USAGE: "Like this: /sync all – every shop, /sync 12 – the shop with number 12.",
        Line.ERROR_CODE: "Code for support: <code>{code}</code>",
        Line.MEDIA_PHOTO: "a photo",
        Line.MEDIA_VIDEO: "a video",
        Line.MEDIA_VOICE: "a voice message",
        Line.MEDIA_AUDIO: "an audio file",
        Line.MEDIA_STICKER: "a sticker",
        Line.MEDIA_DOCUMENT: "a file",
        Line.MEDIA_LOCATION: "a location",
        Line.MEDIA_CONTACT: "a contact",
        Line.MEDIA_OTHER: "a message without text",
        Line.COMMAND_START: "begin",
        Line.COMMAND_HELP: "help",
        Line.COMMAND_MENU: "main menu",
        Line.COMMAND_SYNC: "refresh the table now",
        Line.COMMAND_STATUS: "what was refreshed, and when",
        Line.COMMAND_SETTINGS: "profile, key, shops",
        Line.COMMAND_CANCEL: "stop what you have begun",
        Line.COMMAND_PRIVACY: "how we treat your data",
        Line.DESCRIPTION: (
            "Stock, orders and turnover of your Wildberries products in one table that is "
            "refreshed every night and at a tap."
        ),
        Line.SHORT_DESCRIPTION: "A table of Wildberries stock and orders, fresh every morning.",
    }
)
