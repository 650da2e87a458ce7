"""What a message means in its talk: short answers to our questions, offers, and what goes on from before."""

import re
from dataclasses import replace

from autoleads import hours
from autoleads.bot.answers import credit, talk, visits
from autoleads.bot.answers.base import Scene
from autoleads.bot.answers.focus import COMPARED, RECOMMENDS, Focus, at_branch, listed, of_list, resolve, shown
from autoleads.bot.answers.lists import body_named
from autoleads.bot.answers.properties import asks_any
from autoleads.bot.answers.steps import ELSEWHERE, agrees
from autoleads.bot.guard_numbers import amounts
from autoleads.bot.turn import Turn
from autoleads.bot.understanding.base import Entities, Found, Intent, Understanding
from autoleads.bot.understanding.phrases import hits
from autoleads.stock import Car
from autoleads.types import LeadStatus

_MOST_CHARS = 2_000  # of a message that the rules look at
_RESUMABLE = frozenset(
    {Intent.CAR_DETAIL, Intent.AVAILABILITY, Intent.PRICE, Intent.PHOTOS, Intent.CREDIT}
    | {Intent.NEGOTIATION, Intent.VISIT, Intent.TRADE_IN}
)
_UNCLEAR = frozenset({Intent.OTHER, Intent.THANKS, Intent.HOURS})
_ABOUT_TENOR = frozenset({Intent.PRICE, Intent.CAR_DETAIL})  # "kalau lima tahun berapa?"
_UNSURE = 0.6
_SEEKS = re.compile(r"\b(?:ada|ono|onok|cari|nyari|golek|budget|bajet|dana|mobil|unit|yang|yg|sing|an|jutaan|jtan)\b")
_MORE = re.compile(r"^\W*(?:lanjut|next|more|lainnya|(?:ada )?(?:yang|yg) lain(?:nya)?|ada lagi)(?:\s+\w+){0,2}\W*$")
_BRIEF_OFFER = 6
_BRIEF_CHOICE = 4
_BARE_SUM = re.compile(r"(?<![\w.,/:])\d{2,3}(?![\w.,/:]*\d)(?!\s*(?:rb|ribu|km|k\b|thn|tahun|bln|bulan|x\b))")
_MILLION = 1_000_000
_PLAUSIBLE = (0.3, 1.5)  # of the price, for a bare number to be an offer
_COMES = re.compile(
    r"\b(?:ke ?sana|ksna|kesono|ke ?situ|mrono|mampir|datang|dateng|dtg|otw|meluncur|jalan|lihat|liat|ndelok|delok|"
    r"jam|pukul|jm)\b"
)
_COMES_NOT = re.compile(r"\b(?:kabar\w*|telp\w*|telepon|telpon|hubungi|pikir\w*|mikir|transfer|info|dulu|diskusi)\b")
_IS_IT_FINE = re.compile(r"\b(?:bisa|boleh|iso|saged)\b")  # "hari minggu bisa?"
_MONEY_BACK = re.compile(r"\b(?:uang|duit|dp|tanda jadi)\b.*\b(?:saya|ku|gue|gw|balik|kembali\w*)\b|\brefund\b")
_TOWARDS = re.compile(r"\b(?:ke|incar\w*|pengen|pingin|ganti|naik|jadi)\b")
_ABOUT_HOURS = re.compile(r"\b(?:buka|tutup|open|close)\w*")
_LATER = re.compile(r"\bnanti\b")
_ONLY_CARS = re.compile(r"^\W*(?:mobil|stok|unit|katalog|list)(?:nya)?\W*$")
_OWN_CAR_CHECK = re.compile(r"\bmobil(?:ku| saya| aku| gue)|\b(?:dicek|ditaksir|diinspeksi|dinilai)\b")
_COLLECTS = re.compile(r"\bkapan\b.*\b(?:ambil|diambil|serah terima|bawa pulang)\b")
_DEAR = re.compile(r"\b(?:ke)?mahal(?:an)?\b|\blarang (?:men|temen|banget)\b|\bkelarangen\b")
_TAKES = re.compile(
    r"\b(?:saya|aku|gue|gw|tak|kami|kita)\s+(?:jadi )?(?:ambil|beli|pek)\b|\b(?:i'?ll|i will) take it\b"
)
_TRUST = re.compile(r"\b(?:penipu\w*|tipu|scam|hoax|hoaks)\b")  # "ini penipuan bukan?" is about us, not a car
_CLOSES = re.compile(r"\b(?:cash|final|deal|gas|angkut|bungkus|lepas|nett?|sikat|kontan)\b")
_LEAST_OFFER = 0.3  # of the price; less is a deposit or a slip
_ENGLISH = frozenset(
    """the do you have how many much can i is it what where when which are for of to with under and my me would like
    want does this that a any there still available please in on your we not first second one see get""".split()  # noqa: SIM905
)
_INDONESIAN = re.compile(
    r"\b(?:ada|brp|berapa|yg|yang|kak|gan|min|ga|gak|bisa|ya|mau|nya|saya|mobil|dong|harga|masih|msh|kalau|unit|pak|mas)\b"
)
_ENGLISH_WORDS = 2


