"""Location, hours and contact, from the showroom's and its branches' rows. Never a model call."""

import re

from autoleads import hours
from autoleads.bot import texts
from autoleads.bot.answers import cars as write
from autoleads.bot.answers import handover
from autoleads.bot.answers.base import Draft, Scene, bubble, canned
from autoleads.bot.answers.focus import plain
from autoleads.bot.answers.visits import branch_of, capital
from autoleads.bot.turn import Branch
from autoleads.bot.understanding import days
from autoleads.bot.understanding.base import Intent
from autoleads.formats import phone_display, rupiah
from autoleads.stock import Car

_ALSO_WHERE = r"\b(?:lokasi|alamat|shareloc|maps|where)\w*|\b(?:di ?mana|dmn|nang endi)\b"
_WHERE_ELSE = r"serv[iy]s\w* (?:rutin )?(?:di ?mana|dmn)"  # where it was serviced
_ALSO_WHEN = r"\bbuka\b|\bjam operasional\b"
_NOW = r"\bmasih buka|\bmsh buka|\bsekarang|\bskrg|\bskrng|\bsaiki|\bstill open|\bopen now|\bsudah tutup|\budah tutup"
_OF_A_UNIT = r"\bposisi|\bunit|cabang mana"


def named_branch(scene: Scene) -> Branch | None:
    """The branch whose name (without "cabang") or city the message carries."""
    said = plain(scene.text)
    for branch in scene.turn.showroom.branches:
        name = plain(branch.name.lower().replace("cabang", ""))
        if name and name in said:
            return branch
    return None


# -- where


def location(scene: Scene) -> Draft:
    car = scene.focus.one
    if car is not None and (scene.has(_OF_A_UNIT) or named_branch(scene) is None):
        return _of_car(scene, car)
    near = texts.LOCATION_NEAR if scene.has(r"\bdeket|\bdekat|\bjauh|\bjarak|\barah") else ""
    # Who is asked for a day answers with one.
    return canned(
        *_places(scene), near, closing=scene.say(texts.LOCATION_NEXT), asks="visit", memory={"offer": Intent.VISIT}
    )


def _of_car(scene: Scene, car: Car) -> Draft:
    """Where the car that is talked about stands; the other branches by name."""
    room, branch = scene.turn.showroom, branch_of(scene, car)
    own = ", ".join(p for p in (write.tidy(car.branch or ""), room.address) if p)
    place = _branch_place(branch) if branch else own
    told = {"title": write.title(car), "price": rupiah(car.price_idr), "state": write.state(car)}
    others = ", ".join(write.tidy(one.name) for one in room.branches if branch and one.id != branch.id)
    return Draft(
        replies=bubble(
            texts.LOCATION_CAR.format(place=place or room.name, **told),
            _maps(branch.maps_url if branch and branch.maps_url else room.maps_url),
            texts.LOCATION_OTHERS.format(names=others) if others and not scene.has(_OF_A_UNIT) else "",
        ),
        closing=scene.say(texts.NEXT_VISIT),
        asks="visit",
        memory={"car": car.display_code, "offer": Intent.VISIT},
        cars=(car,),
    )


def _places(scene: Scene) -> list[str]:
    room, branch = scene.turn.showroom, named_branch(scene)
    if branch is not None:
        return _place_lines(scene, branch.name, branch.address or room.address, branch.maps_url)
    if len(room.branches) > 1:
        lines = [texts.LOCATION_BRANCHES.format(count=str(len(room.branches)))]
        for one in room.branches:
            lines += [f"📍 {_branch_place(one)}", _maps(one.maps_url)]
        return lines
    only = room.branches[0] if room.branches else None
    address = room.address or (only.address if only else "")
    maps = room.maps_url or (only.maps_url if only else "")
    return _place_lines(scene, room.name, address, maps)


def _place_lines(scene: Scene, name: str, address: str, maps: str) -> list[str]:
    if not address:
        return [texts.LOCATION_UNKNOWN, _maps(maps)]
    return [scene.say(texts.LOCATION, name=write.tidy(name), address=address), _maps(maps)]


