"""A customer's turn: which answer, in whose words, and what is learned about the lead."""

import asyncio
import logging
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from autoleads import metrics
from autoleads.bot import compose as composing
from autoleads.bot import guard, hours, lead_score, texts
from autoleads.bot.answers import credit as answers_credit
from autoleads.bot.answers import rule_answer, steps, stock, talk
from autoleads.bot.answers.base import Draft, Scene, bubble
from autoleads.bot.answers.focus import resolve
from autoleads.bot.assistant.base import Assistant
from autoleads.bot.guard_facts import facts_of
from autoleads.bot.guard_numbers import amounts
from autoleads.bot.turn import LeadNews, Outcome, Reply, Showroom, Turn
from autoleads.bot.understanding.base import Entities, Found, Intent, Understanding
from autoleads.errors import AssistantError
from autoleads.types import LeadStatus

log = logging.getLogger(__name__)

DEADLINE_S = 2.2
_LOW_CONFIDENCE = 0.6
_MOST_CHARS = 2_000  # of a message that the rules look at
_STOCK_INTENTS = frozenset({Intent.CAR_SEARCH, Intent.CAR_DETAIL, Intent.AVAILABILITY, Intent.PRICE, Intent.SELECTION})
_PASSED = "guard passed"
_REMEMBERED = 64  # per stock; a process may know hundreds of stocks
_REPEATABLE = 200  # characters; nobody says longer things twice
_RESUMABLE = frozenset({Intent.CAR_DETAIL, Intent.AVAILABILITY, Intent.PRICE, Intent.PHOTOS, Intent.CREDIT})
_ADVICE = re.compile(
    r"\b(?:rekomen\w*|saran\w*|cocok|enak(?:an|nya)?|bagus(?:an|nya)? (?:mana|yg|yang)|mending(?:an)?|"
    r"worth|nyaman|beda(?:nya)?|banding\w*|menurut|bingung|recommend\w*|better|suggest\w*|irit|keluarga|mudik|pemula)\b"
)
_MORE = re.compile(r"^\W*(?:lanjut|next|more|lainnya|(?:ada )?(?:yang|yg) lain(?:nya)?|ada lagi)(?:\s+\w+){0,2}\W*$")
# How the data of an own car may read once they were asked for.
_TELLING = frozenset({Intent.CAR_SEARCH, Intent.CAR_DETAIL, Intent.OTHER, Intent.SELL_CAR, Intent.TRADE_IN})
_QUESTIONS: Mapping[str, texts.Ways] = {
    "name": texts.ASK_NAME,
    "visit": texts.VISIT_ASK,
    "credit": texts.CREDIT_NEXT,
    "own_car": texts.OWN_CAR_ASK,
}
# A greeting greets already; a wave would mock the others.
_OWN_OPENING = frozenset({Intent.GREETING, Intent.OPT_OUT, Intent.COMPLAINT})
_GREETINGS = ("Halo", "Hai", "Waalaikumsalam")
_UNCLEAR = frozenset({Intent.OTHER, Intent.THANKS, Intent.HOURS})
_ABOUT_TENOR = frozenset({Intent.PRICE, Intent.CAR_DETAIL})  # "kalau lima tahun berapa?"
_MANY_WORDS, _MANY_QUESTIONS = 25, 2
_SEEKS = re.compile(r"\b(?:ada|ono|onok|cari|nyari|golek|budget|bajet|dana|mobil|unit|yang|yg|sing|an|jutaan|jtan)\b")
_BRIEF_OFFER = 6
_BARE_SUM = re.compile(r"(?<![\w.,/:])\d{2,3}(?![\w.,/:]*\d)(?!\s*(?:rb|ribu|km|k\b|thn|tahun|bln|bulan|x\b))")
_MILLION = 1_000_000
_PLAUSIBLE = (0.3, 1.5)  # of the price, for a bare number to be an offer
_MOST_SEEN = 5  # cars of a talk that "yang tadi" may mean


