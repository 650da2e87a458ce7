"""Talk that is not about stock: greetings, thanks, complaints, opting out, everything else, and non-text."""

import re

from autoleads.bot import hours, texts
from autoleads.bot.answers import cars as write
from autoleads.bot.answers.base import Draft, Scene, canned
from autoleads.bot.gateway.base import Kind
from autoleads.bot.understanding.normalize import lexicon
from autoleads.bot.understanding.vocabulary import lists

_DELETE = r"\b(?:hapus|delete|hilangkan|buang)\b.*\b(?:data|nomor|no|number|kontak)\b"
_OPT_IN = re.compile(r"^\W*(?:mulai|start|mulai lagi|unstop)\W*$", re.IGNORECASE)
YES = re.compile(
    r"^\W*(?:ya+|iya+|y|yes|yup|yoi|boleh|mau|oke?|ok|sip|siap|gas|lanjut|silakan|monggo|iyo|nggih|injih|please)"
    r"(?:\s+(?:ya+|kak|gan|min|mas|mbak|om|pak|bu|dong|deh|banget|aja|boleh|mau|please|cak|bang|kirim|kirimin))*\W*$",
    re.IGNORECASE,
)
NO = re.compile(
    r"^\W*(?:tidak|nggak|enggak|engga|gak|ga|ndak|mboten|no|nope|belum|blm|nanti)(?:\s+\w+){0,2}\W*$",
    re.IGNORECASE,
)

_NAME = re.compile(
    r"^\W*(?:(?:nama(?: saya| ku|ku)?|saya|aku|sama|dengan|panggil(?: aja| saja)?|ini)\s+)*"
    r"(?:(?:pak|bu|bapak|ibu|mas|mbak|kak|om|ko|ci)\s+)?([a-z']{3,15})(?:\s+[a-z']{2,15})?\W*$",
    re.IGNORECASE,
)

_NO_NAMES = frozenset(
    """
    yaudah yasudah yowes yawes oke okay nanti ntar mahal murah gimana gmn kapan sama terus trus lanjut
    stop batal halo hai test tes hmm wah oh begitu gitu besok lusa bentar sebentar tunggu siap makasih
    tanya cash kredit ada apa dong deh kok lho masa serius beneran dimana berapa brp kenapa jadi belum
    sudah udah skip rahasia bukan siapa waduh aduh bagus mantap keren buat untuk kirim mau gak nggak
    tidak dulu aja lagi mana bot admin sales gan min bro sis cak mas mbak
    """.split()  # noqa: SIM905 -- a list of a word a line would bury the code
)
_TOPICS: tuple[tuple[str, str], ...] = (
    (r"\bbot\b|\brobot\b|\borang(?:nya)? (?:asli|beneran)\b|\bmesin penjawab", texts.OTHER_BOT),
    (r"\bkirim (?:ke|mobil|luar)|\bongkir|\bdelivery|\bekspedisi|antar ke", texts.OTHER_DELIVERY),
    (
        r"\brekening\b|\brek\b|\btransfer\b|\bpembayaran|\bbayarnya|\bqris\b|bank account|account number",
        texts.OTHER_PAYMENT,
    ),
    (r"balik nama|\bbbn\b|mutasi|biaya surat", texts.OTHER_PAPERS),
    (r"garansi|warranty", texts.OTHER_WARRANTY),
    (r"lowongan|loker|\bkerja\b|magang|karir", texts.OTHER_JOB),
    (r"\bsewa|rental|\brent\b", texts.OTHER_RENTAL),
    (r"spare ?part|onderdil|\bvelg\b|\bban\b|aksesoris|aksesori", texts.OTHER_PARTS),
)
_LAUGH = re.compile(r"^\W*(?:(?:wk)+w?|(?:ha)+h?|(?:he)+h?|(?:hi)+|lol|xixi\w*|awok\w*)\W*$", re.IGNORECASE)
_NOT_TEXT = {
    Kind.AUDIO: texts.VOICE,
    Kind.VIDEO: texts.VIDEO,
    Kind.DOCUMENT: texts.DOCUMENT,
    Kind.CONTACT: texts.CONTACT_CARD,
    Kind.STICKER: texts.STICKER,
    Kind.UNSUPPORTED: texts.UNREADABLE,
}


def greeting(scene: Scene) -> Draft:
    hello = _hello(scene)
    if scene.turn.first_contact:
        welcome = scene.say(texts.WELCOME, hello=hello, showroom=f"*{write.tidy(scene.turn.showroom.name)}*")
        return canned(welcome, scene.say(texts.GREETING_ASK))
    if scene.turn.memory.get("car") or scene.turn.memory.get("listed"):
        return canned(scene.say(texts.HELLO_AGAIN, hello=hello))
    return canned(f"{hello} {scene.say(texts.GREETING_ASK)}")


