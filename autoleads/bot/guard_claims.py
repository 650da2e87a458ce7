# ruff: noqa: E501 -- a pattern stays on one line
"""What a bot must never say on its own: promises, payment details, claims about condition, talk about itself."""

import re
from collections.abc import Iterator

_SENTENCE = re.compile(r"(?<=[.!?\n])\s+|\n")
# A sentence that sends the question on to a person claims nothing, unless it says what that person will give.
_HANDS_ON = re.compile(
    r"\b(?:(?:di)?tanya\w*|(?:di)?konfirmasi\w*|pasti(?:kan|in)\w*|memastikan\w*|dipastikan|(?:men|di)?jelas(?:kan|in)|penjelasan|(?:mem|di)?bantu|"
    r"cek|dicek|mengecek|(?:mem|di)?periksa|(?:men|di)?jawab\w*|(?:meng|di)?hitung\w*|hitungan\w*|(?:di|me)?(?:n?aksir|taksir)|tunjuk\w*|menunjukkan|"
    r"(?:di)?bicara\w*|pembicaraan\w*|(?:di)?sampaikan|(?:di)?sambung\w*|(?:di)?hubung\w*|cocokkan|(?:di)?urus|mengurus|teruskan|proses\w*|tergantung|menyesuaikan|"
    r"tercatat|belum tahu|(?:tidak|belum) (?:bisa|berani|dapat|punya data)|confirm|check|explain|help|depends|tell)\b"
)
_PERSON = re.compile(
    r"\b(?:sales|tim|team|orangnya|leasing|mekanik|montir|langsung|saat|datang|nanti|tercatat|catatan|data|(?:tidak|belum) (?:bisa|tahu|berani)|tergantung|record)\b"
)
_GIVES = re.compile(
    r"\b(?:kasih|dikasih|(?:di)?beri|memberi(?:kan)?(?! (?:penjelasan|info|gambaran|saran))|dapat(?:kan)?(?! (?:mem|men|meng|me|di|ber)\w+| dilihat)|dapet\w*|"
    r"(?:di|men)?jamin|pasti|gratis|free|loloskan|lolos|simpan\w*|keep|hold|amankan|tahan|tanggung|ditanggung|setuju\w*|disetujui|acc|cair|dijamin|guarantee\w*|will give|gets?)\b"
)
_PARTS = re.compile(r",|\b(?:tapi|tetapi|namun|but)\b")
_OPENS = re.compile(
    r"\W*(?:\w+\W+){0,2}?(?:soal|untuk|utk|mengenai|masalah|tentang|perihal|terkait|about|for|regarding|as)\b"
)
_ASKS = re.compile(r"\?\s*\W*$")
# Ways to keep a car for somebody.
_HOLD = (
    r"(?:keep(?:in|kan)?|simpan(?:kan|in)?|simpen(?: ?(?:in|no))?|amankan|amanin|tahan(?:kan|in)?|hold|reserve|pisah(?:kan|in)|kunci(?:kan|in)?|"
    r"lock|tag|cup|pegang(?:in|kan)?|jaga(?:in|kan)?|sisih(?:kan|in)|sisa(?:kan|in)|tandai(?:n)?|tandain|sembunyi(?:kan|in)|umpetin|taruh|parkir(?:kan|in)|"
    r"prioritas(?:kan|in)|tunggu(?:in)|sediakan khusus|take ?down)"
)

