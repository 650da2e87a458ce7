"""The credit answer: an estimate for the car or cars meant, and a person for the real figures."""

import re
from dataclasses import replace

from autoleads import credit
from autoleads.bot import texts, texts_steps
from autoleads.bot.answers import cars as write
from autoleads.bot.answers import handover
from autoleads.bot.answers.base import Draft, Scene, bubble
from autoleads.bot.answers.focus import listed
from autoleads.bot.answers.missing import gone, nothing
from autoleads.bot.answers.steps import facts, name_question
from autoleads.bot.guard_numbers import amounts
from autoleads.bot.understanding.base import Intent
from autoleads.formats import rupiah
from autoleads.stock import Car
from autoleads.types import CarStatus

_MOST_CARS = 4
_PERCENT = re.compile(r"\b(?:t?dp|uang muka)\D{0,8}(\d{1,2}(?:[.,]\d)?)\s*(?:%|persen)")
_MONTHLY = re.compile(r"(?:cicilan|angsuran|nyicil|cicil)\D{0,12}(\d.{0,10})")
_TENOR = re.compile(r"\b(\d{1,2})\s*(tahun|taun|thn|th|bulan|bln|x)\b")
_YEARS = {
    "dua": 2, "rong": 2, "two": 2, "tiga": 3, "telung": 3, "three": 3,
    "empat": 4, "patang": 4, "four": 4, "lima": 5, "limang": 5, "five": 5,
}  # fmt: skip
_SPELLED_YEARS = re.compile(rf"\b({'|'.join(_YEARS)})\s*(?:tahun|taun|thn|th|years?)\b")
_NEAR_ENOUGH = 1.1
_LEAST_MONTHLY, _MOST_MONTHLY = 500_000, 50_000_000
_PAPERS = r"\bsyarat|\bktp\b|do[ck]umen|\bpaper|persyaratan"
_APPROVAL = r"\bacc\b|di-?acc|disetujui|approve|\bbi checking|\bslik\b|kontrak|wiraswasta|gaji"
_APPLIES = r"\bajukan|\bajuin|\bpengajuan|\bdaftar|\bproses(?:in|kan)?\b|\bapply\b|\blanjut(?:kan|in)? kredit"
_ANY_THAT_FITS = r"\b(?:dapat|dapet|dpt|oleh|entuk)\b.{0,12}\b(?:apa|mobil|unit)|\bmobil apa|\byang masuk\b"
_MOST_DP = 0.8  # of the price; more is no credit any longer
_AT_MOST = r"\bmaks\w*|\bmax\b|\bmentok|\bpaling banyak|\bdi ?bawah"
_LEASING = r"leasing|\bbunga|\brate\b"


def answer(scene: Scene) -> Draft:
    cars = scene.focus.cars
    if scene.focus.remembered and scene.has(_ANY_THAT_FITS) and (fitting := _within_monthly(scene)):
        return fitting
    if cars is None:
        return _without_car(scene)
    if not cars:
        return nothing(scene)
    if len(cars) == 1 and cars[0].status is not CarStatus.AVAILABLE:
        return gone(scene, cars)
    if len(cars) == 1:
        return _one(scene, cars[0])
    return _many(scene, cars[:_MOST_CARS])


def _questions(scene: Scene) -> list[str]:
    """What can be said in general about papers, approval and lenders, when asked."""
    pairs = (
        (_PAPERS, texts_steps.CREDIT_PAPERS),
        (_APPROVAL, texts_steps.CREDIT_APPROVAL),
        (_LEASING, texts_steps.CREDIT_LEASING),
    )
    return [text for pattern, text in pairs if scene.has(pattern)]


def wanted(scene: Scene, price: int) -> tuple[int | None, int | None]:
    """Down payment and months the customer has in mind, now or earlier in the talk."""
    said, memory = scene.understanding.entities, scene.turn.memory
    dp = said.dp if said.dp is not None else memory.get("dp")
    percent = _PERCENT.search(scene.text)
    if percent and said.dp is None:
        dp = round(price * float(percent[1].replace(",", ".")) / 100)
    months = said.tenor_months or tenor_said(scene.turn.text) or memory.get("tenor")
    sound_months = isinstance(months, int) and credit.SHORTEST_MONTHS <= months <= credit.LONGEST_MONTHS
    return (dp if isinstance(dp, int) and dp > 0 else None), (months if sound_months else None)


def tenor_said(text: str) -> int | None:
    """Months of "5 tahun aja" or "36x"; for answers so short that no intent shows."""
    match = _TENOR.search(text.lower())
    if match is None:
        spelled = _SPELLED_YEARS.search(text.lower())
        return 12 * _YEARS[spelled[1]] if spelled else None
    return int(match[1]) * (12 if match[2].startswith("t") else 1)


