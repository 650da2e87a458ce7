# ruff: noqa: E501 -- a pattern stays on one line
"""What a bot must never say on its own: promises, payment details, claims about condition, talk about itself."""

import re
from collections.abc import Iterator

_SENTENCE = re.compile(r"(?<=[.!?\n])\s+|\n")
# A sentence that sends the question on to a person, or asks it, claims nothing.
_DEFERS = re.compile(
    r"\b(?:sales|tim kami|tanyakan|ditanyakan|konfirmasi\w*|pastikan|dipastikan|jelaskan|dijelaskan|bantu cek|dicek|cek langsung|"
    r"belum (?:tercatat|ada (?:data|info)|tahu)|tergantung|team|check)\b"
)
_ASKS = re.compile(r"\?\s*\W*$")

_NEVER: tuple[tuple[str, str], ...] = (
    ("account", r"\brekening\w*|\bno\.?\s?rek\b|\bnorek\b|\bvirtual account\b|\bqris\b|\bgo-?pay\b|\bovo\b|\bshopee-?pay\b|\blink ?aja\b"),
    ("account", r"\b(?:transfer|tf|trf|setor|kirim(?:kan)? (?:uang|dana|dp))\b"),
    ("account", r"\b(?:ke|via|lewat|bank)\s+(?:bank\s+)?(?:bca|bri|bni|bsi|mandiri|cimb|permata|danamon|jago|seabank|dana)\b"),
    ("account", r"\ba\.?/?n\.?\s+[a-z]+\s+(?:bca|bri|bni|bank)|\bbank account\b|\bwire\b|\b(?:bayar|lunasi|dp)\w* (?:sekarang|dulu) (?:ke|lewat)"),
    ("promise", r"\b(?:saya|kami|kita|aku|tak|gue|bakal|akan|sudah|langsung|biar|nanti)\s+(?:\w+\s+){0,2}"
                r"(?:keep(?:in|kan)?|simpan(?:kan|in)?|simpen(?: ?(?:in|no))?|amankan|amanin|tahan(?:kan|in)?|hold|reserve|pisahkan|kunci(?:kan)?)\b"
                r"(?!\s*(?:nomor|kontak|chat|data|no\b|catatan))"),
    ("promise", r"\b(?:di|ter|me|mem)?(?:keep|booking|boking|book)(?:kan|in|ed)\b(?!\s*(?:jadwal|test|waktu|kunjungan))"),
    ("promise", r"\b(?:unit|mobil)(?:nya)?\s+(?:\w+\s+){0,3}(?:di-?keep|di-?simpan(?:kan)?|di-?tahan|di-?amankan|di-?hold|di-?reserve)\b"),
    ("promise", r"\b(?:keep|hold|reserve|reserved|book)\s+(?:it|the|this|that|your|unit|mobil)\b"),
    ("promise", r"\b(?:pasti|dijamin|jamin(?:an)?|garansi|guaranteed?|sure to|certainly)\s+(?:\w+\s+){0,3}"
                r"(?:setuju\w*|disetujui|acc|di-?acc|approve\w*|lolos|cair|lulus|untung|murah|termurah|dapat|dapet|terbaik|aman|mulus|kembali|ready|ada)\b"),
    ("promise", r"\b(?:langsung|otomatis|auto|pasti|dijamin|100\s?%)\s+(?:di-?)?(?:acc|approve\w*|setuju\w*|disetujui|lolos|cair)\b"),
    ("promise", r"\btanpa (?:bi checking|slik|survey|survei|syarat|bunga|dp|uang muka|jaminan)\b|\bbunga (?:0|nol)\b|\bdp (?:0|nol)\b"),
    ("promise", r"\bdijamin\b|\bguaranteed?\b|\bjaminan\b|\bmoney back\b|\buang kembali\b|\brefund\b|\bbuy ?back\b"),
    ("promise", r"\bgaransi\w*\s+(?:mesin|transmisi|uang|seumur|penuh|resmi|kembali|full|\d+|satu|dua|tiga|lima|setahun|sebulan)\b"),
    ("promise", r"\b(?:saya|kami|kita|bos|aku)\s+(?:\w+\s+){0,2}(?:turunin|turunkan|kasih (?:harga|diskon|potongan)|potongin|kurangin|kurangi|diskonin)\b"),
    ("promise", r"\b(?:deal|sepakat)\b(?! (?:atau|nggak|gak|ga)\b)(?!\s*\?)|\b(?:saya|kami|bos) setuju\b"),
    ("promise", r"\b(?:setengah|separuh|sepertiga|seperempat) (?:dari )?harga\b|\bhalf (?:the )?price\b"),
    ("amount", r"\b(?:ceban|goceng|gocap|gopek|cepek|noceng|nopek|cetiao)\b"),
    ("leak", r"\bsystem prompt\b|\binstruksi (?:saya|sistem|awal)\b|\bplaceholder\b|\blanguage model\b|\bmodel bahasa\b|\b(?:gemini|chatgpt|openai|gpt)\b"),
    ("leak", r"\bignore (?:all|previous)\b|\bdeveloper mode\b|\bmode (?:admin|developer|pengembang)\b|\bpassword\b|\bapi key\b|\btoken\b|\bdatabase\b"),
    ("showroom", r"\b(?:olx|carsome|mobil123|carmudi|caroline|moladin|carro|garasi\.id|seva|auto2000|tokopedia|shopee|facebook marketplace)\b"),
    ("showroom", r"\b(?:showroom|dealer|diler)\s+(?:sebelah|lain|tetangga|kompetitor|mobilindo|jaya|makmur|sejahtera|maju|auto|motor|berkah|abadi|prima|sentosa|mulia|surya|sinar|sumber|anugerah)\b"),
    ("showroom", r"\b(?!showroom\b)[a-z]+\s+(?:mobilindo|motors|autocar|automobil)\b"),
)  # fmt: skip
_UNLESS_DEFERRED: tuple[tuple[str, str], ...] = (
    ("promise", r"\bdiskon\w*|\bpotongan\b|\bcash ?back\b|\bgratis\b|\bfree\b|\bbonus\w*|\bpromo\w*|\bhadiah\b|\bvoucher\b|\bsubsidi\b|\bdiscount\w*|\bdoorprize\b"),
    ("promise", r"\bgaransi\w*|\bbergaransi\b|\bwarranty\b"),
    ("promise", r"\b(?:di|ter)?booking\b(?!\s*(?:jadwal|test|waktu|kunjungan))|\btanda jadi\b|\bkeep\b"),
    ("promise", r"\bpasti (?:bisa|boleh|dikasih|turun)\b|\bharga (?:bisa )?(?:turun|kurang)\b"),
    ("claim", r"\bbebas (?:banjir|tabrak\w*|laka|kecelakaan|masalah)\b|\b(?:tidak|bukan|gak|ga|nggak|belum)\s+(?:pernah|bekas)?\s*(?:ke)?(?:banjir|tabrak\w*|laka)\b"),
    ("claim", r"\bex banjir\b|\bbekas (?:banjir|tabrak\w*|taksi|rental)\b|\bflood[- ]?free\b|\baccident[- ]?free\b|\bno accident"),
    ("claim", r"\btangan (?:pertama|kedua|ke-?\s?\d|1|2)\b|\bfirst hand\b|\bfirst owner\b|\bpemilik pertama\b"),
    ("claim", r"\b(?:km|kilometer)(?:nya)? (?:asli|ori|original|rendah sekali)\b|\bpajak(?:nya)? (?:\w+ )?(?:hidup|panjang|mati|on|baru)\b"),
    ("claim", r"\bserv[iy](?:s|ce) (?:rutin|resmi|record)\b|\b(?:full )?(?:original|orisinil)\b|\bbengkel resmi\b"),
    ("claim", r"\b(?:bpkb|stnk|surat(?:-surat)?|dokumen)(?:nya)? (?:\w+ )?(?:lengkap|aman|ready|ada|asli)\b"),
    ("claim", r"\b(?:unit|stok)(?:nya)? (?:terakhir|tinggal)\b|\btinggal (?:satu|dua|1|2|se)\b|\bbanyak (?:peminat|yang (?:minat|nawar|tanya))\b"),
    ("claim", r"\bseperti baru\b|\bmulus\b|\blike new\b|\b(?:mesin|kondisi)(?:nya)? (?:\w+ )?(?:istimewa|sempurna|prima|100)\b|\bperfect condition\b"),
    ("claim", r"\btermurah\b|\bpaling murah (?:se-?\w+|di (?:kota|surabaya|indonesia|jawa|pasaran|dunia))\b|\bharga terbaik\b|\bbest price\b"),
)  # fmt: skip
_NEVER_PATTERNS = tuple((rule, re.compile(pattern)) for rule, pattern in _NEVER)
_DEFERRABLE = tuple((rule, re.compile(pattern)) for rule, pattern in _UNLESS_DEFERRED)


def claims(seen: str) -> Iterator[tuple[str, str]]:
    """(rule, snippet) of each. `seen` is a skeleton from which the rows' own words are already taken out."""
    for rule, pattern in _NEVER_PATTERNS:
        if match := pattern.search(seen):
            yield rule, match[0].strip()
    for sentence in _SENTENCE.split(seen):
        if _DEFERS.search(sentence) or _ASKS.search(sentence):
            continue
        for rule, pattern in _DEFERRABLE:
            if match := pattern.search(sentence):
                yield rule, match[0].strip()
