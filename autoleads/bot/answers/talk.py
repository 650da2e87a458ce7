"""Talk that is not about stock: greetings, thanks, complaints, opting out, everything else, and non-text."""

import re
from dataclasses import replace
from datetime import timedelta

from autoleads import hours
from autoleads.bot import texts, texts_steps
from autoleads.bot.answers import cars as write
from autoleads.bot.answers import handover
from autoleads.bot.answers.base import Draft, Scene, bubble, canned, recall, since
from autoleads.bot.answers.steps import notify, payment, reminded, who
from autoleads.bot.turn import ERASED_WITHIN_H
from autoleads.bot.understanding.base import Intent
from autoleads.bot.understanding.normalize import lexicon
from autoleads.bot.understanding.vocabulary import lists
from autoleads.formats import phone_display

_DELETE = r"\b(?:hapus|delete|hilangkan|buang|erase|remove)\b.*\b(?:data(?:ku|nya)?|nomor|no|number|kontak)\b"
_ALERT_EVERY = timedelta(minutes=30)  # per conversation
_QUOTED = 300  # characters of a complaint that its alert repeats
_SWEARING = re.compile(
    r"\b(?:bangsat|anjing|anjg|asu|jancuk|jancok|kontol|memek|tolol|goblok|goblog|bego|bodoh|brengsek|"
    r"kampret|tai|taik|setan|babi|monyet|fuck\w*|shit|stupid|sialan|keparat|matamu|bajingan)\b"
)
_POINTLESS = (
    r"(?:gak|ga|nggak|tidak|gk|g) (?:ada )?(?:guna|jelas|becus|berguna|nyambung|mutu)|percuma|payah\b|males (?:ah|deh)"
)
_NOTIFY = (
    r"\b(?:kabar(?:i|in|kan)|info(?:in|kan)?|hubungi|wa|chat)\b.*\b(?:kalau|kalo|klo|kl|lek)\b|"
    r"\b(?:kalau|kalo|klo|kl|lek)\b.*\bkabar|"
    r"\bkapan\b.*\b(?:ready|ada|masuk|restok|restock)\b.*\blagi\b"
)
_PAYMENT = r"\brekening\b|\brek\b|\btransfer\b|\bpembayaran|\bbayarnya|\bqris\b|bank account|account number"
_FOREIGN = re.compile(r"[^\W\d_]")
_WHO = (
    r"\bsales(?:nya)? (?:namanya )?siapa|\bsiapa (?:nama )?sales|\bnama sales|\bsama siapa\b|"
    r"\bsopo sing\b|\bsing ngurus\b|"
    r"\bsiapa (?:yang|yg) (?:\w+ )?(?:hubungi|menghubungi|chat|wa|telepon|telp|ngurus|bantu)"
)
_NOT_YET = (
    r"(?m)\bkok (?:belum|blm|lama)\b|^\W*(?:sekarang|segera|cepat|cepetan|buruan)(?: ya| dong| kak)*\W*$|"
    r"\b(?:belum|blm|blum|gak|ga|nggak|durung)\b.{0,20}"
    r"\b(?:dihubungi|hubungi|chat|di ?chat|wa|telp\w*|telepon|kontak|kabar\w*)\b"
)
_SALAM = r"\bass?alam|\bsalam\b|\bassalam"
_GREETS = r"\bha+l+o|\bhai\b|\bhello|\bhi\b|\bpagi|\bsiang|\bsore|\bmalam|\bselamat|\bass?alam|\bsalam|\bpermisi"
_THANKS = r"makasih|terima ?kasih|terimakasih|\bthank|\bthx\b|\btq\b|suwun|nuwun|\btrims|syukron|jazak|🙏|appreciate"
_OWN_CAR = r"\bmobil(?:ku|e aku|nya saya| saya| aku| gue| gw)\b"
_BOUGHT = (
    r"\b(?:kemarin|kmrn|kemaren|sudah|udah|barusan|minggu lalu|bulan lalu|wingi)\b.{0,20}\b(?:beli|tuku|ambil)\b"
    r".{0,40}\b(?:di ?sini|dari sini|nang kene|di (?:showroom|tempat) (?:ini|kalian|anda))\b"
)
_AFTER_SALE = "after_sale"
_OF_BOUGHT = frozenset({Intent.CAR_SEARCH, Intent.OTHER, Intent.CAR_DETAIL, Intent.AVAILABILITY})
_SPEAKING = r"\b(?:sama|dengan|karo) siapa\b|\bsiapa (?:ini|yang balas)\b"
_LONG = 1_000  # characters
_OPT_IN = re.compile(r"^\W*(?:mulai|start|mulai lagi|unstop)\W*$", re.IGNORECASE)
YES = re.compile(
    r"^\W*(?:ya+|iya+|y|yes|yup|yoi|boleh|mau|oke?|ok|sip|siap|gas|lanjut|silakan|monggo|iyo|nggih|injih|please)"
    r"(?:\s+(?:ya+|kak|gan|min|mas|mbak|om|pak|bu|dong|deh|banget|aja|boleh|mau|please|cak|bang|kirim|kirimin))*\W*$",
    re.IGNORECASE,
)
NO = re.compile(
    r"^\W*(?:tidak|nggak|enggak|engga|gak|ga|ndak|mboten|no|nope|belum|blm|nanti|gajadi|batal)(?:\s+\w+){0,2}\W*$",
    re.IGNORECASE,
)

