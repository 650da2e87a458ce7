"""Several wishes in one message: what was asked beside the main one is answered in the same reply."""

from dataclasses import replace

from autoleads import credit
from autoleads.bot import texts, texts_steps
from autoleads.bot.answers import cars as write
from autoleads.bot.answers import properties, showroom, steps, visits
from autoleads.bot.answers.base import GAP, Draft, Scene, bubble
from autoleads.bot.answers.credit import wanted
from autoleads.bot.answers.lists import MOST_COMPARED, rows
from autoleads.bot.turn import Reply
from autoleads.bot.understanding.base import Intent
from autoleads.bot.understanding.phrases import hits
from autoleads.formats import rupiah
from autoleads.stock import Car
from autoleads.types import CarStatus

_STOCK = frozenset({Intent.CAR_SEARCH, Intent.CAR_DETAIL, Intent.AVAILABILITY, Intent.PRICE, Intent.SELECTION})
_STEPS = frozenset({Intent.NEGOTIATION, Intent.CREDIT, Intent.VISIT, Intent.TRADE_IN, Intent.PHOTOS, Intent.HUMAN})
_HAVE_MORE = _STOCK | _STEPS | {Intent.LOCATION, Intent.SELL_CAR}


def with_others(scene: Scene, draft: Draft) -> Draft:
    """The draft with its further answers around what it says; no model is needed then."""
    main = scene.understanding.intent
    if main not in _HAVE_MORE or not draft.replies:
        return draft
    asked = _asked(scene) - {main}
    before = _properties(scene, draft, asked)
    sums, behind = _further(scene, asked, main)
    behind += showroom.also_asked(scene, when=Intent.HOURS in asked)
    pictures = _pictures(scene, asked, main)
    if not (before or behind or pictures):
        return draft
    *sent, last = draft.replies
    text = bubble(*before, last.text, GAP if behind else "", *behind)[0].text
    memory = dict(draft.memory)
    if pictures and scene.focus.one:
        memory["photos_of"] = scene.focus.one.display_code
    replies = (*pictures, *sent, replace(last, text=text))
    return replace(draft, replies=replies, amounts=draft.amounts | sums, memory=memory, phrasable=False)


def _asked(scene: Scene) -> frozenset[Intent]:
    """Every intent that a phrase of the message shows; a sum alone ("dp 100 bisa?") is no bargaining."""
    found = hits(scene.understanding.normal.split())
    return frozenset(hit.intent for hit in found if hit.intent is not Intent.NEGOTIATION or "<" not in hit.phrase)


def _subject(scene: Scene) -> Car | None:
    car = scene.focus.one
    return car if car and car.status is CarStatus.AVAILABLE else None


def _properties(scene: Scene, draft: Draft, asked: frozenset[Intent]) -> list[str]:
    """Km, tax, history: of the one car, or of each of a few."""
    main = scene.understanding.intent
    if main in _STOCK and scene.focus.one is None and scene.has(properties.PLATE):
        return [texts.ASKED_PLATE, GAP]
    if main in (Intent.CAR_DETAIL, Intent.PHOTOS) or main not in _STOCK | _STEPS or Intent.CAR_DETAIL not in asked:
        return []
    car = _subject(scene)
    said = "\n".join(reply.text for reply in draft.replies)
    if car is not None:
        lines = properties.asked_beside(scene, car).lines
        return [line for line in lines if line not in said]
    cars = scene.focus.cars or ()
    if main is not Intent.CREDIT or not 1 < len(cars) <= MOST_COMPARED:
        return []
    told = rows(scene, cars)
    if not told:
        return [*properties.asked_beside(scene, cars[0]).lines, GAP]
    return [f"{write.title(one)}: {row}" for one, row in zip(cars, told, strict=True)] + [GAP]


def _further(scene: Scene, asked: frozenset[Intent], main: Intent) -> tuple[frozenset[int], list[str]]:
    lines: list[str] = []
    sums = frozenset[int]()
    if Intent.NEGOTIATION in asked and main in (Intent.CREDIT, Intent.TRADE_IN):
        lines.append(scene.say(texts_steps.NEGOTIATION_ALSO))
    if Intent.CREDIT in asked and main in (Intent.TRADE_IN, Intent.HUMAN):
        sums, line = _credit(scene)
        lines.append(line)
    if Intent.TRADE_IN in asked and main is Intent.HUMAN:
        lines.append(texts_steps.TRADE_IN_ALSO)
    if Intent.VISIT in asked and main in (Intent.CREDIT, Intent.NEGOTIATION, Intent.TRADE_IN):
        lines.append(_visit(scene))
    return sums, lines


def _visit(scene: Scene) -> str:
    branch = visits.branch_of(scene, scene.focus.one)
    week = branch.hours if branch and branch.hours else scene.turn.showroom.hours
    told, _ = visits.day_line(scene, week)
    return " ".join(part for part in (scene.say(texts_steps.VISIT_ALSO), told) if part)


def _credit(scene: Scene) -> tuple[frozenset[int], str]:
    car = _subject(scene)
    if car is None:
        return frozenset(), texts_steps.CREDIT_ALSO_PLAIN
    terms = credit.terms(scene.turn.showroom.settings)
    dp, months = wanted(scene, car.price_idr)
    dp = dp if dp and dp < car.price_idr else None
    plan = credit.simulate(car.price_idr, terms, dp=dp, months=months or terms.tenors[-1])
    last = plan.plans[0]
    values = {"title": write.title(car), "dp": rupiah(plan.dp), "months": str(last.months)}
    return plan.amounts, texts_steps.CREDIT_ALSO.format(**values, instalment=rupiah(last.instalment))


def _pictures(scene: Scene, asked: frozenset[Intent], main: Intent) -> tuple[Reply, ...]:
    car = _subject(scene)
    wanted = Intent.PHOTOS in asked and main in _STEPS | _STOCK - {Intent.PHOTOS}
    return steps.album(scene, car) if wanted and car and car.photos else ()
