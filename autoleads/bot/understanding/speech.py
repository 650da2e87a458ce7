"""What people of the showroom say aloud or in Javanese, put the way the readers know it."""

import re

_ONES = ("satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
_ONE = "|".join(_ONES)
_YEAR = re.compile(
    rf"\bdua ribu (?:(?P<ten>sepuluh)|(?P<eleven>sebelas)|(?P<teen>{_ONE}) belas"
    rf"|dua puluh(?: (?P<over>{_ONE}))?|(?P<one>{_ONE}))\b"
    r"(?! (?:ratus|puluh|kilo|km|rupiah))"
)
# "fortuner e wis payu": the e is the Javanese "the", no trim.
_THE = re.compile(
    r"(?<=[a-z]{3}) e (?=(?:wis|wes|uwis|sampun|sek|isih|payu|didol|regane|rego|kate|arep|ojo|karek|kari)\b)"
)
# "ganti bensin" fills up for a customer; an owner changes the fuel of a car.
_FUEL = re.compile(r"(?<=\bbbm\b)(.{0,40}\bganti )(?=bensin|diesel|solar|listrik|hybrid)")
# The M of "Ayla 1.0 M Bensin-MT 76 juta" is a trim.
_TRIM_M = re.compile(r"(?<![\d.,])([01]\.\d) m\b(?=.*\d ?(?:jt|juta)\b)", re.DOTALL)
# Words of the showroom that the customers' vocabulary takes for a slip in a car's name.
_HOUSE = re.compile(r"\bcover\b")
# "harga 225 km 40000", "harga 185.500 km 45.500", "2020 km 50rb": the km is of the number behind it.
_YEAR_KM = re.compile(r"\b((?:19|20)\d\d) (?=km\.? ?\d)")
_PRICE_KM = re.compile(r"\b((?:harga|hrg|hrga)(?:nya)?[ :=]+\d{2,3}(?:[.,]\d{1,3})?) (?=km\b)")


def spoken(text: str) -> str:
    """In small letters, so that no trim, year and gear of a shouted line ("G 2019 MT") is taken for a plate."""
    text = _HOUSE.sub("utama", text.lower().replace("bahan bakar", "bbm"))
    text = _TRIM_M.sub(r"\1", text.replace("ttdp", "tdp"))
    text = _FUEL.sub(r"\1ke ", text)
    text = _YEAR_KM.sub(r"\1, ", _PRICE_KM.sub(r"\1 juta ", text))
    return _YEAR.sub(lambda match: str(_year(match)), _THE.sub(" ", text))


def _year(match: re.Match[str]) -> int:
    if match["ten"] or match["eleven"]:
        return 2010 if match["ten"] else 2011
    if match["teen"]:
        return 2011 + _ONES.index(match["teen"])
    if match["one"]:
        return 2001 + _ONES.index(match["one"])
    return 2020 + (1 + _ONES.index(match["over"]) if match["over"] else 0)
