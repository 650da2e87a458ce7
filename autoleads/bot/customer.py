"""A customer's turn: which answer, in whose words, and what is learned about the lead."""

import logging
import re
from dataclasses import replace
from typing import Any

from autoleads import metrics
from autoleads.bot import compose as composing
from autoleads.bot import guard, lead_score, texts
from autoleads.bot.answers import finished, handover, lists, nontext, own_car, rule_answer, talk
from autoleads.bot.answers.base import Draft, Scene, bubble
from autoleads.bot.answers.meaning import more_of, scene_of
from autoleads.bot.assistant.base import Phrases
from autoleads.bot.guard_facts import facts_of
from autoleads.bot.turn import LeadNews, Outcome, Reply, Showroom, Turn
from autoleads.bot.understanding.base import Found, Intent, Understanding
from autoleads.errors import AssistantError

log = logging.getLogger(__name__)

_LOW_CONFIDENCE = 0.6
_STOCK_INTENTS = frozenset({Intent.CAR_SEARCH, Intent.CAR_DETAIL, Intent.AVAILABILITY, Intent.PRICE, Intent.SELECTION})
_PASSED = "guard passed"
_REMEMBERED = 64  # per stock; a process may know hundreds of stocks
_REPEATABLE = 200  # characters; nobody says longer things twice
_ADVICE = re.compile(
    r"\b(?:rekomen\w*|saran\w*|cocok|enak(?:an|nya)?|bagus(?:an|nya)? (?:mana|yg|yang)|mending(?:an)?|"
    r"worth|nyaman|beda(?:nya)?|banding\w*|menurut|bingung|recommend\w*|better|suggest\w*|irit|keluarga|mudik|pemula)\b"
)
# How the data of an own car may read once they were asked for.
_TELLING = frozenset({Intent.CAR_SEARCH, Intent.CAR_DETAIL, Intent.OTHER, Intent.SELL_CAR, Intent.TRADE_IN})
# A greeting greets already; a wave would mock the others.
_OWN_OPENING = frozenset({Intent.GREETING, Intent.OPT_OUT, Intent.COMPLAINT})
_GREETINGS = ("Halo", "Hai", "Hi ", "Waalaikumsalam")
_MANY_WORDS, _MANY_QUESTIONS = 25, 2
_MOST_SEEN = 5  # cars of a talk that "yang tadi" may mean


async def answer(
    turn: Turn,
    understanding: Understanding,
    found: Found,
    assistant: Phrases | None,
    *,
    compose: str = "auto",
) -> Outcome:
    """`compose`: "auto" (the model where it adds something), "always" (every stock answer), "never"."""
    if turn.memory.get("opt_out") is True and not talk.wants_back(turn.text):
        return Outcome(replies=(), memory=turn.memory, intent=understanding.intent, source="canned")
    scene = scene_of(turn, understanding, found)
    draft = _rule_draft(scene)
    fallback: str | None = None
    if assistant is not None and _wants_model(scene, draft, compose):
        draft, fallback = await _phrased(scene, draft, assistant)
    draft = _opened(scene, finished(scene, draft))
    draft, unsafe = _guarded(scene, draft)
    memory = _merged(scene, draft)
    lead, memory = _lead(scene, memory)
    promised = scene.understanding.hot or draft.person or draft.person_said
    return Outcome(
        replies=draft.replies,
        lost=draft.phrasable and scene.understanding.intent is Intent.OTHER,
        memory=memory,
        lead=lead,
        intent=scene.understanding.intent,
        source=draft.source,
        fallback=unsafe or fallback,
        hand_over=handover.helper(scene) if promised else None,
        alert=draft.alert,
        erase=draft.erase,
    )


# -- what the rules say


def _rule_draft(scene: Scene) -> Draft:
    turn = scene.turn
    if talk.wants_back(turn.text) and turn.memory.get("opt_out"):
        return talk.opt_in(scene)
    if not turn.text.strip():
        return _lasting(scene, nontext.not_text(scene))
    draft = _in_its_talk(scene) or rule_answer(scene)
    draft = draft.remembering(asked=draft.asks)
    if draft.asks == "name":
        before = turn.memory.get("name_asked")
        draft = draft.remembering(name_asked=(before if isinstance(before, int) else 0) + 1)
    forgotten = {key: None for key in ("pending", "lost", "about") if key not in draft.memory}
    return draft.remembering(**forgotten)


def _lasting(scene: Scene, draft: Draft) -> Draft:
    """A picture between a question and its answer does not end the question."""
    return draft.remembering(asked=draft.asks) if draft.asks else draft