async def answer(
    turn: Turn,
    understanding: Understanding,
    found: Found,
    assistant: Assistant | None,
    *,
    compose: str = "auto",
    deadline_s: float = DEADLINE_S,
) -> Outcome:
    """`compose`: "auto" (the model where it adds something), "always" (every stock answer), "never"."""
    if turn.memory.get("opt_out") is True and not talk.wants_back(turn.text):
        return Outcome(replies=(), memory=turn.memory, intent=understanding.intent, source="canned")
    scene = _scene(turn, understanding, found)
    draft = _rule_draft(scene)
    fallback: str | None = None
    if assistant is not None and _wants_model(scene, draft, compose):
        draft, fallback = await _phrased(scene, draft, assistant, deadline_s)
    draft = _opened(scene, draft)
    draft, unsafe = _guarded(scene, draft)
    memory = _merged(turn.memory, draft.memory)
    lead, memory = _lead(scene, draft, memory)
    return Outcome(
        replies=draft.replies,
        lost=draft.phrasable and scene.understanding.intent is Intent.OTHER,
        memory=memory,
        lead=lead,
        intent=scene.understanding.intent,
        source=draft.source,
        fallback=unsafe or fallback,
    )


# -- what is meant


def _scene(turn: Turn, understanding: Understanding, found: Found) -> Scene:
    meant = replace(understanding, intent=_meant(turn, understanding))
    if offer := _offered(turn, understanding):
        meant = replace(meant, intent=Intent.NEGOTIATION, entities=Entities(budget=offer), needs=())
        found = Found()
    answers_name = turn.memory.get("asked") == "name" or (turn.memory.get("heat") and not turn.memory.get("name"))
    name = talk.name_given(turn.text, sure=turn.memory.get("asked") == "name") if answers_name else None
    if name and meant.intent is Intent.OTHER and not meant.entities.name:
        meant = replace(meant, entities=replace(meant.entities, name=name))
    focus = resolve(turn, meant, found)
    pending = turn.memory.get("pending")
    answers_back = understanding.intent in (Intent.SELECTION, Intent.CAR_SEARCH)
    if answers_back and focus.one is not None and isinstance(pending, str) and pending in _RESUMABLE:
        meant = replace(meant, intent=Intent(pending))
    text = f"{turn.text[:_MOST_CHARS]}\n{understanding.normal[:_MOST_CHARS]}".lower()
    last = turn.messages[-1].id if turn.messages else 0
    now = hours.local(turn.now, turn.showroom.timezone)
    seed = f"{turn.showroom.slug}|{last}|{turn.text}"
    return Scene(turn=turn, understanding=meant, found=found, focus=focus, text=text, now=now, seed=seed)


def _meant(turn: Turn, understanding: Understanding) -> Intent:
    """A bare "ya" says yes to what was offered last; "besok jam 10" answers when, "5 tahun" how long."""
    offer = turn.memory.get("offer")
    if understanding.intent in (Intent.OTHER, Intent.THANKS) and talk.YES.match(turn.text) and isinstance(offer, str):
        return Intent(offer) if offer in set(Intent) else understanding.intent
    asked = turn.memory.get("asked")
    if understanding.intent in _UNCLEAR and "visit" in (asked, offer) and steps.names_time(turn.text, turn.now):
        return Intent.VISIT
    if understanding.intent in _UNCLEAR | _ABOUT_TENOR and asked == "credit" and answers_credit.tenor_said(turn.text):
        return Intent.CREDIT
    return understanding.intent