def _branch_place(branch: Branch) -> str:
    return ", ".join(part for part in (write.tidy(branch.name), branch.address) if part)


def _maps(url: str) -> str:
    return texts.LOCATION_MAPS.format(maps=url) if url else ""


def also_asked(scene: Scene, *, when: bool) -> list[str]:
    """Address and hours for a message whose main wish is another."""
    main, car = scene.understanding.intent, scene.focus.one
    lines: list[str] = []
    where = re.search(_ALSO_WHERE, re.sub(_WHERE_ELSE, " ", scene.text))
    if where and main not in (Intent.LOCATION, Intent.VISIT):
        branch = branch_of(scene, car) if named_branch(scene) is None else None
        lines = [f"📍 {_branch_place(branch)}", _maps(branch.maps_url)] if branch else _places(scene)
    if (when or scene.has(_ALSO_WHEN)) and main is not Intent.VISIT:
        lines += _hours_beside(scene, car)
    return [line for line in lines if line]


def _hours_beside(scene: Scene, car: Car | None) -> list[str]:
    branch = branch_of(scene, car) or named_branch(scene)
    if branch is None and len(set(_weeks(scene).values())) > 1:
        return _per_branch(scene)
    week = branch.hours if branch and branch.hours else scene.turn.showroom.hours
    state, zone = hours.state(week, scene.now), hours.zone_name(scene.turn.showroom.timezone)
    if state is None:
        return []
    day = days.day_asked(scene.text, scene.now)
    if day is None:
        return [texts.HOURS_ALSO.format(hours=", ".join(hours.week(week)))]
    if day == scene.now.date():
        return [_now_line(scene, state, zone)]
    return _day_lines(scene, week, capital(hours.day_said(day, scene.now)), day.weekday(), zone)


# -- when


def _weeks(scene: Scene) -> dict[str, str]:
    """The week of each branch, where there are several."""
    room = scene.turn.showroom
    if len(room.branches) < 2:
        return {}
    return {write.tidy(one.name): ", ".join(hours.week(one.hours or room.hours)) for one in room.branches}


def _per_branch(scene: Scene) -> list[str]:
    """Branches that do not keep the same hours are told one by one, for the day asked or the week."""
    room = scene.turn.showroom
    day = days.day_asked(scene.text, scene.now)
    if scene.has(_NOW) and day in (None, scene.now.date()):
        return [_branch_now(scene, one) for one in room.branches]
    if day is None:
        return [texts.HOURS_BRANCH.format(name=name, hours=told) for name, told in _weeks(scene).items() if told]
    today = day == scene.now.date()
    said = f"hari ini ({hours.DAY_NAMES[day.weekday()]})" if today else hours.day_said(day, scene.now)
    lines = [f"Jam buka {said}:"]
    for one in room.branches:
        span = hours.span(one.hours or room.hours, day.weekday())
        lines.append(texts.HOURS_BRANCH.format(name=write.tidy(one.name), hours=str(span or "tutup")))
    return lines


def _branch_now(scene: Scene, branch: Branch) -> str:
    state = hours.state(branch.hours or scene.turn.showroom.hours, scene.now)
    told = texts.HOURS_BRANCH_UNKNOWN
    if state and state.open and state.closes:
        told = texts.HOURS_BRANCH_OPEN.format(closes=f"{state.closes:%H.%M}")
    elif state and state.opens:
        told = texts.HOURS_BRANCH_CLOSED.format(opens=hours.opening_said(state.opens, scene.now))
    return texts.HOURS_BRANCH.format(name=write.tidy(branch.name), hours=told)