_NAME = re.compile(
    r"^\W*(?:(?:nama(?: saya| ku|ku)?|my name is|i am|i'm|it's|aku jenenge|jenengku|jenenge|saya|aku|sama|dengan|"
    r"panggil(?: aja| saja)?|ini)\s+)*"
    r"(?:(?:pak|bu|bapak|ibu|mas|mbak|kak|om|ko|ci)\s+)?([a-z']{3,15})(?:\s+[a-z']{2,15})?\W*$",
    re.IGNORECASE,
)

_SAYS_NAME = re.compile(r"^\W*(?:my name is|i am|i'm|aku jenenge|jenengku|jenenge)\b", re.IGNORECASE)
_NO_NAMES = frozenset(
    """
    yaudah yasudah yowes yawes oke okay nanti ntar mahal murah gimana gmn kapan sama terus trus lanjut
    stop batal halo hai test tes hmm wah oh begitu gitu besok lusa bentar sebentar tunggu siap makasih
    tanya cash kredit ada apa dong deh kok lho masa serius beneran dimana berapa brp kenapa jadi belum
    sudah udah skip rahasia bukan siapa waduh aduh bagus mantap keren buat untuk kirim mau gak nggak
    tidak dulu aja lagi mana bot admin sales gan min bro sis cak mas mbak halo woy woi hoi hei kabari
    """.split()  # noqa: SIM905 -- a list of a word a line would bury the code
)
_TOPICS: tuple[tuple[str, str], ...] = (
    (r"\b(?:cara|prosedur|proses|alur)(?:nya)? (?:buat |untuk )?(?:mem)?(?:beli|pembelian)", texts.OTHER_BUYING),
    (r"\b(?:di)?(?:antar|bawa)(?:in|kan)? ke rumah|\bhome (?:visit|service)", texts.OTHER_TO_HOME),
    (r"\bbot\b|\brobot\b|\borang(?:nya)? (?:asli|beneran)\b|\bmesin penjawab", texts.OTHER_BOT),
    (
        r"\b(?:di)?kirim(?:in)? (?:ke|nang|mobil|luar)|"
        r"\b(?:bisa|bs|iso|boleh) (?:di)?kirim\W*(?:ga|gak|kak|ta|ya)?\W*$|"
        r"\bongkir|\bdelivery|\bekspedisi|"
        r"\b(?:di)?(?:antar|bawa)(?:in)? ke",
        texts.OTHER_DELIVERY,
    ),
    (r"balik nama|\bbbn\b|mutasi|biaya surat", texts.OTHER_PAPERS),
    (r"\bpenipu|\btipu|\bscam|\bhoax|\bhoaks|\bamanah\b", texts.OTHER_TRUST),
    (r"garansi|warranty", texts.OTHER_WARRANTY),
    (
        r"(?<!gampang )(?<!mudah )(?<!susah )\bparkir|\bmushol|\bmusol|\btoilet|\bwifi|\bkantin|\bruang tunggu",
        texts.OTHER_FACILITY,
    ),
    (r"lowongan|loker|\bkerja\b|magang|karir", texts.OTHER_JOB),
    (r"\bsewa|rental|\brent\b", texts.OTHER_RENTAL),
    (r"spare ?part|onderdil|\bvelg\b|\bban\b|aksesoris|aksesori", texts.OTHER_PARTS),
)
_BRIEF = 5  # words
_LAUGH = re.compile(r"^\W*(?:(?:wk)+w?|(?:ha)+h?|(?:he)+h?|(?:hi)+|lol|xixi\w*|awok\w*)\W*$", re.IGNORECASE)