def scene_of(turn: Turn, understanding: Understanding, found: Found) -> Scene:
    meant = replace(understanding, intent=_meant(turn, understanding))
    if offer := _offered(turn, understanding):
        meant = replace(meant, intent=Intent.NEGOTIATION, entities=Entities(budget=offer), needs=())
        found = Found()
    meant = _sound_offer(turn, meant)
    if name := _name(turn, meant):
        meant = replace(meant, entities=replace(meant.entities, name=name))
    focus = resolve(turn, meant, found)
    meant = _resumed(turn, understanding, meant, focus)
    last = turn.messages[-1].id if turn.messages else 0
    return Scene(
        turn=turn,
        understanding=meant,
        found=found,
        focus=focus,
        text=f"{turn.text[:_MOST_CHARS]}\n{understanding.normal[:_MOST_CHARS]}".lower(),
        now=hours.local(turn.now, turn.showroom.timezone),
        seed=f"{turn.showroom.slug}|{last}|{turn.text}",
        english=writes_english(turn),
    )


def _sound_offer(turn: Turn, meant: Understanding) -> Understanding:
    """What others ask, and a sum far below the price, are no offer for this car."""
    offer = meant.entities.budget
    if meant.intent is not Intent.NEGOTIATION or offer is None:
        return meant
    code = turn.memory.get("car")
    car = turn.stock.by_code(code) if isinstance(code, str) else None
    too_low = car is not None and not meant.needs and not meant.codes and offer < car.price_idr * _LEAST_OFFER
    if ELSEWHERE.search(turn.text.lower()) or too_low:
        return replace(meant, entities=replace(meant.entities, budget=None))
    return meant


def writes_english(turn: Turn) -> bool:
    """By this message; a number or a code says nothing, then by the messages before."""
    words = set(re.findall(r"[a-z']+", turn.text[:_MOST_CHARS].lower()))
    if _INDONESIAN.search(turn.text[:_MOST_CHARS].lower()):
        return False
    few = len(words & _ENGLISH) < _ENGLISH_WORDS
    return turn.memory.get("english") is True if few else True


def more_of(turn: Turn) -> tuple[Car, ...]:
    """The cars that "lanjut" asks for: what is left of a long list."""
    rest = turn.memory.get("more")
    if not isinstance(rest, list) or not _MORE.match(turn.text.lower()):
        return ()
    return shown(turn.stock.by_codes(code for code in rest if isinstance(code, str)))


def _name(turn: Turn, meant: Understanding) -> str | None:
    asked = turn.memory.get("asked") == "name" or talk.says_name(turn.text)
    if meant.intent is not Intent.OTHER or meant.entities.name:
        return None
    if not asked and (not turn.memory.get("heat") or turn.memory.get("name")):
        return None
    return talk.name_given(turn.text, sure=asked)


def _resumed(turn: Turn, understanding: Understanding, meant: Understanding, focus: Focus) -> Understanding:
    """Which car was asked back; now that it is named, the question it belongs to goes on."""
    pending = turn.memory.get("pending")
    answers_back = understanding.intent in (Intent.SELECTION, Intent.CAR_SEARCH)
    if answers_back and focus.one is not None and isinstance(pending, str) and pending in _RESUMABLE:
        return replace(meant, intent=Intent(pending))
    return meant


def _meant(turn: Turn, understanding: Understanding) -> Intent:
    """A bare "ya" says yes to what was offered last; "besok jam 10" answers when, "5 tahun" how long."""
    memory, intent = turn.memory, understanding.intent
    offer, asked = memory.get("offer"), memory.get("asked")
    if more_of(turn):
        return Intent.CAR_SEARCH
    if intent in _UNCLEAR and _declines(turn, understanding):
        return Intent.OTHER
    if (
        intent is Intent.CREDIT
        and memory.get("last_intent") == Intent.COMPLAINT
        and _MONEY_BACK.search(turn.text.lower())
    ):
        return Intent.COMPLAINT
    if (
        intent is Intent.NEGOTIATION
        and memory.get("car")
        and agrees(turn.text.lower())
        and _wants_to_see(understanding)
    ):
        return Intent.VISIT
    if intent is Intent.CAR_SEARCH and _wanted_for_own(turn, understanding):
        return Intent.TRADE_IN
    if intent in (Intent.OTHER, Intent.THANKS) and talk.YES.match(turn.text) and isinstance(offer, str):
        return Intent(offer) if offer in set(Intent) else intent
    both = f"{turn.text[:_MOST_CHARS]} {understanding.normal[:_MOST_CHARS]}".lower()
    if intent in _UNCLEAR and visits.names_time(both, turn.now):
        planning = "visit" in (asked, offer) or (
            memory.get("last_intent") == Intent.VISIT and not _COMES_NOT.search(both)
        )
        if planning and not _ABOUT_HOURS.search(both):
            return Intent.VISIT
        if intent is not Intent.HOURS and _comes(turn, both):
            return Intent.VISIT
    if intent in _UNCLEAR and memory.get("car") and _TAKES.search(turn.text.lower()):
        return Intent.NEGOTIATION
    if intent is Intent.CAR_DETAIL and understanding.entities.name and memory.get("last_intent") == Intent.VISIT:
        return Intent.OTHER  # "atas nama Dodi ya"
    if intent is Intent.CAR_DETAIL and not understanding.entities.said() and _TRUST.search(both):
        return Intent.OTHER
    if intent is Intent.CAR_SEARCH and _asks_of_list(turn, understanding):
        return Intent.CAR_DETAIL
    if intent in _UNCLEAR | _ABOUT_TENOR and asked == "credit" and credit.tenor_said(turn.text):
        return Intent.CREDIT
    if intent is Intent.OTHER and understanding.confidence < _UNSURE:
        return _unsure(turn, both)
    return intent