def _remembered(scene: Scene) -> dict[str, object]:
    said = scene.understanding.entities
    kept: dict[str, object] = {"offer": None}
    if said.dp:
        kept["dp"] = said.dp
    if months := said.tenor_months or tenor_said(scene.turn.text):
        kept["tenor"] = months
    return kept


def _terms_said(scene: Scene) -> bool:
    said = scene.understanding.entities
    return bool(said.dp is not None or said.tenor_months or tenor_said(scene.turn.text))


def _asks_anew(scene: Scene, car: Car) -> bool:
    """Whether the figures are wanted: not when they were just given and only papers or approval are asked for."""
    return _terms_said(scene) or scene.turn.memory.get("simulated") != car.display_code


def _one(scene: Scene, car: Car) -> Draft:
    dp, _ = wanted(scene, car.price_idr)
    memory = {"car": car.display_code, **_remembered(scene)}
    told = facts(car)
    closing, asks = _next(scene, car)
    if dp is not None and dp >= car.price_idr:
        high = texts_steps.CREDIT_DP_HIGH.format(**told)
        head = f"{write.title(car)} {write.state(car)}."
        return Draft(replies=bubble(head, high), memory=memory, cars=(car,))
    if (monthly := _monthly(scene)) and dp is None and not _terms_said(scene):
        return _for_monthly(scene, car, monthly, Draft(replies=(), closing=closing, asks=asks, memory=memory))
    questions = _questions(scene)
    if scene.has(_APPLIES) and not _terms_said(scene):
        apply = texts_steps.CREDIT_APPLY.format(**told, person=handover.person(scene))
        closing, asks = name_question(scene)
        return Draft(replies=bubble(apply), closing=closing, asks=asks, memory=memory, cars=(car,))
    if questions and not _asks_anew(scene, car):
        return Draft(replies=bubble(*questions), closing=closing, asks=asks, memory=memory)
    return _simulated(scene, car, Draft(replies=(), closing=closing, asks=asks, memory=memory))


def _for_monthly(scene: Scene, car: Car, monthly: int, draft: Draft) -> Draft:
    """ "cicilan 3 jutaan bisa?": with which down payment the longest plan comes to it."""
    terms = credit.terms(scene.turn.showroom.settings)
    months = max(terms.tenors)
    dp = credit.dp_for(car.price_idr, terms, instalment=monthly, months=months)
    told = {**facts(car), "monthly": rupiah(monthly), "months": str(months)}
    draft = draft.remembering(simulated=car.display_code)
    if dp > car.price_idr * _MOST_DP:
        text = texts_steps.CREDIT_MONTHLY_LOW.format(**told)
        return replace(draft, replies=bubble(text), cars=(car,), amounts=frozenset({monthly}))
    plan = credit.simulate(car.price_idr, terms, dp=dp, months=months)
    lines = [
        texts_steps.CREDIT_HEAD.format(**facts(car)),
        texts_steps.CREDIT_MONTHLY.format(dp=rupiah(dp), instalment=rupiah(plan.plans[0].instalment), **told),
        texts_steps.CREDIT_HONEST,
    ]
    return replace(draft, replies=bubble(*lines), cars=(car,), amounts=plan.amounts | {monthly})


def _simulated(scene: Scene, car: Car, draft: Draft) -> Draft:
    dp, months = wanted(scene, car.price_idr)
    plan = credit.simulate(car.price_idr, credit.terms(scene.turn.showroom.settings), dp=dp, months=months)
    no_dp = scene.understanding.entities.dp == 0
    lines = [
        texts_steps.CREDIT_NO_DP.format(dp=rupiah(plan.dp)) if no_dp else "",
        texts_steps.CREDIT_HEAD.format(**facts(car)),
        texts_steps.CREDIT_DP.format(dp=rupiah(plan.dp), first=rupiah(plan.first_payment)),
        *(texts_steps.CREDIT_PLAN.format(months=str(p.months), instalment=rupiah(p.instalment)) for p in plan.plans),
        texts_steps.CREDIT_HONEST,
        *_questions(scene),
    ]
    draft = draft.remembering(simulated=car.display_code)
    return replace(draft, replies=bubble(*lines), cars=(car,), amounts=plan.amounts)


def _next(scene: Scene, car: Car) -> tuple[str, str | None]:
    """Other terms are offered first; whoever tried some is asked for the name."""
    tried = scene.turn.memory.get("simulated") == car.display_code
    closing, asks = name_question(scene) if tried else ("", None)
    return (closing, asks) if closing else (scene.say(texts_steps.CREDIT_NEXT), "credit")


