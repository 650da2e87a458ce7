"""The checks of pages find what is planted into a page that has no mistake."""

import json
from typing import Any

import pytest

from tests.web_checks import accessibility_problems, html_problems, structured_data_problems

CAR: dict[str, Any] = {
    "@type": ["Car", "Product"],
    "@id": "https://maju.example/avanza#car",
    "name": "Avanza 2020 Hitam",
    "image": ["https://maju.example/uploads/a-1280.jpg"],
    "brand": {"@type": "Brand", "name": "Toyota"},
    "vehicleModelDate": "2020",
    "vehicleTransmission": "Manual",
    "itemCondition": "https://schema.org/UsedCondition",
    "mileageFromOdometer": {"@type": "QuantitativeValue", "value": 45000, "unitCode": "KMT"},
    "offers": {
        "@type": "Offer",
        "price": 185000000,
        "priceCurrency": "IDR",
        "availability": "https://schema.org/InStock",
        "url": "https://maju.example/avanza",
        "seller": {"@id": "https://maju.example/#dealer"},
    },
}
DEALER: dict[str, Any] = {
    "@type": "AutoDealer",
    "@id": "https://maju.example/#dealer",
    "name": "Maju Mobil",
    "telephone": "+62 31 1234567",
    "address": {"@type": "PostalAddress", "streetAddress": "Jl. Darmo 1", "addressCountry": "ID"},
    "openingHoursSpecification": [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": ["https://schema.org/Monday", "https://schema.org/Tuesday"],
            "opens": "09:00",
            "closes": "18:00",
        }
    ],
}
CRUMBS: dict[str, Any] = {
    "@type": "BreadcrumbList",
    "itemListElement": [
        {"@type": "ListItem", "position": 1, "name": "Beranda", "item": "https://maju.example/"},
        {"@type": "ListItem", "position": 2, "name": "Avanza 2020"},
    ],
}
PAGE_2: dict[str, Any] = {
    "@type": "ItemList",
    "numberOfItems": 14,
    "itemListElement": [
        {"@type": "ListItem", "position": 13, "url": "https://maju.example/avanza"},
        {"@type": "ListItem", "position": 14, "url": "https://maju.example/brio"},
    ],
}
PAGE = """<!doctype html>
<html lang="id">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Avanza 2020</title>
<link rel="canonical" href="https://maju.example/avanza">
<style nonce="abc">a, button { color: #0b3d2e; padding: 16px; display: inline-block }</style>
<script type="application/ld+json">DATA</script>
<script src="/static/site.js" defer></script>
</head>
<body>
<header><nav aria-label="Utama">
<ul><li><a href="/">Beranda</a></li><li><a href="#foto">Foto</a></li></ul>
</nav></header>
<main id="isi">
<h1>Avanza 2020 <small>Hitam</small></h1>
<div id="foto"><picture>
<source type="image/avif" srcset="/a-320.avif 320w, /a-640.avif 640w" sizes="(min-width: 768px) 50vw, 100vw">
<img src="/a-640.jpg" alt="Avanza hitam dari depan" width="640" height="480" fetchpriority="high">
</picture></div>
<p>Siap pakai.</p>
<dl><div><dt>Tahun</dt><dd>2020</dd></div></dl>
<form action="/mobil"><p><label for="merek">Merek</label>
<select id="merek" name="brand"><option value="">Semua</option><option>Toyota</option></select></p>
<button>Cari</button></form>
</main>
<footer><p>Maju Mobil</p></footer>
</body>
</html>
"""


def page(*items: dict[str, Any], context: str = "https://schema.org") -> str:
    return PAGE.replace("DATA", json.dumps({"@context": context, "@graph": items or [CAR, DEALER, CRUMBS, PAGE_2]}))


