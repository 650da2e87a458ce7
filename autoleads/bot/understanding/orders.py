"""Which command a free sentence of the showroom is."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from autoleads.bot.understanding.amounts import MOST_BARE_PRICE, Amount
from autoleads.bot.understanding.command_base import Command, command_words, is_one
from autoleads.bot.understanding.measures import MILLION
from autoleads.bot.understanding.normalize import Token, lexicon
from autoleads.bot.understanding.people import LeadName
from autoleads.bot.understanding.plates import Written
from autoleads.bot.understanding.remainders import LEAST_PRICE
from autoleads.bot.understanding.scene import Scene
from autoleads.bot.understanding.vocabulary import lists
from autoleads.types import CarStatus, LeadStatus

_BRIEF = 6  # words; "livina 92jt aja" can only be a price
_PRICE_FIELDS = frozenset({"", "price", "budget"})
_OR_NOT = frozenset({"belum", "tidak", "bukan"})
_OF_RECALL = ("recall", "before_now", "beside_recall")
_FULL_LINE = 4  # facts of a new car that outweigh a loose word of state


@dataclass(slots=True)
class Line:
    """A sentence as the rules of this module see it. `at`: group -> places of its words among the tokens."""

    scene: Scene
    plate: Written | None = None
    person: LeadName | None = None
    fields: int = 1  # how many the line was divided into by bars, commas, line ends
    at: dict[str, list[int]] = field(default_factory=dict)
    states: list[tuple[int, CarStatus]] = field(default_factory=list)
    weak_states: list[tuple[int, CarStatus]] = field(default_factory=list)
    lead_states: list[tuple[int, LeadStatus]] = field(default_factory=list)
    denied: bool = False  # a state that the car does not have ("belum laku")

    def __post_init__(self) -> None:
        words = command_words()
        for i, token in enumerate(self.scene.tokens):
            if token.kind != "word" or token.role in ("car", "code", "plate"):
                continue
            for group in {*words.groups_of.get(token.text, ()), *words.groups_of.get(token.word, ())}:
                self.at.setdefault(group, []).append(i)
            for table, found in ((words.car_state, self.states), (words.car_state_weak, self.weak_states)):
                state = table.get(token.text) or table.get(token.word)
                if state and self._denied(i):
                    self.denied = True
                elif state:
                    (self.weak_states if self._offered(i) else found).append((i, state))
            if lead := words.lead_state.get(token.text):
                self.lead_states.append((i, lead))

    def _denied(self, i: int) -> bool:
        """ "belum laku", "gak ready": the state is not the car's; nor is the DP of "DP rendah", "tdp 10jt"."""
        tokens = self.scene.tokens
        before = [t.word for t in tokens[max(0, i - 2) : i]]
        if {"belum", "tidak", "bukan"} & set(before[-1:]) or before[-2:] == ["belum", "ada"]:
            return True
        behind = tokens[i + 1] if i + 1 < len(tokens) else None
        advert = tokens[i].text != "dp" or (behind is not None and is_one(behind, "cheap"))
        return tokens[i].word == "dp" and advert and not tokens[i].text.startswith("di")

    def _offered(self, i: int) -> bool:
        """ "dp 10jt" alone may be an offer to customers; "transfer dp 10jt" is not."""
        tokens = self.scene.tokens
        sum_behind = i + 1 < len(tokens) and tokens[i + 1].kind == "num"
        return tokens[i].word == "dp" and sum_behind and not any(is_one(token, "paid") for token in tokens[:i])

    def has(self, *groups: str) -> bool:
        return any(group in self.at for group in groups)

    @property
    def refers(self) -> bool:
        """Whether a car is named, by whatever."""
        seen = self.scene
        return bool(
            seen.mentions or seen.codes or self.plate or seen.values or any(a.kind == "year" for a in seen.amounts)
        )

    @property
    def named(self) -> bool:
        return bool(self.scene.mentions or self.scene.codes or self.plate)

    @property
    def marked(self) -> bool:
        """Whether a question mark stands in it."""
        return any(token.text == "?" for token in self.scene.tokens)

    @property
    def foreign_plate(self) -> bool:
        """A plate that no car of the stock has, nor one like it."""
        return self.plate is not None and self.plate.code is None

    @property
    def first(self) -> Token | None:
        return next(self.content(), None)

    def content(self) -> Iterator[Token]:
        filler = lexicon().filler
        return (t for t in self.scene.tokens if t.kind != "mark" and t.text not in filler)

    def begins(self, group: str) -> bool:
        first = self.first
        return first is not None and is_one(first, group)


def choose(line: Line) -> Command:
    """The first reading that fits; the surer ones first."""
    for reading in (
        _alone,
        _asks_how,
        _taken_back,
        _new_car,
        _lead,
        _figures,
        _photos,
        _stored_text,
        _price,
        _delete,
        _changes,
    ):
        if command := reading(line):
            return command
    return Command.NONE


def _alone(line: Line) -> Command | None:
    tokens = list(line.content())
    if len(tokens) != 1:
        return None
    return command_words().alone.get(tokens[0].text)