def _many(scene: Scene, cars: tuple[Car, ...]) -> Draft:
    terms = credit.terms(scene.turn.showroom.settings)
    questions, seen = _questions(scene), listed(scene.turn.memory, scene.turn.stock)
    just_given = cars == seen[: len(cars)] and scene.turn.memory.get("last_intent") == Intent.CREDIT
    if questions and just_given and not _terms_said(scene):
        memory = {"pending": "credit", **_remembered(scene)}
        return Draft(replies=bubble(*questions), closing=scene.say(texts.CHOOSE), memory=memory)
    lines, sums = [texts_steps.CREDIT_HEAD_MANY], frozenset[int]()
    for number, car in enumerate(cars, 1):
        dp, months = wanted(scene, car.price_idr)
        dp = dp if dp is not None and dp < car.price_idr else None
        plan = credit.simulate(car.price_idr, terms, dp=dp, months=months or terms.tenors[-1])
        sums |= plan.amounts
        lines.append(_line(number, car, plan))
    lines += [texts_steps.CREDIT_HONEST, *questions]
    return _listed(scene, lines, cars, sums)


def _listed(scene: Scene, lines: list[str], cars: tuple[Car, ...], sums: frozenset[int]) -> Draft:
    memory = {"listed": [car.display_code for car in cars], "car": None, "pending": "credit", **_remembered(scene)}
    return Draft(replies=bubble(*lines), closing=scene.say(texts.CHOOSE), memory=memory, cars=cars, amounts=sums)


def _line(number: int, car: Car, plan: credit.Simulation) -> str:
    last = plan.plans[0]
    return texts_steps.CREDIT_LINE.format(
        number=str(number),
        title=write.title(car),
        price=rupiah(car.price_idr),
        dp=rupiah(plan.dp),
        months=str(last.months),
        instalment=rupiah(last.instalment),
    )


def _without_car(scene: Scene) -> Draft:
    fitting = _within_monthly(scene)
    if fitting is not None:
        return fitting
    questions = _questions(scene)
    if scene.understanding.entities.dp == 0:
        questions.insert(0, texts_steps.CREDIT_ZERO)
    said_dp = scene.understanding.entities.dp
    known_dp = said_dp or scene.turn.memory.get("dp")
    noted = texts_steps.CREDIT_DP_NOTED.format(dp=rupiah(said_dp)) if said_dp else scene.say(texts_steps.CREDIT_YES)
    opener = [] if questions else [noted]
    ask = texts_steps.CREDIT_WHICH_CAR if known_dp else texts_steps.CREDIT_WHICH
    memory = {"pending": "credit", **_remembered(scene)}
    sums = frozenset({said_dp}) if said_dp else frozenset[int]()
    return Draft(replies=bubble(*opener, *questions), closing=ask, memory=memory, amounts=sums)


def _within_monthly(scene: Scene) -> Draft | None:
    """Cars for "dp 20 cicilan 3 jutaan": those whose longest plan comes near the sum a month."""
    monthly = _monthly(scene)
    plans = _plans(scene) if monthly else []
    if not plans:
        return None
    near = 1.0 if scene.has(_AT_MOST) else _NEAR_ENOUGH
    fitting = [pair for pair in plans if pair[1].plans[0].instalment <= monthly * near]
    shown = (fitting or plans[-1:])[:_MOST_CARS]
    head = texts_steps.CREDIT_FITTING if fitting else texts_steps.CREDIT_NONE_FITS
    lines = [head.format(dp=rupiah(shown[0][1].dp), monthly=rupiah(monthly))]
    lines += [_line(number, car, plan) for number, (car, plan) in enumerate(shown, 1)]
    lines.append(texts_steps.CREDIT_HONEST)
    told = frozenset[int]().union(*(plan.amounts for _, plan in shown)) | {monthly}
    return _listed(scene, lines, tuple(car for car, _ in shown), told)


def _monthly(scene: Scene) -> int:
    """The instalment the customer has in mind; 0 when none is named."""
    match = _MONTHLY.search(scene.text)
    sums = [found.value for found in amounts(match[1])] if match else []
    return next((value for value in sums if _LEAST_MONTHLY <= value < _MOST_MONTHLY), 0)


def _plans(scene: Scene) -> list[tuple[Car, credit.Simulation]]:
    """Every available car with its longest plan, the dearest first."""
    terms = credit.terms(scene.turn.showroom.settings)
    plans = []
    for car in sorted(scene.turn.stock.available, key=lambda car: -car.price_idr):
        dp, months = wanted(scene, car.price_idr)
        if dp is None or dp < car.price_idr:
            plans.append((car, credit.simulate(car.price_idr, terms, dp=dp, months=months or max(terms.tenors))))
    return plans
