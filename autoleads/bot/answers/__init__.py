"""The rule answer to every intent: complete without a model."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from autoleads.bot.answers import credit, showroom, steps, stock, talk
from autoleads.bot.answers.base import Draft, Scene
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
    Intent.VISIT: steps.visit,
    Intent.TRADE_IN: steps.trade_in,
    Intent.SELL_CAR: steps.sell_car,
    Intent.PHOTOS: steps.photos,
    Intent.HUMAN: steps.human,
    Intent.COMPLAINT: talk.complaint,
    Intent.THANKS: talk.thanks,
    Intent.OPT_OUT: talk.opt_out,
    Intent.OTHER: talk.other,
}


_MAY_ASK_MORE = (stock.answer, credit.answer, steps.trade_in)


def rule_answer(scene: Scene) -> Draft:
    if scene.understanding.intent is Intent.PRICE and scene.focus.cars is None and steps.told_own_car(scene):
        return steps.valuation(scene)
    answer = _ANSWERS[scene.understanding.intent]
    draft = answer(scene)
    return _with_also_asked(scene, draft) if answer in _MAY_ASK_MORE else draft


def _with_also_asked(scene: Scene, draft: Draft) -> Draft:
    """The second question of a message about a car, before the closing one. No model is needed then."""
    also = showroom.also_asked(scene)
    if not also:
        return draft
    *sent, last = draft.replies
    told, _, closing = last.text.rpartition("\n\n" if "\n\n" in last.text else "\n")
    text = f"{told}\n\n{also}\n\n{closing}".strip()
    return replace(draft, replies=(*sent, replace(last, text=text)), phrasable=False)