def greeting(scene: Scene) -> Draft:
    if scene.upset:
        return canned(scene.say(texts.CALM_HELLO))
    hello = _hello(scene)
    memory = {"greeted": True}
    if scene.turn.first_contact:
        welcome = scene.say(texts.WELCOME, hello=hello, showroom=write.tidy(scene.turn.showroom.name))
        return canned(welcome, scene.say(texts.GREETING_ASK), memory=memory)
    if scene.turn.memory.get("car") or scene.turn.memory.get("listed"):
        if scene.turn.memory.get("greeted") or not scene.has(_GREETS):
            return canned(scene.say(texts.HERE_KNOWN))
        return canned(scene.say(texts.HELLO_AGAIN, hello=hello), memory=memory)
    if scene.turn.memory.get("greeted"):
        return canned(scene.say(texts.HERE_STILL))
    return canned(f"{hello} {scene.say(texts.GREETING_ASK)}", memory=memory)


def hello(scene: Scene) -> str:
    """The line that goes before a first answer which does not greet by itself."""
    if scene.has(_SALAM):
        return texts.SALAM.format(name=scene.name)
    return f"{'Hi' if scene.english else 'Halo'} {scene.name} 👋"


def _hello(scene: Scene) -> str:
    if scene.has(_SALAM):
        return texts.SALAM.format(name=scene.name)
    return scene.say(texts.HELLO, name=scene.name, time=f"selamat {_time_of_day(scene.now.hour)}")


def _time_of_day(hour: int) -> str:
    if 4 <= hour < 11:
        return "pagi"
    if hour < 15 and hour >= 11:
        return "siang"
    return "sore" if 15 <= hour < 18 else "malam"


def thanks(scene: Scene) -> Draft:
    if scene.upset:
        return canned(scene.say(texts.CALM_THANKS))
    if scene.turn.first_contact:
        return greeting(scene)
    topic = _topic(scene) if "?" in scene.turn.text else None
    if topic is not None:
        return topic  # "oke, terus cara belinya gimana?"
    again = scene.turn.memory.get("last_intent") == Intent.THANKS
    thanked = texts.THANKS if scene.has(_THANKS) else texts.ALRIGHT
    return canned(scene.say(texts.THANKS_AGAIN if again else thanked))


# -- complaints, anger


def complaint(scene: Scene) -> Draft:
    """An apology, who looks at it, and a line for the owner and the admins."""
    memory = scene.turn.memory
    again = memory.get("complaint") is True and scene.turn.memory.get("upset_at") is not None
    slow = scene.has(r"\blama\b|\blelet|\bslow|bales|\bdijawab|\bdibalas|\brespon")
    when = ""
    state = scene.open_state
    if state and not state.open and state.opens and not again:
        when = texts.COMPLAINT_CLOSED.format(when=hours.opening_said(state.opens, scene.now))
    brief = len(scene.understanding.text.split()) < 8
    detail = texts.COMPLAINT_ASK if brief and not slow and not again else ""
    ways = texts.COMPLAINT_MORE if again else texts.COMPLAINT_SLOW if slow else texts.COMPLAINT
    draft = canned(scene.say(ways), when, detail, memory={**_upset(scene), "complaint": True, "offer": None})
    return _alerting(scene, draft)