def _in_its_talk(scene: Scene) -> Draft | None:
    """What only the talk before explains."""
    turn = scene.turn
    rest = more_of(turn)
    if rest:
        return lists.more(scene, rest)
    if scene.understanding.intent is Intent.OTHER and scene.understanding.entities.name:
        return talk.named(scene)
    if scene.understanding.intent in _TELLING and own_car.tells(scene):
        return own_car.data(scene)
    if talk.complaint_goes_on(scene):
        return talk.complaint(scene)
    return talk.angry(scene) or talk.bought(scene) or own_car.goes_on(scene) or talk.waits(scene)


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


async def _phrased(scene: Scene, draft: Draft, assistant: Phrases) -> tuple[Draft, str | None]:
    """The draft in the model's words, or the draft as it was and why."""
    try:
        completion = await assistant.complete(composing.prompt(scene, draft))
        composed = composing.fill(completion.text, composing.slots(draft))
    except AssistantError as exc:
        return draft, exc.reason
    except composing.Refused as exc:
        return draft, f"compose:{exc}"
    except Exception:
        log.exception("the model's answer could not be used")
        return draft, "error"
    # Only the model's own words; what is added below them is ours, and checked as such before it leaves.
    broken = guard.check(composed.text, facts_of(scene.turn, draft.cars, sums=draft.amounts))
    if broken:
        log.info("guard refused a model answer: %s", broken[0].rule)
        metrics.GUARD_REJECTIONS.labels(broken[0].rule, "model").inc()
        return draft, f"guard:{broken[0].rule}"
    draft = replace(draft, replies=bubble(composing.complete(composed, draft)), source="model")
    return (draft if draft.listing else replace(draft, closing="", asks=None)), None


# -- opening, guard


def _opened(scene: Scene, draft: Draft) -> Draft:
    """A first contact is greeted and gets the privacy line, whatever it asked."""
    if not scene.turn.first_contact or not draft.replies:
        return draft
    first, *rest = draft.replies
    own = scene.understanding.intent in _OWN_OPENING or "upset_at" in draft.memory
    greeted = own or first.photo or first.text.startswith(_GREETINGS)
    hello = "" if greeted else f"{talk.hello(scene)}\n"
    first = replace(first, text=f"{hello}{first.text}")
    replies = [first, *rest]
    if scene.understanding.intent is not Intent.OPT_OUT:
        replies[-1] = replace(replies[-1], text=f"{replies[-1].text}\n\n{scene.say(texts.PRIVACY)}")
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
            safe = scene.say(texts.SAFE, person=handover.person(scene))
            draft = replace(draft, replies=(Reply(text=safe),), source="rule", person_said=True)
            return draft, f"guard:{broken[0].rule}"
    if len(scene.turn.text) <= _REPEATABLE:
        if len(passed) >= _REMEMBERED:
            passed.clear()
        passed[key] = scene.turn.showroom
    return draft, None


# -- what stays


def _merged(scene: Scene, draft: Draft) -> dict[str, Any]:
    before, said = scene.turn.memory, scene.understanding.entities
    merged = {**before, **draft.memory, "last_intent": str(scene.understanding.intent)}
    merged["english"] = True if scene.english else None
    ceiling = said.budget or (said.price_max if said.price_min is None else None)
    if ceiling and scene.understanding.intent in _STOCK_INTENTS:
        merged["ceiling"] = ceiling
    code = draft.memory.get("car")
    if isinstance(code, str):
        seen = before.get("seen")
        earlier = [one for one in seen if one != code] if isinstance(seen, list) else []
        merged["seen"] = [code, *earlier][:_MOST_SEEN]
    return {
        key: str(value) if isinstance(value, Intent) else value for key, value in merged.items() if value is not None
    }


def _lead(scene: Scene, memory: dict[str, Any]) -> tuple[LeadNews, dict[str, Any]]:
    said, intent = scene.understanding.entities, scene.understanding.intent
    code = memory.get("car")
    car = scene.turn.stock.by_code(code) if isinstance(code, str) else None
    interest = lead_score.interest(scene.turn.memory) + (intent in _STOCK_INTENTS)
    added = lead_score.reasons(scene.understanding, car_known=car is not None, interest=interest)
    keys = list(dict.fromkeys([*lead_score.known_reasons(scene.turn.memory), *added]))
    status = lead_score.raised(scene.turn.memory, scene.understanding, car_known=car is not None, interest=interest)
    memory |= {"reasons": keys, "interest": interest}
    if status is not None:
        memory["heat"] = str(status)
    if said.name:
        memory["name"] = said.name
    news = LeadNews(
        car_id=car.id if car else None,
        name=said.name,
        budget_idr=_budget(scene),
        status=status,
        score=lead_score.score(keys),
        reasons=lead_score.labels(keys),
    )
    return news, memory


def _budget(scene: Scene) -> int | None:
    """What the customer wants to spend: said as such, or as the most a searched car may cost."""
    said, intent = scene.understanding.entities, scene.understanding.intent
    if intent is Intent.SELL_CAR:
        return None
    most = said.price_max if intent in _STOCK_INTENTS and said.price_min is None else None
    return said.budget or most
