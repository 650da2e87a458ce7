"""How a car is called in public: common name, letter of its code, public name and slug."""

import re
import unicodedata

# Titles sellers put before a model's name; "Grand" and "Great" only before "New" (Grand Livina is a model).
_GENERATION = re.compile(r"^(?:(?:all|grand|great|the)\s+new|new)\s+", re.IGNORECASE)
_ENGINE = re.compile(r"^\d[.,]\d[a-z]*$|^\d{3,4}cc$|^[1-5]\d00$", re.IGNORECASE)

_BRANDS = """
    toyota daihatsu honda mitsubishi suzuki nissan wuling hyundai kia isuzu datsun byd chery mg
    chevrolet ford bmw mercedes-benz lexus subaru vw volkswagen peugeot audi
"""
# The words at which a model's name ends and its trim begins.
_TRIMS = """
    gl gs gx glx gls ga rs vrz srz trd sportivo sport ultimate exceed prestige limited type tipe luxury
    premium standard long lite signature prime trend style active smart sv xv vl hws highway touring elite
    dakar exclusive deluxe std ex lt ltz ct gt gr zx fd ps fb sgx alpha beta gamma idol comfort pick pu
    mt at cvt ivt manual matic hybrid hev phev ev bensin diesel turbo vtec i-vtec e-power tss 4x2 4x4 2wd
    4wd awd modellista facelift panca
"""
_BRAND_WORDS = frozenset(_BRANDS.split())
_TRIM_WORDS = frozenset(_TRIMS.split())

# Names whose tail would be taken for a trim.
_WHOLE = (
    ("pajero", "sport"),
    ("outlander", "sport"),
    ("karimun", "wagon", "r"),
    ("wagon", "r"),
    ("air", "ev"),
    ("binguo", "ev"),
    ("e", "class"),
    ("c", "class"),
    ("s", "class"),
)

# Variants sold under a name of their own: kept wherever they stand.
_OWN_NAMES = frozenset({"veloz", "venturer", "cross", "zenix", "reborn", "satya"})
# Those that people ask for by that name alone also give the letter of the code.
_LETTER_GIVERS = frozenset({"veloz", "zenix"})

_COLORS = {
    "Hitam": ("hitam", "black", "ireng"),
    "Putih": ("putih", "white", "pearl"),
    "Silver": ("silver", "perak"),
    "Abu-abu": ("abu-abu", "abu", "grey", "gray", "graphite"),
    "Merah": ("merah", "red"),
    "Biru": ("biru", "blue"),
    "Hijau": ("hijau", "ijo", "green"),
    "Coklat": ("coklat", "cokelat", "brown"),
    "Marun": ("marun", "maroon"),
    "Kuning": ("kuning", "yellow"),
    "Oranye": ("oranye", "orange", "jingga"),
    "Emas": ("emas", "gold"),
    "Ungu": ("ungu", "purple"),
    "Krem": ("krem", "beige", "cream"),
}
_COLOR_OF = {word: color for color, words in _COLORS.items() for word in words}


def common_name(model: str, brand: str = "") -> str:
    """The name without engine and trim: `Avanza 1.3 G` is `Avanza`, `Avanza 1.5 Veloz` is `Avanza Veloz`.

    A name that is only a number needs its brand to be one: `2` of Mazda is `Mazda 2`.
    """
    words = _model_words(model)
    end = _name_end([word.casefold() for word in words])
    kept = words[:end] + [word for word in words[end:] if word.casefold() in _OWN_NAMES]
    name = " ".join(kept)
    if brand and name[:1].isdecimal():
        name = f"{brand.strip()} {name}"
    return name


def display_letter(model: str, brand: str) -> str:
    """That of the common name (Grand Livina is G); Veloz and Zenix give theirs."""
    name = common_name(model, brand)
    own = (word for word in name.split() if word.casefold() in _LETTER_GIVERS)
    source = next(own, name)
    letters = (ch for ch in _ascii(f"{source} {brand}").upper() if "A" <= ch <= "Z")
    return next(letters, "M")  # "mobil", for a name in no Latin letters


def display_code(letter: str, number: int) -> str:
    return f"#{letter}{number:02d}"


def basic_color(color: str) -> str:
    """`Hitam Metalik` is `Hitam`: the first colour named; a colour we do not know gives its first word."""
    words = color.casefold().replace("abu abu", "abu-abu").replace("/", " ").split()
    for word in words:
        if word in _COLOR_OF:
            return _COLOR_OF[word]
    return words[0].capitalize() if words else ""


def public_name(common: str, year: int, basic_color: str, code: str) -> str:
    return " ".join(part for part in (common, str(year), basic_color, code) if part)


def slug(common: str, year: int, basic_color: str, code: str) -> str:
    text = _ascii(public_name(common, year, basic_color, code)).lower()
    return "-".join(re.findall(r"[a-z0-9]+", text))


def _model_words(model: str) -> list[str]:
    """Without the titles and the brand that sellers write before it."""
    words = _GENERATION.sub("", " ".join(model.split())).split()
    if len(words) > 1 and words[0].casefold() in _BRAND_WORDS and not words[1][0].isdecimal():
        words = _GENERATION.sub("", " ".join(words[1:])).split()
    if [word.casefold() for word in words[:2]] == ["kijang", "innova"]:
        words = words[1:]
    return words


def _name_end(words: list[str]) -> int:
    """How many of the (folded) words are the name; at least the first."""
    whole = (len(name) for name in _WHOLE if tuple(words[: len(name)]) == name)
    start = max(whole, default=1)
    for index in range(start, len(words)):
        word = words[index]
        if _ENGINE.match(word) or word in _TRIM_WORDS or (len(word) == 1 and word.isalpha()):
            return index
    return len(words)


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