def _offered(turn: Turn, understanding: Understanding) -> int | None:
    """A bare sum said about the car that is bargained for is an offer ("160 jt", "190 deh"), not a search."""
    code = turn.memory.get("car")
    car = turn.stock.by_code(code) if isinstance(code, str) else None
    text = turn.text.lower()
    bare = understanding.intent in (Intent.CAR_SEARCH, Intent.OTHER, Intent.SELECTION)
    if car is None or turn.memory.get("heat") != LeadStatus.HOT or not bare or _SEEKS.search(text):
        return None
    if not set(understanding.entities.said()) <= {"price_min", "price_max"} or len(text.split()) > _BRIEF_OFFER:
        return None
    sums = [found.value for found in amounts(turn.text)] or [int(n) * _MILLION for n in _BARE_SUM.findall(text)]
    low, high = (round(car.price_idr * part) for part in _PLAUSIBLE)
    return sums[0] if len(sums) == 1 and low <= sums[0] <= high else None


def _rule_draft(scene: Scene) -> Draft:
    turn = scene.turn
    if talk.wants_back(turn.text) and turn.memory.get("opt_out"):
        return talk.opt_in(scene)
    if not turn.text.strip():
        return talk.not_text(scene)
    rest = turn.memory.get("more")
    if isinstance(rest, list) and _MORE.match(turn.text.lower()):
        cars = turn.stock.by_codes(code for code in rest if isinstance(code, str))
        if cars:
            return stock.more(scene, cars)
    if scene.understanding.intent is Intent.OTHER and scene.understanding.entities.name:
        return talk.named(scene)
    draft = steps.own_car_data(scene) if _tells_own_car(scene) else rule_answer(scene)
    asked = _asked(draft)
    draft = draft.remembering(asked=asked)
    if asked == "name":
        before = turn.memory.get("name_asked")
        draft = draft.remembering(name_asked=(before if isinstance(before, int) else 0) + 1)
    return draft if "pending" in draft.memory else draft.remembering(pending=None)


def _tells_own_car(scene: Scene) -> bool:
    """An answer to "boleh kirim data mobil Kakak?" reads like a search for such a car."""
    said = scene.understanding.entities
    told = said.model or said.year_min or said.km_max or said.transmission
    answers = scene.understanding.intent in _TELLING
    return bool(scene.turn.memory.get("asked") == "own_car" and told and answers and "?" not in scene.turn.text)


def _asked(draft: Draft) -> str | None:
    """Which question the answer ends with, so that a short reply to it is understood."""
    last = draft.replies[-1].text
    return next((key for key, ways in _QUESTIONS.items() if any(last.endswith(way) for way in ways)), None)


# -- whose words


def _wants_model(scene: Scene, draft: Draft, compose: str) -> bool:
    if compose == "never" or not draft.phrasable:
        return False
    intent = scene.understanding.intent
    if compose == "always":
        return intent in _STOCK_INTENTS or intent is Intent.OTHER
    if intent is Intent.OTHER:
        return len(scene.understanding.text.split()) > 2
    if intent not in _STOCK_INTENTS:
        return False
    text = scene.turn.text
    several_asks = text.count("?") >= _MANY_QUESTIONS or len(text.split()) > _MANY_WORDS
    return several_asks or bool(_ADVICE.search(text.lower())) or scene.understanding.confidence < _LOW_CONFIDENCE


async def _phrased(scene: Scene, draft: Draft, assistant: Assistant, deadline_s: float) -> tuple[Draft, str | None]:
    """The draft in the model's words, or the draft as it was and why."""
    try:
        async with asyncio.timeout(deadline_s):
            completion = await assistant.complete(composing.prompt(scene, draft))
        composed = composing.fill(completion.text, composing.slots(draft))
    except AssistantError as exc:
        return draft, exc.reason
    except TimeoutError:
        return draft, "timeout"
    except composing.Refused as exc:
        return draft, f"compose:{exc}"
    except Exception:
        log.exception("the model's answer could not be used")
        return draft, "error"
    text = composing.complete(composed, draft)
    facts = facts_of(scene.turn, draft.cars, sums=draft.amounts)
    broken = guard.check(text, facts)
    if broken:
        log.info("guard refused a model answer: %s", broken[0].rule)
        metrics.GUARD_REJECTIONS.labels(broken[0].rule, "model").inc()
        return draft, f"guard:{broken[0].rule}"
    memory = dict(draft.memory)
    if len(composed.named) > 1:
        rest = [car for car in draft.cars if car not in composed.named]
        memory["listed"] = [car.display_code for car in (*composed.named, *rest)]
    return replace(draft, replies=bubble(text), memory=memory, source="model"), None


