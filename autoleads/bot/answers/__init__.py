"""The rule answer to every intent: complete without a model."""

from collections.abc import Callable, Mapping

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


def rule_answer(scene: Scene) -> Draft:
    return _ANSWERS[scene.understanding.intent](scene)