def test_a_good_page_has_no_problem():
    text = page()

    assert html_problems(text) == []
    assert structured_data_problems(text) == []


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("<!doctype html>", "", "doctype"),
        (' lang="id"', "", "no lang"),
        ("<title>Avanza 2020</title>", "", "not one title"),
        ('<meta charset="utf-8">', "", "charset"),
        ("</p>\n<dl>", "\n</i><dl>", "end-tag"),
        ("<p>Siap pakai.</p>", "<p>Siap <div>pakai</div>.</p>", "end-tag"),
        ("<p>Siap pakai.</p>", "<p>Siap & pakai &copy</p>", "entity"),
        ("<p>Siap pakai.</p>", "<center>Siap</center>", "no such element"),
        ("<p>Siap pakai.</p>", "<span><div>Siap</div></span>", "a block inside"),
        ("<p>Siap pakai.</p>", '<a href="/"><button>Siap</button></a>', "a control inside of <a>"),
        ("<p>Siap pakai.</p>", '<p id="isi">Siap pakai.</p>', "id 'isi' is given 2 times"),
        ("<p>Siap pakai.</p>", '<p id="a b">Siap pakai.</p>', "has a space"),
        ("<p>Siap pakai.</p>", '<p clas="x">Siap pakai.</p>', "no such attribute clas"),
        ("<p>Siap pakai.</p>", '<p aria-labeledby="isi">Siap pakai.</p>', "no such attribute aria-labeledby"),
        ("<p>Siap pakai.</p>", '<p role="tombol">Siap pakai.</p>', "no such role"),
        ("<p>Siap pakai.</p>", '<div aria-label="Harga">Siap pakai.</div>', "aria-label without a role"),
        ("<p>Siap pakai.</p>", '<p style="color:red">Siap pakai.</p>', "style attribute"),
        ("<p>Siap pakai.</p>", '<p onclick="x()">Siap pakai.</p>', "script attribute onclick"),
        ("<p>Siap pakai.</p>", "<script>x()</script>", "script in the page"),
        ("<p>Siap pakai.</p>", "<li>Siap pakai.</li>", "wrong element"),
        ("<p>Siap pakai.</p>", '<a href="/"></a>', "nothing to read"),
        ("<ul><li>", "<ul><p>x</p><li>", "wrong element"),
        ('for="merek"', 'for="merk"', "for names 'merk'"),
        ('href="#foto"', 'href="#photo"', "leads to nothing"),
        ('href="/"', 'href="/mobil?q=a b"', "characters that addresses do not have"),
        ('href="/"', 'href=""', "href is empty"),
        (' sizes="(min-width: 768px) 50vw, 100vw"', "", "without sizes"),
        ("/a-640.avif 640w", "/a-640.avif 320w", "a width twice"),
        ("/a-640.avif 640w", "/a-640.avif 640 w", "cannot be read"),
        (' alt="Avanza hitam dari depan"', "", "no alt"),
        (' height="480"', "", "no height"),
        ('width="640"', 'width="640px"', "no whole number"),
        ('fetchpriority="high"', 'fetchpriority="hight"', "is none of"),
        ('fetchpriority="high"', 'fetchpriority="high" fetchpriority="low"', "duplicate-attribute"),
        ("<main id", "<div id", "not one <main>"),
    ],
)
def test_a_mistake_in_the_html_is_found(old, new, found):
    text = page()
    assert old in text

    problems = html_problems(text.replace(old, new, 1))

    assert any(found in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("item", "path", "value", "found"),
    [
        (CAR, "@type", "Automobile", "no type Automobile"),
        (CAR, "milage", 1, "no property milage"),
        (CAR, "openingHours", "Mo 09:00-18:00", "is not for this type"),
        (CAR, "name", "", "is no Text"),
        (CAR, "name", None, "Product needs name"),
        (CAR, "brand", "Toyota", "is no Brand or Organization"),
        (CAR, "brand.@type", "Offer", "Offer is no Brand"),
        (CAR, "image", ["/uploads/a.jpg"], "no absolute web address"),
        (CAR, "vehicleModelDate", "tahun 2020", "is no Date"),
        (CAR, "itemCondition", "https://schema.org/Used", "is no OfferItemCondition"),
        (CAR, "itemCondition", {"@id": "https://schema.org/Used"}, "is no OfferItemCondition"),
        (CAR, "mileageFromOdometer", 45000, "is no QuantitativeValue"),
        (CAR, "mileageFromOdometer.value", [], "QuantitativeValue needs value"),
        (CAR, "offers.availability", "InStock", "is no ItemAvailability"),
        (CAR, "offers.price", "Rp 185.000.000", "no plain number"),
        (CAR, "offers.priceCurrency", "Rp", "no ISO 4217"),
        (CAR, "offers.url", "https://maju.example/mobil bekas", "no absolute web address"),
        (CAR, "offers.seller", {"@id": "https://maju.example/avanza#car"}, "Car+Product is no Organization"),
        (DEALER, "map", "https://maps.example/x", "superseded by hasMap"),
        (DEALER, "address.addressCountry", "Indonesia", "no ISO 3166"),
        (DEALER, "openingHoursSpecification", [{"@type": "OpeningHoursSpecification", "opens": "9"}], "is no Time"),
        (CRUMBS, "itemListElement", CRUMBS["itemListElement"][::-1], "positions are [2, 1]"),
        (CRUMBS, "itemListElement", [{"@type": "ListItem", "position": 1}], "step 1 has no name"),
        (PAGE_2, "itemListElement", PAGE_2["itemListElement"][::-1], "positions are [14, 13]"),
        (PAGE_2, "numberOfItems", 13, "positions are [13, 14]"),
        (PAGE_2, "numberOfItems", 2, "positions are [13, 14]"),
        (PAGE_2, "itemListElement", [], "ItemList needs itemListElement"),
    ],
)
def test_a_mistake_in_the_structured_data_is_found(item, path, value, found):
    changed = json.loads(json.dumps(item))
    inner, names = changed, path.split(".")
    for name in names[:-1]:
        inner = inner[name]
    inner[names[-1]] = value

    problems = structured_data_problems(page(CAR, changed))

    assert any(found in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (PAGE.replace("DATA", "{"), "no JSON"),
        (page(context="https://schema.invalid"), "@context"),
        ("<!doctype html><title>x</title>", "no structured data"),
    ],
)
def test_structured_data_that_cannot_be_read_is_a_problem(text, found):
    problems = structured_data_problems(text)

    assert any(found in problem for problem in problems), problems


async def test_accessibility_mistakes_are_found_and_a_good_page_has_none(browser):
    mistakes = {
        ' alt="Avanza hitam dari depan"': ("", "image-alt"),
        ' for="merek"': ("", "select-name"),
        "color: #0b3d2e": ("color: #ddd; background: #fff", "color-contrast"),
        "padding: 16px; display: inline-block": (
            "font-size: 8px; line-height: 8px; padding: 0; border: 0",
            "target-size",
        ),
    }
    tab = await browser.new_page()

    await tab.set_content(page())
    good = await accessibility_problems(tab)
    bad = {}
    for old, (new, rule) in mistakes.items():
        assert old in page()
        await tab.set_content(page().replace(old, new))
        bad[rule] = {problem.partition(":")[0] for problem in await accessibility_problems(tab)}
    await tab.close()

    assert good == []
    assert all(rule in found for rule, found in bad.items()), bad