# -- opening, guard


def _opened(scene: Scene, draft: Draft) -> Draft:
    """A first contact is greeted and gets the privacy line, whatever it asked."""
    if not scene.turn.first_contact or not draft.replies:
        return draft
    first, *rest = draft.replies
    greeted = scene.understanding.intent in _OWN_OPENING or first.photo or first.text.startswith(_GREETINGS)
    hello = "" if greeted else f"Halo {scene.name} 👋\n"
    first = replace(first, text=f"{hello}{first.text}")
    replies = [first, *rest]
    if scene.understanding.intent is not Intent.OPT_OUT:
        replies[-1] = replace(replies[-1], text=f"{replies[-1].text}\n\n{texts.PRIVACY}")
    return replace(draft, replies=tuple(replies))


def _guarded(scene: Scene, draft: Draft) -> tuple[Draft, str | None]:
    """Even our own words: a row's free text may hold what must not leave."""
    # Rule answers repeat, and need not be looked at each time. All that the verdict rests on is kept with it.
    passed: dict[tuple[object, ...], Showroom] = scene.turn.stock.derived.setdefault(_PASSED, {})
    said = tuple(reply.text for reply in draft.replies)
    key = (said, scene.turn.text, draft.amounts, tuple(car.display_code for car in draft.cars))
    if passed.get(key) is scene.turn.showroom:
        return draft, None
    facts = facts_of(scene.turn, draft.cars, sums=draft.amounts, quote=True, ours=True)
    for reply in draft.replies:
        broken = guard.check(reply.text, facts)
        if broken:
            log.warning("guard refused a rule answer: %s", broken[0].rule)
            metrics.GUARD_REJECTIONS.labels(broken[0].rule, draft.source).inc()
            return replace(
                draft, replies=(Reply(text=scene.say(texts.SAFE)),), source="rule"
            ), f"guard:{broken[0].rule}"
    if len(scene.turn.text) <= _REPEATABLE:
        if len(passed) >= _REMEMBERED:
            passed.clear()
        passed[key] = scene.turn.showroom
    return draft, None


# -- what stays


def _merged(before: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    merged = {**before, **changes}
    code = changes.get("car")
    if isinstance(code, str):
        seen = before.get("seen")
        earlier = [one for one in seen if one != code] if isinstance(seen, list) else []
        merged["seen"] = [code, *earlier][:_MOST_SEEN]
    return {
        key: str(value) if isinstance(value, Intent) else value for key, value in merged.items() if value is not None
    }


def _lead(scene: Scene, draft: Draft, memory: dict[str, Any]) -> tuple[LeadNews, dict[str, Any]]:
    said = scene.understanding.entities
    code = memory.get("car")
    car = scene.turn.stock.by_code(code) if isinstance(code, str) else None
    about_own_car = scene.understanding.intent is Intent.SELL_CAR
    keys = lead_score.known_reasons(scene.turn.memory)
    added = lead_score.reasons(scene.understanding, car_known=car is not None)
    keys = list(dict.fromkeys([*keys, *added]))
    status = lead_score.raised(scene.turn.memory, scene.understanding, car_known=car is not None)
    memory["reasons"] = keys
    if status is not None:
        memory["heat"] = str(status)
    if said.name:
        memory["name"] = said.name
    news = LeadNews(
        car_id=car.id if car else None,
        name=said.name,
        budget_idr=None if about_own_car else said.budget,
        status=LeadStatus(status) if status else None,
        score=lead_score.score(keys),
        reasons=lead_score.labels(keys),
    )
    return news, memory