def _asks_how(line: Line) -> Command | None:
    words = [t.word for t in line.content()]
    acts = bool(line.states) or line.has("intake", "intake_car", "change", "delete", "price", "photo", "status", "bot")
    if line.has("how") and (acts or len(words) <= 4):
        return Command.HELP
    if "bagaimana" in words and acts and not line.named and len(words) <= _BRIEF + 2:
        return Command.HELP
    if line.has("help") and len(words) <= _BRIEF and not (line.named or line.person or "makasih" in words):
        return Command.HELP
    lost = line.has("confused") and len(words) <= _BRIEF
    return Command.HELP if lost and (acts or line.has("bot")) else None


def _taken_back(line: Line) -> Command | None:
    """ "batalin perubahan tadi": of no car or person in particular."""
    if line.named or line.person or line.has("question") or not line.has("recall"):
        return None
    alone = all(any(is_one(t, one) for one in _OF_RECALL) for t in line.content()) and not _called_off(line)
    slip = alone and any(t.text == "salah" for t in line.scene.tokens)
    last = line.has("before_now") and (alone or line.has("change", "delete", "price"))
    meant = line.has("made") or last or slip
    return Command.UNDO if meant and not line.states else None


def _called_off(line: Line) -> bool:
    """ "yang tadi batal": told of a buyer, no order."""
    earlier = min(line.at.get("before_now", []), default=None)
    return earlier is not None and any(at > earlier for at in line.at.get("called_off", []))


def facts(line: Line) -> int:
    """How many facts of a new car stand beside its model."""
    seen = line.scene
    keys = {value.key for value in seen.values if value.key != "fuel"}
    kinds = {amount.kind for amount in seen.amounts}
    keys |= kinds & {"year", "km"}
    if any(is_price(amount) and amount.field in _PRICE_FIELDS for amount in seen.amounts):
        keys.add("price")
    return len(keys) if seen.models or (seen.mentions and (line.fields > _FULL_LINE or line.foreign_plate)) else 0


def is_price(amount: Amount) -> bool:
    """Whether a sum can be the price of a car; "turun 3jt", "dp 20jt" are none."""
    if amount.field in ("dp", "instalment"):
        return False
    if amount.kind == "money":
        return amount.high >= LEAST_PRICE * MILLION
    return amount.kind == "bare" and LEAST_PRICE <= amount.low <= MOST_BARE_PRICE


def _new_car(line: Line) -> Command | None:
    """Data of a car to come, or the wish to bring some."""
    found, divided = facts(line), line.fields > _FULL_LINE
    fresh = line.foreign_plate
    if line.has("photo", "text_field") and found < _FULL_LINE and not (divided or fresh):
        return None
    bounded = any(a.limit in ("min", "max") and a.kind in ("year", "money", "bare") for a in line.scene.amounts)
    asks = bounded or line.has("question", "list", "left", "count", "seek")
    repriced = line.has("price") and line.has("change")
    moved = line.has("delete", "price_move", "status", "cancel")
    ordered = moved or repriced or bool(line.states or line.scene.codes) or line.denied or line.has("towards", "swap")
    if found and fresh and not (asks or moved):
        return Command.CAR_DATA
    gone = any(state in (CarStatus.SOLD, CarStatus.DRAFT) for _, state in line.states)
    if (found >= 2 and (divided or not (asks or ordered))) or (found >= _FULL_LINE and not (moved or gone)):
        return Command.CAR_DATA
    if line.states or line.scene.codes or line.plate or line.person or line.has("how", "question", "lead", "later"):
        return None
    if line.has("intake_car") and _new_thing(line):
        return Command.UPLOAD
    if line.named and line.has("field", "change", "price"):
        return None
    taking = line.has("intake_car") and line.has("things") and not line.scene.mentions
    return Command.UPLOAD if line.has("intake") or taking else None


def _new_thing(line: Line) -> bool:
    """ "mobil baru", "unit baru"."""
    tokens = line.scene.tokens
    return any(at + 1 < len(tokens) and tokens[at + 1].word == "baru" for at in line.at.get("things", []))


def _lead(line: Line) -> Command | None:
    """Everything about a person: done, state, or the list of leads."""
    about = line.has("lead")
    if line.named and not about:
        return None
    person = line.person is not None
    if about and line.has("status"):
        return Command.LEAD_STATUS
    if person and line.lead_states and not line.has("question"):
        return Command.LEAD_STATUS
    if line.has("hand_back") and line.has("bot") and (person or about):
        return Command.DONE
    if line.has("finish") and (person or about) and not line.has("question"):
        return Command.DONE
    if person and not about:
        lost = line.has("cancel", "bought") and (line.has("cancel") or line.has("elsewhere"))
        return Command.LEAD_STATUS if lost else None
    hot = line.has("people") and bool(line.lead_states) and line.has("question", "count")
    if about or hot or (line.has("queue") and line.has("question")):
        return Command.LEADS
    waits = line.has("people") and line.has("waiting", "reach") and line.has("question", "left", "look", "list")
    asked = line.has("reach") and line.has("undone") and line.has("question")
    return Command.LEADS if waits or asked else None


