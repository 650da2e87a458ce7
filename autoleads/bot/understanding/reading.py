"""From text to scene: every reader in the order that lets the surer ones go first."""

from autoleads.bot.understanding import cars, details
from autoleads.bot.understanding.amounts import amounts
from autoleads.bot.understanding.normalize import clean, join_pairs, pieces, translate
from autoleads.bot.understanding.numerals import spelled
from autoleads.bot.understanding.scene import Scene, rule_words
from autoleads.bot.understanding.stockwords import StockWords


def read(text: str, stock: StockWords) -> Scene:
    scene = Scene(list(pieces(clean(text))))
    cars.find_codes(scene, stock)
    cars.find_names(scene, stock)
    cars.find_plates(scene)
    for token in scene.tokens:
        if token.kind == "word" and not token.role:
            translate(token, stock.mend)
    scene.tokens = spelled(scene.tokens)
    cars.weigh_names(scene, stock)
    cars.find_trims(scene, stock)
    scene.tokens = join_pairs(scene.tokens)
    cars.locate(scene)
    details.find_features(scene, stock)
    scene.amounts = amounts(scene.tokens)
    details.find_values(scene)
    details.find_pick(scene)
    scene.name = details.given_name(scene.tokens)
    scene.words = rule_words(scene.tokens)
    return scene
