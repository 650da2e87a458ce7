"""How a car and a wish are named in pages and in the messages that customers send from them."""

from autoleads.formats import kilometers, rupiah, whatsapp_link
from autoleads.sql.catalogue import Profile, Shown

_INTEREST = "Halo, saya tertarik dengan {title} kode {code} seharga {price}"
_WHEN_FREE = "Halo, saya tertarik dengan {title} kode {code}. Tolong kabari saya kalau bookingnya batal."
_SIMILAR = "Halo, saya mencari mobil seperti {title} kode {code} yang sudah terjual. Ada yang serupa?"
_ASK = "Halo {showroom}, saya mau tanya soal mobil."
_WISH = "Halo {showroom}, saya mencari {wish}. Apakah ada?"


def common(car: Shown) -> str:
    """`Avanza` of `Avanza 2020 Hitam #A01`."""
    return car.public_name.partition(f" {car.year}")[0]


def full_name(car: Shown) -> str:
    """`Toyota Avanza`; a name that has its brand already, such as `Mazda 2`, stays."""
    name = common(car)
    return name if name.lower().startswith(car.brand.lower()) else f"{car.brand} {name}"


def title(car: Shown) -> str:
    """`Toyota Avanza 2020`."""
    return f"{full_name(car)} {car.year}"


def facts(car: Shown) -> dict[str, str]:
    """As pages say them, by name; "" for what is not known."""
    return {
        "title": title(car),
        "slug": car.slug,
        "code": car.display_code,
        "brand": car.brand,
        "model": car.model,
        "year": str(car.year),
        "color": car.color,
        "transmission": car.transmission,
        "km": kilometers(car.km),
        "fuel": car.fuel or "",
        "price": rupiah(car.price_idr),
        "price_idr": str(car.price_idr),
        "notes": car.condition_notes,
        "photos": str(len(car.photos)),
    }


def whatsapp(profile: Profile, text: str) -> str | None:
    """A link that opens the chat with this text written; None for a showroom without a number."""
    return whatsapp_link(profile.whatsapp, text) if profile.whatsapp else None


def interest(car: Shown) -> str:
    return _INTEREST.format(title=title(car), code=car.display_code, price=rupiah(car.price_idr))


def when_free(car: Shown) -> str:
    return _WHEN_FREE.format(title=title(car), code=car.display_code)


def similar(car: Shown) -> str:
    return _SIMILAR.format(title=title(car), code=car.display_code)


def question(profile: Profile) -> str:
    return _ASK.format(showroom=profile.name)


def wish(profile: Profile, what: str) -> str:
    return _WISH.format(showroom=profile.name, wish=what)