def _figures(line: Line) -> Command | None:
    if line.scene.codes or line.plate:
        return None
    if line.has("figures"):
        return Command.REPORT
    if not any(state is CarStatus.SOLD for _, state in line.states):
        return None
    counted = line.has("count") and (line.has("span", "things") or not line.scene.mentions)
    return Command.REPORT if counted or (line.has("span") and line.has("which")) else None


def _photos(line: Line) -> Command | None:
    if not line.has("photo"):
        return None
    wanted = line.has("add", "delete") or (line.begins("photo") and line.refers)
    return Command.PHOTOS if wanted and not line.has("question", "left") else None


def _stored_text(line: Line) -> Command | None:
    """Features and notes: whatever their text says, it is an edit."""
    if not line.has("text_field") or not line.named:
        return None
    return Command.EDIT if line.has("change", "delete", "add") or line.begins("text_field") else None


def _asks(line: Line) -> bool:
    """ "udah laku blm", "laku ya?" ask; so does every word of a question."""
    last = list(line.content())[-1:]
    doubtful = bool(line.states or line.weak_states) and (line.marked or any(t.word in _OR_NOT for t in last))
    return doubtful or line.has("question", "list", "seek") or (line.marked and line.has("left"))


def _price(line: Line) -> Command | None:
    if _asks(line) or not line.refers:
        return None
    driven = _exact(line) and any(amount.kind == amount.field == "km" for amount in line.scene.amounts)
    if line.has("price") and not line.states and (driven or _sets_field(line)):
        return Command.EDIT  # "a01 harga 185 km 50rb"
    sums = any(is_price(amount) for amount in line.scene.amounts)
    moved = line.has("price_move", "sum_to") or line.has("change")
    if line.has("price") and (moved or (sums and not line.states) or line.begins("price")):
        return Command.PRICE
    if line.has("price_move") and any(a.kind in ("money", "bare") for a in line.scene.amounts):
        return Command.PRICE
    if not line.named or not sums or line.has("field", "cancel") or line.states:
        return None
    brief = len(list(line.content())) <= _BRIEF
    alone = brief and any(amount.kind == "money" for amount in line.scene.amounts)
    bargained = brief and _exact(line) and line.has("bargain")
    return Command.PRICE if line.has("sum_to") or alone or bargained else None


def _delete(line: Line) -> Command | None:
    if not line.has("delete") or line.has("question"):
        return None
    return Command.DELETE if line.refers or (line.begins("delete") and line.has("things")) else None


def _changes(line: Line) -> Command | None:
    """A state, another field, or the wish to see cars."""
    if not _asks(line):
        state = bool(line.states or line.weak_states) or (line.named and line.has("cancel"))
        if (line.refers and state) or (line.begins("status") and line.refers):
            return Command.STATUS
        if line.named and line.has("change") and not line.has("bot", "lead"):
            return Command.EDIT if line.has("field") or _edits(line) else None
        if line.named and line.has("field") and any(amount.kind == "km" for amount in line.scene.amounts):
            return Command.EDIT
        if line.named and line.has("field") and line.has("price_move", "swap"):
            return Command.EDIT
        if _sets_field(line):
            return Command.EDIT
    return _wants_list(line)


def _exact(line: Line) -> bool:
    """Whether a car of the stock is named by its code or plate."""
    return bool(line.scene.codes) or (line.plate is not None and line.plate.code is not None)


def _sets_field(line: Line) -> bool:
    """ "a01 warna putih": a car by its code or plate, one field, and what that is to be."""
    plate = line.scene.codes and line.plate  # "a01 plat L 1234 XX"
    told = plate or line.scene.values or any(amount.kind == "year" for amount in line.scene.amounts)
    return bool(_exact(line) and told and line.has("field") and not line.marked) and len(list(line.content())) <= _BRIEF


def _edits(line: Line) -> bool:
    """ "mau edit avanza silver", "pindahin calya ke dago": the verb says enough."""
    return any(
        t.text in ("edit", "ngedit", "diedit")
        or t.text.startswith(("benerin", "betulin", "pindah", "perbaiki", "revisi", "koreksi"))
        for t in line.scene.tokens
    )


def _wants_list(line: Line) -> Command | None:
    seen = line.scene
    if any(token.word == "tanya" or (token.text in lists().elsewhere and not line.named) for token in seen.tokens):
        return None
    sums = any(amount.limit or is_price(amount) for amount in seen.amounts)
    criteria = bool(line.refers or seen.branches or seen.extreme or line.states or line.weak_states or sums)
    if (line.has("list") and not line.has("reach")) or (line.has("seek") and (line.refers or line.has("things"))):
        return Command.LIST
    about = criteria or line.has("things")
    if (line.has("which", "look") and about) or (line.has("question") and line.states):
        return Command.LIST
    if line.has("count") and line.has("left", "things"):
        return Command.LIST
    if line.named and _asks(line):
        return Command.LIST
    return Command.LIST if line.has("left") and (line.refers or (about and _asks(line))) else None
