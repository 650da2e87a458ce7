"""The rule answer to every intent: complete without a model."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from autoleads.bot.answers import credit, handover, own_car, showroom, steps, stock, talk, visits, wishes
from autoleads.bot.answers.base import GAP, Draft, Scene, bubble
from autoleads.bot.understanding.base import Intent

_ANSWERS: Mapping[Intent, Callable[[Scene], Draft]] = {
    Intent.GREETING: talk.greeting,
    Intent.CAR_SEARCH: stock.answer,
    Intent.CAR_DETAIL: stock.answer,
    Intent.AVAILABILITY: stock.answer,
    Intent.PRICE: stock.answer,
    Intent.SELECTION: stock.answer,
    Intent.NEGOTIATION: steps.negotiation,
    Intent.CREDIT: credit.answer,
    Intent.LOCATION: showroom.location,
    Intent.HOURS: showroom.opening,
    Intent.CONTACT: showroom.contact,
    Intent.VISIT: visits.visit,
    Intent.TRADE_IN: own_car.trade_in,
    Intent.SELL_CAR: own_car.sell_car,
    Intent.PHOTOS: steps.photos,
    Intent.HUMAN: steps.human,
    Intent.COMPLAINT: talk.complaint,
    Intent.THANKS: talk.thanks,
    Intent.OPT_OUT: talk.opt_out,
    Intent.OTHER: talk.other,
}
_PAYMENT = (
    r"\brekening\b|\bnorek\b|\bno rek\b|bank account|"
    r"(?:transfer|tf|bayar|kirim)\w*(?: \w+){0,2} (?:ke ?mana|kmn|kemana)\b"
)
_ABOUT_PAYMENT = frozenset({Intent.CREDIT, Intent.NEGOTIATION, Intent.CONTACT, Intent.LOCATION})
_CHEERFUL = re.compile(r" ?[😊😄🚗👋👍😅📸]")
_BETWEEN_SENTENCES = re.compile(rf"(?<=\w){_CHEERFUL.pattern}(?= [A-Z])")  # it stood for the full stop


def rule_answer(scene: Scene) -> Draft:
    intent = scene.understanding.intent
    if intent is Intent.PRICE and scene.focus.cars is None and own_car.told(scene):
        return own_car.valuation(scene)
    if intent in _ABOUT_PAYMENT and scene.has(_PAYMENT):
        return steps.payment(scene)
    return wishes.with_others(scene, _ANSWERS[intent](scene))


def finished(scene: Scene, draft: Draft) -> Draft:
    """The draft as it is sent: who helps, and the next step, at its end."""
    if not draft.replies:
        return draft
    promised = scene.understanding.hot or draft.person
    known = draft.person_said and handover.told(scene)
    person = handover.line(scene) if promised and not known else ""
    if promised or draft.person_said:
        draft = draft.remembering(**handover.remembered(scene))
    body = draft.replies[-1].text
    tail = "\n".join(part for part in (person, draft.closing) if part)
    draft = draft.with_last(bubble(body, GAP if "\n" in body else "", tail)[0].text if tail else body)
    if not scene.upset:
        return draft
    return replace(draft, replies=tuple(replace(reply, text=_calm(reply.text)) for reply in draft.replies))


def _calm(text: str) -> str:
    return _CHEERFUL.sub("", _BETWEEN_SENTENCES.sub(".", text))