def _wants_to_see(understanding: Understanding) -> bool:
    """ "ok deal, kapan bisa lihat?": the price is settled, the visit is asked about."""
    return any(hit.intent is Intent.VISIT for hit in hits(understanding.normal.split()))


def _wanted_for_own(turn: Turn, understanding: Understanding) -> bool:
    """ "mau ke hrv" of somebody whose own car is to be traded in."""
    known = turn.memory.get("intake") == Intent.TRADE_IN and not turn.memory.get("car")
    return bool(known and understanding.entities.model and _TOWARDS.search(turn.text.lower()))


def _asks_of_list(turn: Turn, understanding: Understanding) -> bool:
    """ "maunya yang bagus. Ada garansi?" after a list asks about its cars."""
    asked = [part for part in re.split(r"(?<=[?.!])\s", turn.text.lower()) if part.endswith("?")]
    known = len(listed(turn.memory, turn.stock)) > 1 and not understanding.entities.said()
    return known and any(asks_any(part) for part in asked)


def _declines(turn: Turn, understanding: Understanding) -> bool:
    """ "nanti dulu deh" names no time, "nanti jam 3" does."""
    said = f"{turn.text} {understanding.normal}".lower()
    return talk.NO.match(turn.text) is not None and not visits.names_time(_LATER.sub(" ", said), turn.now)


def _comes(turn: Turn, text: str) -> bool:
    """ "ok sy ksna bsok", "sabtu jam 9" of somebody who talks about a car or waits for a salesperson."""
    known = turn.memory.get("car") or turn.memory.get("heat") == LeadStatus.HOT
    asks = turn.memory.get("heat") == LeadStatus.HOT and _IS_IT_FINE.search(text)
    return bool(known and (_COMES.search(text) or asks) and not _COMES_NOT.search(text))


def _unsure(turn: Turn, text: str) -> Intent:
    """No rule knew it by itself; with what was shown before it may be plain."""
    before = listed(turn.memory, turn.stock)
    current = turn.stock.by_codes(code for code in (turn.memory.get("car"),) if isinstance(code, str))
    if turn.memory.get("intake") and _OWN_CAR_CHECK.search(text):
        return Intent.HUMAN
    if turn.memory.get("heat") == LeadStatus.HOT and _COLLECTS.search(text):
        return Intent.HUMAN
    if _DEAR.search(text) and (before or turn.memory.get("car")):
        return Intent.NEGOTIATION
    placed = len(turn.text.split()) <= _BRIEF_CHOICE and at_branch(turn.text, before or current)
    if placed or (len(before) > 1 and RECOMMENDS.search(text)):
        return Intent.CAR_SEARCH
    if of_list(text.split("\n")[0], before):
        return Intent.SELECTION
    if body_named(text) or _ONLY_CARS.match(turn.text.lower()):
        return Intent.CAR_SEARCH
    if len(before) > 1 and COMPARED.search(text):
        return Intent.CAR_DETAIL
    if asks_any(text) and (before or turn.memory.get("car")):
        return Intent.CAR_DETAIL
    return Intent.OTHER


def _offered(turn: Turn, understanding: Understanding) -> int | None:
    """A bare sum said about the car that is bargained for is an offer ("160 jt", "190 deh"), not a search."""
    code = turn.memory.get("car")
    car = turn.stock.by_code(code) if isinstance(code, str) else None
    text = turn.text.lower()
    bare = understanding.intent in (Intent.CAR_SEARCH, Intent.OTHER, Intent.SELECTION, Intent.THANKS)
    bargains = turn.memory.get("heat") == LeadStatus.HOT or _CLOSES.search(text)
    if car is None or not bargains or not bare or _SEEKS.search(text):
        return None
    if not set(understanding.entities.said()) <= {"price_min", "price_max"} or len(text.split()) > _BRIEF_OFFER:
        return None
    sums = [found.value for found in amounts(turn.text)] or [int(n) * _MILLION for n in _BARE_SUM.findall(text)]
    low, high = (round(car.price_idr * part) for part in _PLAUSIBLE)
    return sums[0] if len(sums) == 1 and low <= sums[0] <= high else None