_NEVER: tuple[tuple[str, str], ...] = (
    ("account", r"\brekening\w*|\bno\.?\s?rek\b|\bnorek\b|\bvirtual account\b|\bqris\b|\bgo-?pay\b|\bovo\b|\bshopee-?pay\b|\blink ?aja\b"),
    ("account", r"\b(?:transfer|tf|trf|setor|kirim(?:kan)? (?:uang|dana|dp))\b"),
    ("account", r"\b(?:ke|via|lewat|bank)\s+(?:bank\s+)?(?:bca|bri|bni|bsi|mandiri|cimb|permata|danamon|jago|seabank|dana)\b"),
    ("account", r"\ba\.?/?n\.?\s+[a-z]+\s+(?:bca|bri|bni|bank)|\bbank account\b|\bwire\b|\b(?:bayar|lunasi|dp)\w* (?:sekarang|dulu) (?:ke|lewat)"),
    ("promise", r"\b(?:saya|kami|kita|aku|tak|gue|bakal|akan|sudah|udah|langsung|biar|nanti)\s+(?:\w+\s+){0,2}(?:di-?)?" + _HOLD +
                r"\b(?!\s*(?:nomor|kontak|chat|data|no\b|catatan|posisi|jarak))"),
    ("promise", r"\b(?:di|ter|me|mem)?(?:keep|booking|boking|book)(?:kan|in|ed)\b(?!\s*(?:jadwal|test|waktu|kunjungan))"),
    ("promise", r"\b(?:unit|mobil)(?:nya)?\s+(?:\w+\s+){0,3}di-?" + _HOLD + r"\b"),
    ("promise", r"\b(?:tidak|tak|gak|nggak|ngga|ga|ndak) (?:akan )?(?:saya |kami |kita |di-?)?(?:kasih|berikan|jual|lepas|tawar|pindah)\w* (?:\w+ )?(?:ke|kepada|tangan)\b"),
    ("promise", r"\b(?:tidak|tak|gak|nggak|ngga|ga) (?:akan )?ke ?mana|\byang lain (?:saya|kami) (?:tolak|suruh)|\bprioritas (?:pembeli|untuk kak|buat kak)|\b(?:pembeli|pelanggan) prioritas\b|\btanda sold\b|\bdari (?:web|iklan|katalog) biar\b|\bnunggu(?:in)? kak|\bdikasih waktu\b"),
    ("promise", r"\blolos\b|\bcair\b|\borang dalam\b|\b(?:besar|pasti|tinggal|sudah|langsung|auto|otomatis) (?:di-?)?(?:setujui|acc|approve\w*)\b|\bpengajuan(?:nya)? (?:\w+ ){0,3}(?:oke|ok|diterima|aman|lancar|berhasil|goal|tembus)\b|\btembus\b"),
    ("promise", r"\b(?:kalau|kalo|jika|bila|misal|if)\s+(?:\w+\s+){0,4}(?:rusak|kerusakan|cocok|kecewa|bermasalah|mogok)\s+(?:\w+\s+){0,4}(?:ganti|diganti|kembali\w*|dikembalikan|retur|perbaiki|diperbaiki|tanggung\w*|ditukar|tukar|balikin|dibalikin)\b"),
    ("promise", r"\btanggung jawab (?:kami|saya|showroom)\b|\b(?:kami|saya) (?:yang )?(?:ganti|perbaiki)\b|\bretur\b|\b(?:bisa|boleh|dapat) dikembalikan\b|\bditukar kalau\b"),
    ("promise", r"\b(?:kami|saya|kita|aku|bos|showroom)\s+(?:\w+\s+)?(?:kasih|tambah(?:in|kan)|sertakan|belikan|pasang(?:kan|in)|bonusin|gratiskan|bonuskan|hadiahkan)\b(?! (?:tahu|tau|info\w*|kabar|gambaran|saran|contoh|pilihan|penjelasan))"),
    ("promise", r"\b(?:sudah|udah|harga\w*|semua) (?:\w+ )?termasuk\b|\binclude[ds]?\b|\ball[- ]?in\b|\b(?:dapat|dapet) (?:\w+ )?(?:emas|motor|sepeda|hp|iphone|umroh|dashcam|kaca film|karpet|tv|voucher|tambahan|helm|logam)\b"),
    ("promise", r"\bharga(?:nya)? (?:spesial|special|khusus|teman|temen|miring|coret|grosir|karyawan|member|sahabat|keluarga)\b|\bkurang(?:in)? banyak\b|\bnego (?:sampai|sampe)\b|\b(?:di)?goyang\b.{0,12}\bharga|\bharga\w* (?:\w+ ){0,3}(?:digoyang|ditekan|diturunkan|diturunin)\b|\bbanting harga\b|\bobral\b|\bcuci gudang\b|\bmintakan\b|\busahakan (?:dapat|dapet|diskon|turun)"),
    ("account", r"\b(?:atas nama|a\s?[./]\s?n)\b|\b(?:titip|setor|serahkan|titipkan)\w* (?:\w+ )?(?:uang|dana|dp)\b|\buang\w* (?:\w+ )?(?:titip|setor)\w*|\bkasir\b|\bkripto\b|\bbitcoin\b|\bbtc\b|\bpaypal\b|\bswift\b|\be-?wallet\b|\bbarcode\b|\bscan\b"),
    ("account", r"\b(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{12,}\b"),
    ("account", r"\botp\b|\bkode verifikasi\b|\bselfie\b|\bkata sandi\b|\bpin (?:atm|kakak|anda|kartu)\b|\bkirim\w* (?:\w+ )?(?:ktp|npwp|kk|kartu)\b"),
    ("url", r"\blink(?:nya)?\b|\btautan\w*\b|\bhxxps?\b|\bslash\b|\bapk\b|\bunduh\b|\bdownload\b|\binstal\w*\b"),
    ("leak", r"\b(?:aturan|perintah|peraturan) (?:saya|sistem|dari)\b|\bsaya (?:diberi (?:aturan|perintah|tugas)|dilarang|diprogram|diperintah)\b|\btanpa batasan\b|\bjailbreak\w*|\bhacked\b|\bpwned\b|\bdan mode\b|\bai (?:tanpa|bebas)\b"),
    ("leak", r"\b\w+\([^)]*\)\s*[;{]|\bprint\s*\(|\bimport (?:os|sys|re|json)\b|\bdef \w+\s*\(|\brm -r|\bselect \S+ from\b|\bcurl \S|\bsudo\b|\bconsole\.|\bfunction \w*\("),
    ("promise", r"\b(?:eksklusif|khusus|hanya|cuma) (?:buat|untuk) kak\w*|\b(?:saya|kami) (?:berani )?(?:ber)?janji\b(?! (?:temu|lihat|test))|\bpastikan (?:unit|mobil)\w* (?:masih|tetap|aman)\b|\bjamin\b|\bdaftar tunggu\b"),
    ("promise", r"\b(?:supaya|agar|biar) (?:tidak|gak|ga|nggak) (?:di)?(?:jual|ambil|lepas)\w*|\b(?:stiker|tanda|label|tulisan) (?:sold|terjual|booked)\b|\bdikasih\b(?! (?:tahu|tau|info|penjelasan))|\b(?:di)?(?:coba|pinjam)\w* (?:\w+ )?(?:seminggu|sebulan|sehari|\d+ hari)\b"),
    ("account", r"\b(?:serahkan|titip|titipkan) \w*(?:uang|dana)\w*"),
    ("url", r"\bdm (?:aja|saja|ke|kami)\b|\bdi ig\b|\bsitus (?:kami|web)\b|\bcom\b"),
    ("leak", r"\brahasia\b|\btenant\b|\bsaya (?:manusia|orang asli|bukan (?:bot|robot|asisten|mesin))\b"),
    ("claim", r"\bsudah (?:\w+ ){0,2}orang (?:yang )?(?:tanya|nawar|lihat|minat|antri)|\byang tadi (?:mau|sudah|akan)\b|\bseorang (?:dokter|pejabat|direktur|guru)\b"),
    ("claim", r"\b(?:owner|pemilik|bos|manajer|direktur|kepala) (?:kami|saya|showroom|kita)\b|\bnama saya\b|\bsaya (?:\w+, )?(?:manajer|owner|pemilik|bos|polisi|direktur)\b"),
    ("claim", r"\bburuan\b|\bkeburu\b|\bkehabisan\b|\b(?:pelanggan|customer|pembeli) (?:kemarin|tadi|sebelah)|\b(?:pak|bu|mas|mbak) \w+ (?:tadi|kemarin)\b|\bada yang (?:mau|sudah|akan) (?:ambil|dp|booking|nawar|bayar)"),
    ("claim", r"\b(?:showroom|kantor|cabang|alamat|lokasi)(?:nya)?(?: kami)?(?: juga)?(?: ada)? di (?!sini|situ|sana|maps|google|data|bawah|atas|chat|mana|kota|tengah|pusat|pinggir|dekat|belum)[a-z]+|\bcabang (?!kami|mana|yang|lain|terdekat|showroom|itu|ini|tersebut|kita|mobil|dan|atau)[a-z]+|\balamat(?:nya)? (?:kami )?(?:jalan|jl|di)\b"),
    ("promise", r"\breserved\b|\b(?:unit|mobil)\w*[ ,]+(?:\w+[ ,]+){0,2}milik kak|\b(?:keep|hold|reserve|book)\s+(?:it|the|this|that|your|unit|mobil)\b"),
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
    ("account", r"\brek\b|\bm-?banking\b|\bmobile banking\b"),
    ("promise", r"\b(?:saya|kami|sudah|telah|akan)\s+(?:\w+\s+){0,2}(?:tandai|pesankan|pesanin|parkirkan|siapkan khusus|reservasi\w*)\b"),
    ("promise", r"\b(?:tidak|gak|ga|nggak|takkan|ndak) (?:akan )?(?:di-?|kami )?(?:jual|lepas)\w* (?:ke|kepada|dulu)|\btidak akan (?:kami )?(?:di-?)?(?:jual|lepas)"),
    ("promise", r"\b(?:unit|mobil)(?:nya)? (?:sudah |jadi )?(?:milik|punya) (?:kakak|kak|anda)\b|\bkhusus (?:buat|untuk) kak(?:ak)?\b|\bsebagai pembelian\b"),
    ("promise", r"\bloloskan\b|\bterima semua (?:data|profil)\b|\bblacklist\b|\bselamat,? (?:kredit|pengajuan)"),
    ("promise", r"\b(?:kami|showroom|kita) (?:yang )?(?:tanggung|bayari|bayarin)\b|\bditanggung\b|\bcuma-cuma\b|\btidak ada biaya\b|\btanpa biaya\b|\buang(?:nya)? (?:bisa |akan )?(?:di-?)?kembali\w*"),
    ("leak", r"\b(?:pelanggan|customer|pembeli) (?:lain|sebelumnya)\b|\binstruksi\b|\babaikan\b|\bmengabaikan\b|\bmode \w+ (?:aktif|on)\b|\bprompt\b|\b(?:nik|nomor rangka|nomor mesin)\b"),
    ("url", r"\bbio (?:kami|ig)\b|\bfollow\b|\binstagram\b|\btik ?tok\b|\b(?:ig|facebook|fb|telegram) (?:kami|saya)\b|\blinktr\b"),
    ("plate", r"\bplat(?:nya)?\s+(?:nomor(?:nya)?\s+)?(?:huruf\s+)?[a-z]{1,2}\s"),
    ("claim", r"\b(?:di|ke) (?:jl|jln)\b|\bjl\.|\b(?:di|ke) jalan (?!tol|raya|rusak|menanjak|macet|kota|sempit|jauh|yang|berlubang|kampung|desa|pegunungan|kak|pak|bu|umum|dan|saat|itu|ini|juga|mana)[a-z]+|\bcabang (?:kami |lain )?(?:juga )?(?:ada )?di\b|\bpindah ke\b"),
    ("promise", r"\b(?:unit|mobil)(?:nya)? (?:sudah )?(?:jadi |menjadi )milik\b|\bapproved\b|\b(?:zero|no|0) (?:interest|down ?payment|dp)\b|\bpay (?:half|now|later|first)\b"),
    ("account", r"\b(?:our|my|this) account\b|\bsend (?:the |your )?(?:deposit|money|payment)\b"),
    ("claim", r"\b(?:last|only) (?:unit|one left)\b|\bhurry\b|\b(?:never|not) been in\b|\bno (?:flood|accidents?)\b|\b(?:stnk|bpkb|surat)\w* (?:\w+ )?(?:atas nama|a\.?/?n)\b"),
    ("leak", r"\bsystem prompt\b|\binstruksi (?:saya|sistem|awal)\b|\bplaceholder\b|\blanguage model\b|\bmodel bahasa\b|\b(?:gemini|chatgpt|openai|gpt)\b"),
    ("leak", r"\bignore (?:all|previous)\b|\bdeveloper mode\b|\bmode (?:admin|developer|pengembang)\b|\bpassword\b|\bapi key\b|\btoken\b|\bdatabase\b"),
    ("showroom", r"\b(?:olx|carsome|mobil123|carmudi|caroline|moladin|carro|garasi\.id|seva|auto2000|tokopedia|shopee|facebook marketplace)\b"),
    ("showroom", r"\b(?:showroom|dealer|diler)\s+(?:sebelah|lain|tetangga|kompetitor|mobilindo|jaya|makmur|sejahtera|maju|auto|motor|berkah|abadi|prima|sentosa|mulia|surya|sinar|sumber|anugerah)\b"),
    ("showroom", r"\b(?!showroom\b)[a-z]+\s+(?:mobilindo|motors|autocar|automobil)\b"),
)  # fmt: skip
# Discounts, holding, credit, payment: only by sending the customer to a person.
_UNLESS_DEFERRED: tuple[tuple[str, str], ...] = (
    ("promise", r"\bdiskon\w*|\bpotongan\b|\bcash ?back\b|\bgratis\b|(?<!feel )\bfree\b|\bbonus\w*|\bpromo\w*|\bhadiah\b(?! (?:untuk|buat|ulang|orang|istri|suami|anak|wisuda))|\bvoucher\b|\bsubsidi\b|\bdiscount\w*|\bdoorprize\b"),
    ("promise", r"\bgaransi\w*|\bbergaransi\b|\bwarranty\b|\bgaji\b"),
    ("promise", r"\b(?:di|ter)?booking\b(?!\s*(?:jadwal|test|waktu|kunjungan))|\btanda jadi\b|\bkeep\b"),
    ("promise", r"\bpasti (?:bisa|boleh|dikasih|turun|terima\w*)\b|\bharga (?:bisa )?(?:turun|kurang)\b"),
    ("promise", r"\bleasing\w*|\bkredit(?:nya)?\b|\bcicil\w*|\bdicicil\b|\bangsuran\w*|\bdp(?:nya)?\b|\buang muka\w*|\bbi checking\b|\bslik\b|\btenor\b|\bbunga\b|\bacc\b"),
    ("promise", r"\b(?:loan|credit|instal?lments?|down ?payment|interest rate|deposit|payment)\b"),
    ("account", r"\b(?:bayar|membayar|dibayar|pembayaran|pelunasan|lunasi)\w*\b"),
    ("claim", r"\b(?:masih|tetap|selalu|kami) buka\b|\bbuka (?:24|jam|setiap|tiap|hari|dari|sampai|pukul|terus)|\btutup (?:jam|pukul|hari)|\bhari \w+ (?:kami )?(?:buka|tutup)\b"),
    ("claim", r"\b(?:unit|stok)(?:nya)? (?:terakhir|tinggal)\b|\btinggal (?:satu|dua|1|2|se)\b|\bbanyak (?:peminat|yang (?:minat|nawar|tanya))\b"),
    ("claim", r"\btermurah\b|\bpaling murah (?:se-?\w+|di (?:kota|surabaya|indonesia|jawa|pasaran|dunia))\b|\bharga terbaik\b|\bbest price\b|\b(?:di bawah|harga) pasaran\b"),
)  # fmt: skip
# The past and the papers of a car: a person, or a question back.
_UNLESS_ASKED: tuple[tuple[str, str], ...] = (
    ("claim", r"\bbebas (?:banjir|tabrak\w*|laka|kecelakaan|masalah)\b|\b(?:tidak|bukan|gak|ga|nggak|belum)\s+(?:pernah|bekas)?\s*(?:ke)?(?:banjir|tabrak\w*|laka)\b"),
    ("claim", r"\bex banjir\b|\bbekas (?:banjir|tabrak\w*|taksi|rental)\b|\bflood[- ]?free\b|\baccident[- ]?free\b|\bno accident"),
    ("claim", r"\btangan (?:pertama|kedua|ke-?\s?\d|1|2)\b|\bfirst hand\b|\bfirst owner\b|\bpemilik pertama\b"),
    ("claim", r"\b(?:km|kilometer)(?:nya)? (?:asli|ori|original|rendah sekali)\b|\bpajak(?:nya)? (?:\w+ )?(?:hidup|panjang|mati|on|baru)\b"),
    ("claim", r"\bserv[iy](?:s|ce) (?:rutin|resmi|record)\b|\b(?:full )?(?:original|orisinil)\b|\bbengkel resmi\b"),
    ("claim", r"\b(?:bpkb|stnk|surat(?:-surat)?|dokumen)(?:nya)? (?:\w+ )?(?:lengkap|aman|ready|ada|asli)\b"),
    ("claim", r"\b(?:mesin|kaki-?kaki|transmisi|ac|rem|cat|bodi|body|jok|ban|kelistrikan|aki|oli)(?:nya)? (?:\w+ ){0,2}(?:halus|kering|sehat|senyap|dingin|ori\w*|kaleng|tebal|mulus|normal|sehat|prima|istimewa|kulit|josss?)\b"),
    ("claim", r"\b(?:ada|pakai|pake|punya|dilengkapi|sudah|udah|plus) (?:\w+ ){0,2}(?:sunroof|airbag\w*|jok kulit|head ?unit|kamera|sensor|cruise control|turbo|abs|keyless|panoramic)\b"),
    ("claim", r"\bmesin(?:nya)? \d|\bturbo\b|\bairbag\w* (?:\d|satu|dua|empat|enam|tujuh|delapan)|\bbulan gaji\b"),
    ("claim", r"\b(?:paling|ter)irit\b|\bjuara irit\b|\bbau toko\b|\bmobil simpanan\b|\bpajak(?:nya)? (?:panjang|aman)\b|\bstnk(?:-?nya)? (?:masih )?hidup\b|\bbelum pernah (?:di)?(?:buka|bongkar|turun)\b|\b(?:pemakai|pengguna) pertama\b|\bkebanjiran\b|\baman dari\b|\b(?:surat|dokumen)\S* (?:komplit|komplet)|\bbpkb di tangan\b|\bservis(?:nya)? (?:lengkap|terjaga|teratur)\b|\bcat(?:nya)? (?:masih )?ori"),
    ("claim", r"\bseperti baru\b|\bmulus\b|\blike new\b|\b(?:mesin|kondisi)(?:nya)? (?:\w+ )?(?:istimewa|sempurna|prima|100)\b|\bperfect condition\b"),
    ("claim", r"\b(?:dipakai|bekas|milik|punya) (?:direktur|dokter|pejabat|wanita|cewek|ibu-ibu|pensiunan|pribadi|artis)\b|\bjarang (?:dipakai|keluar|jalan)\b|\blulus (?:uji|inspeksi)\b|\binspeksi\b"),
    ("claim", r"\b(?:baru|sudah|habis) (?:di)?ganti\b|\bbaru ganti\b|\bganti (?:\w+ )?\d+ (?:bulan|minggu|hari) lalu\b"),
)  # fmt: skip


