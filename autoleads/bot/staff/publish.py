"""The uploaded car gets its names and enters the stock."""

from dataclasses import replace

from autoleads import naming
from autoleads.bot import texts_upload as texts
from autoleads.bot.staff import album, joining, recording
from autoleads.bot.staff.base import Done, Errand
from autoleads.bot.staff.draft import Draft, show
from autoleads.sql import cars
from autoleads.sql.cars import Named, NewCar
from autoleads.types import BranchId, CarStatus, Transmission

_STOCK, _TEMPORARY = "stock", "temp"  # series of numbers, as in bot/inventory.py


async def named(errand: Errand, draft: Draft) -> Draft:
    """With the codes that the owner is shown. They stay this car's, whatever becomes of it: nobody else gets them."""
    letter = naming.display_letter(draft.said["model"], draft.said.get("brand", ""))
    wanted = {}
    if draft.display_code[1:2] != letter:
        wanted[letter] = 1
    if not draft.stock_code:
        wanted[_STOCK] = 1
    if "plate" not in draft.said and not draft.temporary:
        wanted[_TEMPORARY] = 1
    given = await cars.next_numbers(errand.db, errand.tenant_id, wanted) if wanted else {}
    if letter in given:
        draft = replace(draft, display_code=naming.display_code(letter, given[letter]))
    if _STOCK in given:
        draft = replace(draft, stock_code=f"STK-{given[_STOCK]:03d}")
    if _TEMPORARY in given:
        draft = replace(draft, temporary=f"TEMP-{given[_TEMPORARY]:03d}")
    return draft


def _names(draft: Draft) -> Named:
    said = draft.said
    common = naming.common_name(said["model"], said.get("brand", ""))
    color, code = naming.basic_color(said["color"]), draft.display_code
    return Named(
        display_code=code,
        stock_code=draft.stock_code,
        public_name=naming.public_name(common, said["year"], color, code),
        slug=naming.slug(common, said["year"], color, code),
    )


def link(errand: Errand, draft: Draft) -> str:
    return f"{errand.turn.showroom.site_url}/{_names(draft).slug}"


def branch_of(errand: Errand, draft: Draft) -> BranchId | None:
    """The owner's word, else the owner's own branch, else the only one there is."""
    if draft.branch_id is not None:
        return BranchId(draft.branch_id)
    places = errand.turn.showroom.branches
    return errand.user.branch_id or (places[0].id if len(places) == 1 else None)


def shown(draft: Draft) -> dict[str, str]:
    """The values of the texts that show the whole car."""
    said = draft.said
    return {
        "car": draft.car,
        "price": show("price", said),
        "km": show("km", said),
        "transmission": str(said["transmission"]),
        "color": str(said["color"]),
        "fuel": texts.FUEL.format(fuel=said["fuel"]) if "fuel" in said else "",
        "plate": draft.plate,
        "code": draft.display_code,
    }


def accepted(draft: Draft) -> str:
    return texts.DATA.format(**shown(draft), stock=draft.stock_code)


async def store(errand: Errand, draft: Draft, status: CarStatus) -> Done | None:
    """The whole draft as a car; None when somebody else has just stored one with this plate. It has the photos
    whose files are all there; the others join it."""
    photos = await album.gather(errand.db, errand.tenant_id, draft.photos)
    names, said = _names(draft), draft.said
    car = NewCar(
        brand=said.get("brand", ""),
        model=said["model"],
        year=said["year"],
        color=said["color"],
        transmission=Transmission(said["transmission"]),
        km=said["km"],
        price_idr=said["price"],
        plate_number=draft.plate,
        plate_clean=draft.ref,
        fuel=said.get("fuel"),
        features=draft.features or (),
        condition_notes=draft.notes or "",
        status=status,
        branch_id=branch_of(errand, draft),
        photos=photos.photos,
    )
    car_id = (await cars.add(errand.db, errand.tenant_id, [(car, names)])).get(names.display_code)
    if car_id is None:
        return None
    await recording.stored(errand.db, errand.tenant_id, car_id, by=errand.author)
    told = len(draft.photos) if await album.heard(errand) else draft.told
    if not photos.complete:
        await joining.finish(errand, car_id, names.display_code, draft.photos, photos)
    count = photos.usable
    lines = [texts.WITH_PHOTOS.format(count=count) if count else texts.WITHOUT_PHOTOS.format(ref=draft.ref)]
    text = texts.PUBLISHED if status is CarStatus.AVAILABLE else texts.DRAFTED
    return Done(
        text=text.format(
            code=names.display_code,
            plate=draft.plate,
            ref=draft.ref,
            link=link(errand, draft),
            photos="\n".join([*lines, *photos.news(told=told).splitlines()]),
            minutes=round(errand.undo_within_s / 60),
        ),
        uploaded=car_id,
    )