def opening(scene: Scene) -> Draft:
    room, branch = scene.turn.showroom, named_branch(scene) or branch_of(scene, scene.focus.one or scene.car_before)
    week = branch.hours if branch and branch.hours else room.hours
    name = write.tidy(branch.name if branch else room.name)
    state, zone = hours.state(week, scene.now), hours.zone_name(room.timezone)
    day, step = days.day_asked(scene.text, scene.now), texts.NEXT_VISIT_ANY
    if state is None:
        return canned(texts.HOURS_UNKNOWN, closing=scene.say(texts.NEXT_HELP))
    if scene.has(r"tanggal merah|tgl merah|libur|lebaran|natal|nyepi|imlek"):
        lines = [texts.HOURS_HOLIDAY, *hours.week(week)]
    elif branch is None and len(set(_weeks(scene).values())) > 1:
        head = "" if scene.has(_NOW) or day is not None else scene.say(texts.HOURS_WEEK, name=name)
        lines = [head, *_per_branch(scene)]
    elif day is None:
        lines = [scene.say(texts.HOURS_WEEK, name=name), *hours.week(week), _now_line(scene, state, zone)]
    elif day == scene.now.date():
        named = scene.has(rf"\b{hours.DAY_NAMES[day.weekday()].lower()}\b")
        lines = [_today_line(scene, week, zone) if named else "", _now_line(scene, state, zone)]
    else:
        step = texts.NEXT_VISIT_HOUR if hours.span(week, day.weekday()) else step
        lines = _day_lines(scene, week, capital(hours.day_said(day, scene.now)), day.weekday(), zone)
    lines = [line.rstrip() for line in lines]
    return canned(*lines, closing=scene.say(step), asks="visit", memory={"offer": Intent.VISIT})


def _now_line(scene: Scene, state: hours.State, zone: str) -> str:
    if state.open and state.closes:
        return scene.say(texts.HOURS_OPEN_NOW, closes=f"{state.closes:%H.%M}", zone=zone)
    opens = hours.opening_said(state.opens, scene.now) if state.opens else ""
    if state.opens and state.opens.date() == scene.now.date():
        return scene.say(texts.HOURS_NOT_YET, opens=f"Buka {opens}", zone=zone)
    return scene.say(texts.HOURS_CLOSED_NOW, opens=opens, zone=zone)


def _today_line(scene: Scene, week: hours.Hours, zone: str) -> str:
    """ "hari minggu buka?" on a Sunday asks for the day, not for the moment."""
    day, span = hours.DAY_NAMES[scene.now.weekday()], hours.span(week, scene.now.weekday())
    if span is None:
        return texts.HOURS_DAY_CLOSED.format(day=f"Hari ini ({day})")
    return texts.HOURS_TODAY.format(day=day, hours=str(span), zone=zone)


def _day_lines(scene: Scene, week: hours.Hours, day: str, weekday: int, zone: str) -> list[str]:
    span = hours.span(week, weekday)
    if span:
        return [texts.HOURS_DAY_OPEN.format(day=day, hours=str(span), zone=zone)]
    return [texts.HOURS_DAY_CLOSED.format(day=day), *hours.week(week)]


# -- how to reach


def contact(scene: Scene) -> Draft:
    room, branch = scene.turn.showroom, named_branch(scene)
    phone = branch.phone if branch and branch.phone else room.phone
    name = branch.name if branch else room.name
    lines = [
        texts.CONTACT_PHONE.format(phone=phone_display(phone)) if phone else "",
        # The number of this chat is only worth telling when there is no other.
        texts.CONTACT_WHATSAPP.format(phone=phone_display(room.whatsapp)) if room.whatsapp and not phone else "",
        texts.CONTACT_EMAIL.format(email=room.email) if room.email and scene.has(r"e-?mail") else "",
        texts.CONTACT_SITE.format(url=room.site_url) if room.site_url else "",
    ]
    social = texts.CONTACT_SOCIAL_UNKNOWN if scene.has(r"\big\b|insta|tiktok|facebook|\bfb\b|medsos") else ""
    if not any(lines):
        return canned(social, texts.CONTACT_UNKNOWN)
    head = texts.CONTACT.format(name=write.tidy(name))
    one = handover.helper(scene) if scene.turn.memory.get("helper_at") else None
    soon = texts.CONTACT_PERSON.format(person=write.tidy(one.name)) if one else ""
    return canned(social, head, *lines, soon, closing="" if soon else texts.CONTACT_HERE, memory={"offer": None})
