"""The front door: one message in, what it means out. Pure and without waiting."""

from autoleads.bot.understanding import intents
from autoleads.bot.understanding.base import Intent, Understanding
from autoleads.bot.understanding.needs import entities, own_cars
from autoleads.bot.understanding.reading import read
from autoleads.bot.understanding.stockwords import stock_words
from autoleads.stock import Stock

_THUMBS = frozenset("👍👌🙏🤝")  # a message of nothing else says "all right"
_SURE = 0.9


def understand(text: str, stock: Stock) -> Understanding:
    """Intent, entities and needs of a customer's message, judged alone."""
    seen = read(text, stock_words(stock))
    intent, confidence = intents.decide(seen)
    if not seen.tokens and _THUMBS & set(text):
        intent, confidence = Intent.THANKS, _SURE
    own_cars(seen, intent)
    said, needs = entities(seen, intent)
    return Understanding(
        text=text,
        normal=" ".join(seen.words),
        intent=intent,
        entities=said,
        confidence=confidence,
        needs=needs,
        codes=tuple(dict.fromkeys(code for _, code in seen.codes)),
        extreme=seen.extreme,
    )