def complaint_goes_on(scene: Scene) -> bool:
    """What is said right after a complaint and names nothing else belongs to it."""
    said = scene.understanding
    vague = said.intent in (Intent.OTHER, Intent.CAR_DETAIL, Intent.AVAILABILITY) and not said.entities.said()
    last = scene.turn.memory.get("last_intent") == Intent.COMPLAINT
    if last and said.intent is Intent.CAR_SEARCH and _only_a_sum(scene):
        return True  # how much money it is about
    return vague and last and not said.needs and bool(_words(scene)) and "?" not in scene.turn.text


def _only_a_sum(scene: Scene) -> bool:
    return set(scene.understanding.entities.said()) <= {"price_min", "price_max"} and len(scene.turn.text.split()) <= 2


def bought(scene: Scene) -> Draft | None:
    """Who bought here before is asked what it is about, and shown no stock."""
    said = scene.understanding
    if scene.turn.memory.get("about") == _AFTER_SALE and said.intent in _OF_BOUGHT and not said.entities.model:
        text = scene.say(texts.AFTER_SALE, person=handover.person(scene))
        return replace(canned(text, memory={"offer": None, "about": _AFTER_SALE}), person_said=True)
    if said.intent not in _OF_BOUGHT or not scene.has(_BOUGHT):
        return None
    if "?" in scene.turn.text:
        return None
    return canned(scene.say(texts.BOUGHT_HERE), memory={"offer": None, "about": _AFTER_SALE})


def angry(scene: Scene) -> Draft | None:
    """Swearing and despair at the bot: no excuse, a person."""
    text = scene.understanding.text.lower()
    if scene.understanding.intent is not Intent.OTHER:
        return None
    if not _SWEARING.search(text) and not scene.has(_POINTLESS):
        return None
    return canned(
        scene.say(texts.ANGER),
        closing=scene.say(texts.ANGER_NEXT),
        memory={**_upset(scene), "offer": Intent.HUMAN},
    )


def _upset(scene: Scene) -> dict[str, object]:
    return {"upset_at": scene.turn.now.timestamp()}


def _alerting(scene: Scene, draft: Draft) -> Draft:
    ago = since(scene.turn, "alerted_at")
    if ago is not None and ago < _ALERT_EVERY:
        return draft
    car = scene.focus.one or scene.car_before
    line = texts.ALERT_COMPLAINT.format(
        who=_who(scene), car=write.title(car) if car else "-", said=write.bare(scene.turn.text)[:_QUOTED]
    )
    return replace(draft.remembering(alerted_at=scene.turn.now.timestamp()), alert=line)


def _who(scene: Scene) -> str:
    """Name and number for the showroom's own people."""
    turn = scene.turn
    name = write.bare(recall(turn.memory, "name") or turn.customer_name) or texts.ALERT_NO_NAME
    return f"{name} ({phone_display(turn.customer_phone)})" if turn.customer_phone else name


# -- opting out


def opt_out(scene: Scene) -> Draft:
    if not scene.has(_DELETE):
        return canned(scene.say(texts.OPT_OUT), memory={"opt_out": True, "offer": None})
    memory = {"opt_out": True, "delete_data": True, "offer": None}
    told = scene.say(texts.DELETE_DATA, hours=str(ERASED_WITHIN_H))
    alert = texts.ALERT_ERASE.format(who=_who(scene), hours=str(ERASED_WITHIN_H))
    return replace(canned(told, memory=memory), alert=alert, erase=True)


def wants_back(text: str) -> bool:
    return _OPT_IN.match(text) is not None


def opt_in(scene: Scene) -> Draft:
    ways = texts.OPT_IN_ERASING if scene.turn.memory.get("delete_data") else texts.OPT_IN
    return canned(scene.say(ways), memory={"opt_out": None, "delete_data": None})


# -- everything else


def says_name(text: str) -> bool:
    """ "my name is John", "aku jenenge Slamet": whatever was asked last."""
    return _SAYS_NAME.match(text) is not None