def _hello(scene: Scene) -> str:
    if scene.has(r"\bass?alam|\bsalam\b|\bassalam"):
        return texts.SALAM.format(name=scene.name)
    return scene.say(texts.HELLO, name=scene.name, time=f"selamat {_time_of_day(scene.now.hour)}")


def _time_of_day(hour: int) -> str:
    if 4 <= hour < 11:
        return "pagi"
    if hour < 15 and hour >= 11:
        return "siang"
    return "sore" if 15 <= hour < 18 else "malam"


def thanks(scene: Scene) -> Draft:
    return canned(scene.say(texts.THANKS))


def complaint(scene: Scene) -> Draft:
    state = scene.open_state
    slow = scene.has(r"\blama\b|\blelet|\bslow|bales")
    when = ""
    if state and not state.open and state.opens:
        when = texts.COMPLAINT_CLOSED.format(when=hours.opening_said(state.opens, scene.now))
    detail = texts.COMPLAINT_ASK if not slow and len(scene.understanding.text.split()) < 8 else ""
    return canned(
        scene.say(texts.COMPLAINT_SLOW if slow else texts.COMPLAINT),
        when,
        detail,
        memory={"complaint": True, "offer": None},
    )


def opt_out(scene: Scene) -> Draft:
    if scene.has(_DELETE):
        return canned(scene.say(texts.DELETE_DATA), memory={"opt_out": True, "delete_data": True, "offer": None})
    return canned(scene.say(texts.OPT_OUT), memory={"opt_out": True, "offer": None})


def wants_back(text: str) -> bool:
    return _OPT_IN.match(text) is not None


def opt_in(scene: Scene) -> Draft:
    return canned(scene.say(texts.OPT_IN), memory={"opt_out": None})


def other(scene: Scene) -> Draft:
    text = scene.understanding.text.strip()
    if scene.turn.first_contact and len(text.split()) == 1 and text.isalpha():
        return greeting(scene)  # "kak", "woi": a knock
    room = scene.turn.showroom
    for pattern, answer in _TOPICS:
        if scene.has(pattern):
            known = scene.turn.memory.get("car") or scene.turn.memory.get("listed")
            step = texts.NEXT_HELP if known else texts.NEXT_SEARCH
            return canned(answer.format(showroom=write.tidy(room.name)), scene.say(step))
    if _LAUGH.match(text) or not any(ch.isalnum() for ch in text):
        return canned(scene.say(texts.OTHER_LAUGH))
    if NO.match(text):
        return canned(scene.say(texts.OTHER_NO), memory={"offer": None})
    if YES.match(text):
        return canned(scene.say(texts.OTHER_YES))
    return Draft(replies=canned(scene.say(texts.OTHER)).replies, phrasable=True)


def name_given(text: str, *, sure: bool = True) -> str | None:
    """The name in an answer to "boleh tahu nama Kakak?"; None when it is something else.

    Not `sure`: the question was some messages ago, so only a known given name by itself counts.
    """
    if not sure and text.strip(" .,!").lower() not in lists().given_names:
        return None
    match = _NAME.match(text)
    first = match[1].lower() if match else ""
    if first not in lists().given_names and first in lexicon().known:
        return None  # "lama bgt" names nobody
    if match is None or YES.match(text) or NO.match(text) or match[1].lower() in _NO_NAMES:
        return None
    return match[1].capitalize()


def named(scene: Scene) -> Draft:
    return canned(
        f"{scene.say(texts.NAME_NOTED, name=scene.name)} {scene.say(texts.NAME_NEXT)}", memory={"asked": None}
    )


def not_text(scene: Scene) -> Draft:
    """The burst carries no words at all: a fitting line for what was sent last."""
    last = scene.turn.messages[-1] if scene.turn.messages else None
    if last is None or last.kind in (Kind.TEXT, Kind.CHOICE):
        return canned(scene.say(texts.EMPTY))
    if last.kind is Kind.IMAGE:
        return _image(scene, dropped=last.media_dropped)
    if last.kind is Kind.LOCATION:
        room = scene.turn.showroom
        place = texts.LOCATION[0].format(name=room.name, address=room.address) if room.address else ""
        return canned(scene.say(texts.PLACE), place, scene.say(texts.NEXT_HELP))
    return canned(scene.say(_NOT_TEXT[last.kind]))


def _image(scene: Scene, *, dropped: bool) -> Draft:
    if dropped:
        return canned(scene.say(texts.IMAGE_DROPPED))
    if scene.turn.memory.get("intake"):
        return canned(scene.say(texts.OWN_CAR_PHOTO))
    return canned(scene.say(texts.IMAGE))