def _compiled(table: tuple[tuple[str, str], ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((rule, re.compile(pattern)) for rule, pattern in table)


_NEVER_PATTERNS, _DEFERRABLE, _ASKABLE = (
    _compiled(_NEVER),
    _compiled(_UNLESS_DEFERRED),
    _compiled(_UNLESS_ASKED),
)


def claims(seen: str) -> Iterator[tuple[str, str]]:
    """(rule, snippet) of each. `seen` is a skeleton from which the rows' own words are already taken out."""
    yield from _hits(_NEVER_PATTERNS, seen)
    for sentence in _SENTENCE.split(seen):
        parts = _PARTS.split(sentence)
        handed = [*map(_hands_on, parts), False]
        for at, part in enumerate(parts):
            # "Soal garansi, tim sales kami pastikan": what was named first is handed on behind.
            if handed[at] or (handed[at + 1] and _OPENS.match(part)):
                continue
            if not handed[at + 1]:
                yield from _hits(_DEFERRABLE, part)
            if not (at == len(parts) - 1 and _ASKS.search(part)):
                yield from _hits(_ASKABLE, part)


def _hands_on(part: str) -> bool:
    if _GIVES.search(part):
        return False
    return _HANDS_ON.search(part) is not None and _PERSON.search(part) is not None


def _hits(table: tuple[tuple[str, re.Pattern[str]], ...], text: str) -> Iterator[tuple[str, str]]:
    for rule, pattern in table:
        if match := pattern.search(text):
            yield rule, match[0].strip()