def waits(scene: Scene) -> Draft | None:
    """Who was promised a person asks who that is, or has not heard from them; "kapan ready lagi?"."""
    if scene.understanding.intent is Intent.AVAILABILITY and not scene.understanding.needs and scene.has(_NOTIFY):
        return notify(scene)
    if scene.turn.memory.get("helper_at") is None:
        return None
    if scene.understanding.intent in (Intent.OTHER, Intent.CAR_DETAIL, Intent.HUMAN) and scene.has(_WHO):
        return who(scene)
    searched = scene.understanding.intent is Intent.CAR_SEARCH and not scene.understanding.needs
    vague = searched or scene.understanding.intent in (Intent.OTHER, Intent.AVAILABILITY, Intent.CONTACT)
    return reminded(scene) if vague and scene.has(_NOT_YET) else None


def other(scene: Scene) -> Draft:
    text = scene.understanding.text.strip()
    if scene.turn.first_contact and len(text.split()) == 1 and text.isalpha() and text.isascii():
        return greeting(scene)  # "kak", "woi": a knock
    topic = _topic(scene)
    if topic is not None:
        return topic
    known = bool(scene.turn.memory.get("car") or scene.turn.memory.get("listed"))
    if text and all(ch in "?!. " for ch in text):
        return canned(scene.say(texts.CALM_HELLO if scene.upset else texts.HERE_STILL))
    if _LAUGH.match(text) or not any(ch.isalnum() for ch in text):
        if scene.upset:
            return canned(scene.say(texts.CALM_HELLO))
        return canned(scene.say(texts.OTHER_LAUGH_KNOWN if known else texts.OTHER_LAUGH))
    if scene.upset and scene.has(_SPEAKING):
        return canned(texts.SPEAKING_CALM.format(showroom=write.tidy(scene.turn.showroom.name)))
    if scene.has(_OWN_CAR) and len(text.split()) <= _BRIEF:
        return canned(scene.say(texts.OWN_CAR_WHICH))
    if NO.match(text) and scene.upset:
        return canned(scene.say(texts.CALM_NO), memory={"offer": None})
    if NO.match(text):
        return canned(scene.say(texts.OTHER_NO), memory={"offer": None})
    if YES.match(text):
        return canned(scene.say(texts.OTHER_YES))
    return _not_understood(scene, text)


def _topic(scene: Scene) -> Draft | None:
    if scene.has(_PAYMENT):
        return payment(scene)
    if scene.has(_NOTIFY):
        return notify(scene)
    room = scene.turn.showroom
    for pattern, answer in _TOPICS:
        if scene.has(pattern):
            if scene.upset:
                step = scene.say(texts.NEXT_HUMAN)
                told = answer.format(showroom=write.tidy(room.name))
                return canned(told, closing=step, memory={"offer": Intent.HUMAN})
            known = scene.turn.memory.get("car") or scene.turn.memory.get("listed")
            step = scene.say(texts.NEXT_HELP if known else texts.NEXT_SEARCH)
            return canned(answer.format(showroom=write.tidy(room.name)), closing=step)
    return None


def _not_understood(scene: Scene, text: str) -> Draft:
    """Says so; the second time in a row a person is offered."""
    letters = _FOREIGN.findall(text)
    if letters and not any(ch.isascii() for ch in letters):
        return canned(scene.say(texts.OTHER_LANGUAGE))
    if scene.upset:
        return canned(scene.say(texts.COMPLAINT_MORE), memory={"offer": Intent.HUMAN})
    if len(text) > _LONG:
        return Draft(replies=bubble(scene.say(texts.OTHER_LONG)), phrasable=True)
    if scene.turn.memory.get("lost") is True:
        again = scene.say(texts.OTHER_AGAIN, person=handover.person(scene))
        return Draft(replies=bubble(again), memory={"lost": True, "offer": Intent.HUMAN}, phrasable=True)
    return Draft(replies=bubble(scene.say(texts.OTHER)), memory={"lost": True}, phrasable=True)


def _words(scene: Scene) -> list[str]:
    return re.findall(r"[a-z]+", scene.understanding.text.lower())


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
    if "?" in text or _SWEARING.search(text.lower()):
        return None
    return match[1].capitalize()


def named(scene: Scene) -> Draft:
    noted = scene.say(texts_steps.NAME_NOTED, name=scene.name)
    return canned(f"{noted} {scene.say(texts_steps.NAME_NEXT)}", memory={"asked": None})
