"""Makers and models that a reply might name. A name is only a reason to look; the stock decides."""

import re

# Words that are also everyday Indonesian or English are left out: they would only cause false alarms.
_NAMES = """
toyota honda daihatsu suzuki mitsubishi nissan wuling hyundai mazda isuzu kia datsun chevrolet ford mercedes mercy
bmw audi volkswagen vw lexus subaru peugeot chery byd omoda jaecoo neta mg tesla porsche ferrari lamborghini jaguar
volvo renault proton geely haval gwm jeep hummer bentley rolls-royce maserati mini-cooper land-rover range-rover
avanza veloz innova inova zenix kijang fortuner rush raize calya agya yaris vios camry corolla altis sienta voxy
alphard vellfire hilux hiace noah land-cruiser harrier
brio jazz civic accord mobilio freed br-v wr-v hr-v cr-v odyssey city-hatchback
xenia sigra ayla terios rocky sirion gran-max granmax luxio taft feroza taruna
ertiga xl7 ignis baleno swift karimun apv jimny s-presso sx4 aerio grand-vitara splash
xpander pajero outlander triton l300 mirage delica strada
livina serena x-trail xtrail juke magnite terra navara kicks evalia elgrand
confero cortez almaz air-ev binguo binguo-ev cloud-ev
creta stargazer palisade santa-fe ioniq tucson h-1 kona
cx-3 cx-5 cx-7 cx-8 cx-9 cx-30 mazda-2 mazda-3 biante
panther mu-x d-max traga
picanto sonet seltos sportage carens carnival rio-sedan
c180 c200 c250 e200 e250 e300 320i 318i 520i x1 x3 x5
captiva spin-ltz trax orlando ecosport everest ranger-wildtrak tiguan polo-tsi
"""
_SPELLED_MOST = 4


def _pattern(name: str) -> str:
    """Short names with a hyphen are also written letter by letter: `h r v`."""
    parts = list(name.replace("-", "")) if "-" in name and len(name) <= _SPELLED_MOST else name.split("-")
    return r"[\s-]?".join(re.escape(part) for part in parts)


_LONGEST_FIRST = sorted(_NAMES.split(), key=len, reverse=True)
NAME_PATTERN = re.compile(
    r"(?<![a-z0-9#])(?:" + "|".join(_pattern(name) for name in _LONGEST_FIRST) + r")(?:nya|ne)?(?![a-z0-9])"
)
