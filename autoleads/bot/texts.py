# ruff: noqa: E501 -- a sentence stays on one line, to be read and changed as one
"""What the customer bot says (texts_steps.py: the next steps, texts_english.py: for those who write English).

A tuple holds ways to say the same thing; facts are filled in. Plain text: the chat's marks are never used.

Which one is said hangs on the message and the last answers alone, so a repeated turn says the same.
"""

from collections.abc import Sequence
from hashlib import sha256

Ways = Sequence[str]


def say(ways: Ways, seed: str, said: Sequence[str] = (), **values: str) -> str:
    """One of the ways; not one that `said`, the last answers, holds already, as long as there is another."""
    start = sha256(f"{seed}|{ways[0]}".encode()).digest()[0] % len(ways)
    spoken = [way.format(**values) for way in (*ways[start:], *ways[:start])]
    return next((text for text in spoken if not any(text in before for before in said)), spoken[0])


# -- opening
HELLO = ("Halo {name}! 👋", "Halo {name}, {time}! 👋", "Hai {name}, {time} 👋")
WELCOME = (
    "{hello} Selamat datang di {showroom} 😊",
    "{hello} Terima kasih sudah menghubungi {showroom} 😊",
)
HELLO_AGAIN = ("{hello} Ada lagi yang bisa saya bantu?", "{hello} Mau lanjut tanya mobil yang mana?")
HERE_KNOWN = ("Iya Kak 😊 Ada yang mau ditanyakan lagi?", "Ya Kak, gimana? 😊")
HERE_STILL = (
    "Iya Kak, saya di sini 😊 Silakan, mau tanya mobil apa?",
    "Ada Kak 😊 Silakan tanya saja, mobil apa yang dicari?",
)
SALAM = "Waalaikumsalam {name} 🙏"
GREETING_ASK = (
    "Lagi cari mobil apa? Sebut saja model atau budget-nya, nanti langsung saya cek stoknya.",
    "Kakak lagi cari mobil apa? Boleh sebut model, tahun, atau budget-nya ya.",
)
PRIVACY = ("Chat ini kami simpan untuk melayani Kakak. Mau datanya dihapus? Ketik HAPUS DATA SAYA.",)

# -- one car
INTEREST = ("Terima kasih sudah minat {title} 🚗", "Makasih ya sudah tertarik sama {title} 🚗")
INTEREST_STATE = "Unitnya {state}, harganya {price}."
INTEREST_NEW_PRICE = "Unitnya {state}. Harga terbarunya {price} ya Kak."
AVAILABLE = ("Masih ada Kak 😊", "Masih ready Kak 😊", "Masih tersedia Kak 😊")
HERE_IS_ONE = ("Ada Kak, ini unitnya 👇", "Ada nih Kak 😊", "Ada Kak, yang ini 👇")
CHOSEN = ("Siap Kak, ini detailnya 👇", "Oke Kak, yang ini ya 👇", "Pilihan bagus Kak, ini detailnya 👇")
CONFIRMED = ("Iya Kak, {title} 😊", "Betul Kak, {title} 😊")
RECOMMENDED = (
    "Kalau dari pilihan tadi, yang km-nya paling rendah ini Kak 👇",
    "Dari pilihan tadi saya ambilkan yang km-nya paling rendah ya Kak 👇",
)
DETAIL = ("Ini detailnya ya Kak 👇", "Siap, ini info lengkapnya Kak 👇")
PRICE_ONE = (
    "Harga {title} {price} ya Kak.",
    "{title} harganya {price} Kak.",
    "Untuk {title} harganya {price} Kak.",
)
PRICE_TERMS = "Itu harga cash. Soal biaya surat-surat, tim sales kami yang jelaskan detailnya ya."
STATE_TAIL = "Unitnya {state}: {specs}."
STATE_BRIEF = "Unitnya {state}, {price}."
SOLD = ("Maaf Kak, {title} sudah terjual 🙏", "Yah, {title} sudah laku Kak 🙏")
BOOKED = (
    "{title} saat ini sedang dibooking Kak 🙏",
    "Maaf Kak, {title} lagi dibooking orang lain 🙏",
)
PRICE_OF_BOOKED = "Harganya {price}."
PRICE_OF_SOLD = "Waktu itu harganya {price}."

# -- several cars
SEVERAL = (
    "Ada {count} unit yang ready Kak 👇",
    "Ready {count} unit nih Kak 👇",
    "Ada {count} pilihan yang masih tersedia Kak 👇",
)
SEVERAL_PRICE = (
    "Ini harganya ya Kak, ada {count} unit yang masih tersedia 👇",
    "Harganya begini Kak, {count} unit yang ready 👇",
)
SEVERAL_CHEAP = (
    "Ini yang paling ramah di kantong Kak, semuanya masih tersedia 👇",
    "Yang paling murah di stok kami dan masih tersedia 👇",
)
CHEAPEST_ALREADY = "{title} ({price}) itu sudah yang paling murah di stok kami saat ini Kak."
SEVERAL_OTHERS = (
    "Ada pilihan lain yang mirip dan masih tersedia Kak 👇",
    "Selain itu yang masih tersedia ada ini Kak 👇",
)
SEVERAL_MANY = (
    "Ada {count} unit ready yang cocok Kak, ini {shown} dulu 👇",
    "Yang cocok dan masih tersedia ada {count} unit Kak, {shown} di antaranya 👇",
)
SEVERAL_ASKED = ("Ini infonya satu per satu Kak 👇", "Saya tuliskan satu per satu ya Kak 👇")
SEVERAL_COMPARE = (
    "Saya bandingkan ya Kak, semuanya masih tersedia 👇",
    "Ini perbandingannya Kak, semua masih ready 👇",
)
CHOOSE = (
    "Mau yang nomor berapa, Kak? Balas angkanya atau kodenya ya 😊",
    "Tertarik yang mana Kak? Balas nomor atau kodenya saja 😊",
)
CHOOSE_MORE = (
    "Balas nomornya untuk detail, atau ketik LANJUT untuk pilihan lain ya Kak 😊",
    "Ada yang menarik, Kak? Balas nomornya, atau ketik LANJUT untuk yang lain 😊",
)
PRICE_GAP = "Selisih harganya {gap}."

# -- nothing fits
NOTHING = ("Maaf Kak, {wish} belum ada di stok kami saat ini 🙏", "Untuk {wish} lagi kosong Kak 🙏")
NOTHING_PLAIN = ("Maaf Kak, yang pas seperti itu lagi kosong 🙏", "Yang persis begitu belum ada Kak 🙏")
NOT_A_CODE = "Maaf Kak, kode {code} tidak ada di daftar kami 🙏"
NEAREST = ("Yang ready dan paling mendekati 👇", "Tapi ada yang mirip dan masih ready nih 👇")
NEAREST_NONE = ("Yang ready di kami sekarang antara lain 👇", "Sebagai gambaran, yang masih tersedia di kami 👇")
NEAREST_ASK = ("Ada yang cocok, Kak? Balas nomornya ya 😊", "Mau lihat detail yang nomor berapa, Kak?")
ALSO = "Pilihan mirip:"

# -- which one, and asking back
WHICH = (
    "Mobil yang mana ya Kak? 😊 Sebut model atau kodenya, misalnya {example}.",
    "Ini untuk mobil yang mana, Kak? 😊 Boleh sebut model atau kodenya, misalnya {example}.",
)
WHICH_LISTED = ("Yang nomor berapa ya Kak? 😊", "Maksudnya yang nomor berapa, Kak? 😊")
WHICH_EMPTY = "Mobil yang mana ya Kak? Sebut modelnya ya 😊"
BAD_NUMBER = "Nomor itu tidak ada di daftar Kak 😅 Pilih salah satu ini ya:"
CATALOGUE = (
    "Saat ini ada {count} unit ready Kak. Beberapa di antaranya 👇",
    "Stok ready kami {count} unit Kak, contohnya 👇",
)
CATALOGUE_ASK = (
    "Mau yang mana Kak? Atau sebut budget dan modelnya, saya pilihkan 😊",
    "Ada yang menarik, Kak? Kalau ada budget tertentu bilang saja ya 😊",
)
CATALOGUE_LINK = "Lengkapnya: {url}"
STOCK_EMPTY = "Stok kami lagi kosong Kak, unit baru sedang disiapkan. Boleh tahu Kakak cari mobil apa? Tim sales kami bantu carikan."

# -- properties
ASKED = {
    "km": "Km-nya {value}.",
    "transmission": "Transmisinya {value}.",
    "color": "Warnanya {value}.",
    "fuel": "Bahan bakarnya {value}.",
    "year": "Tahunnya {value}.",
    "trim": "Tipenya {value}.",
    "branch": "Unitnya ada di {value}.",
}
ONLY_COLOR = "{title} warnanya {color}, warna lain dari model ini belum ada di stok kami Kak."
ASKED_NOTE = "Dari catatan kami: {value}."
ASKED_FLAWS = "Minus yang tercatat: {value}."
ASKED_NO_FLAWS = (
    "Minusnya tidak ada yang tercatat di data saya Kak, tapi lebih pasti dicek langsung, boleh bawa mekanik."
)
ASKED_UNKNOWN = (
    "Soal {topic}, di data saya belum tercatat Kak.",
    "Untuk {topic}, saya belum punya datanya Kak, jadi tidak berani asal jawab 🙏",
)
ASKED_PLATE = (
    "Nomor plat tidak kami bagikan lewat chat ya Kak, nanti bisa dicek bareng STNK dan BPKB saat lihat unit 🙏"
)

# -- next steps (one a reply)
NEXT_PHOTOS = ("Mau saya kirim fotonya, Kak?", "Boleh saya kirimkan fotonya, Kak?")
NEXT_VISIT = ("Mau lihat langsung unitnya, Kak?", "Kapan mau mampir lihat unitnya, Kak?")
NEXT_CREDIT = ("Mau saya buatkan simulasi kreditnya, Kak?", "Perlu simulasi kreditnya sekalian, Kak?")
NEXT_ASK_PERSON = ("Mau saya tanyakan ke {person}, Kak?", "Saya tanyakan ke {person} ya, Kak?")
NEXT_OPEN = (
    "Mau tanya apa dulu, Kak? Harga, kredit, atau lihat langsung?",
    "Ada yang mau ditanyakan, Kak? Harga, kredit, atau lihat unit?",
)
NEXT_HUMAN = ("Mau saya sambungkan ke tim sales, Kak?", "Saya sambungkan ke tim sales ya, Kak?")
NEXT_HELP = (
    "Ada lagi yang bisa dibantu, Kak? 😊",
    "Ada yang mau ditanyakan lagi, Kak? 😊",
    "Ada yang masih mau ditanyakan soal unitnya, Kak?",
)
NEXT_SEARCH = ("Sambil itu, Kakak lagi cari mobil apa?", "Ngomong-ngomong, lagi cari mobil apa Kak?")

# -- showroom
LOCATION = ("📍 {name}\n{address}",)
LOCATION_BRANCHES = "Kami punya {count} cabang Kak:"
LOCATION_MAPS = "Maps: {maps}"
LOCATION_UNKNOWN = "Alamat lengkapnya tim sales kami kirimkan ya Kak."
LOCATION_CAR = "{title} ({price}, {state}) ada di:\n📍 {place}"
LOCATION_OTHERS = "Cabang lain: {names}."
LOCATION_NEXT = ("Mau mampir hari apa, Kak?", "Rencana mau ke sini kapan, Kak?")
LOCATION_NEAR = "Untuk jarak dan arahnya paling pas cek lewat maps ya Kak."
HOURS_WEEK = ("Jam buka {name}:",)
HOURS_OPEN_NOW = (
    "Masih buka Kak, sampai jam {closes} {zone} 😊",
    "Sekarang buka Kak, tutup jam {closes} {zone} 😊",
)
HOURS_CLOSED_NOW = ("Sekarang sudah tutup Kak 🙏 Buka lagi {opens} {zone}.",)
HOURS_NOT_YET = ("Sekarang belum buka Kak 🙏 {opens} {zone}.",)
HOURS_TODAY = "Hari ini ({day}) buka Kak, {hours} {zone} 😊"
HOURS_DAY_OPEN = "{day} buka Kak, {hours} {zone} 😊"
HOURS_DAY_CLOSED = "{day} kami tutup Kak 🙏"
HOURS_HOLIDAY = "Untuk tanggal merah, tim sales kami yang konfirmasi ya Kak. Jam biasanya:"
NEXT_VISIT_ANY = ("Mau mampir kapan, Kak?", "Rencana mau mampir hari apa, Kak?")
NEXT_VISIT_HOUR = ("Mau mampir jam berapa, Kak?", "Kira-kira datang jam berapa, Kak?")
HOURS_ALSO = "🕘 Buka {hours}"
HOURS_BRANCH_OPEN = "masih buka sampai jam {closes}"
HOURS_BRANCH_CLOSED = "sudah tutup, buka lagi {opens}"
HOURS_BRANCH_UNKNOWN = "dikonfirmasi tim kami"
HOURS_BRANCH = "🕘 {name}: {hours}"
HOURS_UNKNOWN = "Jam bukanya tim sales kami konfirmasikan ya Kak."
CONTACT = "Kontak {name}:"
CONTACT_PHONE = "📞 {phone}"
CONTACT_WHATSAPP = "💬 WA {phone}"
CONTACT_PERSON = "{person} dari sales kami juga chat Kakak langsung."
CONTACT_EMAIL = "✉️ {email}"
CONTACT_SITE = "🌐 {url}"
CONTACT_HERE = "Bisa juga lanjut chat di sini saja, Kak 😊"
CONTACT_SOCIAL_UNKNOWN = "Akun medsosnya belum ada di data saya Kak 🙏"
CONTACT_UNKNOWN = "Lewat chat ini saja ya Kak, tim sales kami juga baca di sini 😊"

# -- talk
THANKS = (
    "Sama-sama Kak 🙏 Kalau ada yang mau ditanyakan lagi, chat saja ya.",
    "Siap Kak, sama-sama 😊 Saya standby di sini.",
)
ALRIGHT = (
    "Siap Kak 😊 Kabari saja kalau ada yang mau ditanyakan lagi.",
    "Oke Kak 👍 Saya standby di sini kalau butuh info lagi.",
    "Sip Kak 👍 Kabari saja kalau butuh info lagi ya.",
)
THANKS_AGAIN = ("Siap Kak 🙏", "Sip Kak 👍", "Oke Kak 👍")
COMPLAINT = (
    "Mohon maaf ya Kak atas pengalaman yang kurang enak 🙏 Ini sudah saya teruskan ke pimpinan showroom supaya dilihat dan ditangani langsung oleh orangnya.",
    "Maaf sekali ya Kak 🙏 Keluhannya sudah saya teruskan ke pimpinan showroom, nanti orangnya yang lihat dan menghubungi Kakak.",
)
COMPLAINT_SLOW = (
    "Maaf ya Kak sudah menunggu lama 🙏 Ini saya teruskan ke pimpinan showroom supaya segera dilihat.",
    "Mohon maaf Kak, responsnya lama 🙏 Sudah saya teruskan supaya segera ada yang melihat.",
)
COMPLAINT_MORE = (
    "Saya mengerti Kak 🙏 Tim kami sudah dikabari dan akan melihatnya.",
    "Baik Kak, saya paham 🙏 Keluhannya sudah masuk dan dilihat tim kami.",
    "Iya Kak, sekali lagi mohon maaf 🙏 Tim kami sudah tahu dan akan menghubungi Kakak.",
)
BOUGHT_HERE = (
    "Terima kasih sudah beli mobil di tempat kami Kak 🙏 Ada yang bisa kami bantu soal mobilnya?",
    "Terima kasih sudah percaya beli di sini Kak 🙏 Ada yang perlu dibantu dengan mobilnya?",
)
AFTER_SALE = (
    "Baik Kak, soal ini saya sampaikan ke {person} supaya dicek dan Kakak dikabari 🙏",
    "Siap Kak, ini juga saya teruskan ke {person} 🙏",
)
SPEAKING_CALM = "Saya asisten otomatis {showroom} Kak. Keluhannya sudah diteruskan ke pimpinan showroom."
COMPLAINT_ASK = "Boleh ceritakan detailnya, Kak? Biar tim kami langsung paham."
COMPLAINT_CLOSED = "Karena di luar jam buka, tim kami lihat {when} ya."
ANGER = (
    "Maaf ya Kak kalau jawaban saya kurang membantu 🙏 Saya asisten otomatis showroom ini.",
    "Mohon maaf Kak, saya asisten otomatis jadi belum selalu pas jawabannya 🙏",
)
ANGER_NEXT = ("Mau saya sambungkan ke orangnya langsung, Kak?",)
CALM_THANKS = ("Sama-sama Kak 🙏", "Baik Kak, terima kasih kembali 🙏")
CALM_NO = ("Baik Kak 🙏", "Baik Kak, saya mengerti 🙏")
CALM_HELLO = ("Iya Kak, saya di sini. Ada yang bisa saya bantu?", "Baik Kak, silakan. Ada yang bisa saya bantu?")
OPT_OUT = ("Baik Kak, kami tidak akan kirim pesan lagi ke nomor ini 🙏 Kalau nanti mau chat lagi, ketik MULAI.",)
DELETE_DATA = (
    "Baik Kak, data Kakak (nama, nomor, dan isi chat ini) kami hapus paling lambat dalam {hours} jam 🙏 "
    "Kami juga tidak akan kirim pesan lagi ke nomor ini. Kalau nanti mau chat lagi, ketik MULAI.",
)
OPT_IN = ("Siap Kak, senang bisa ngobrol lagi 😊 Lagi cari mobil apa?",)
OPT_IN_ERASING = (
    "Siap Kak, kita bisa ngobrol lagi 😊 Data yang lama tetap kami hapus sesuai permintaan. Lagi cari mobil apa?",
)
OTHER = (
    "Maaf Kak, saya belum menangkap maksudnya 🙏 Boleh sebut mobil yang dicari, atau mau saya sambungkan ke tim sales?",
    "Hmm, bisa diperjelas Kak? 😊 Saya bisa bantu cek stok, harga, kredit, atau sambungkan ke tim sales.",
)
OTHER_AGAIN = (
    "Maaf Kak, yang ini saya juga belum paham 🙏 Mau saya sambungkan ke {person}?",
    "Maaf ya Kak, biar tidak salah jawab, mau saya sambungkan ke {person}?",
)
OTHER_LANGUAGE = (
    "Maaf, saya hanya bisa bahasa Indonesia dan Inggris 🙏 Mobil apa yang dicari? / Sorry, I only understand Indonesian and English. Which car are you looking for?",
)
OTHER_LONG = (
    "Pesannya panjang ya Kak, biar tidak ada yang terlewat: mobil apa yang dicari atau apa yang mau ditanyakan dulu?",
)
OTHER_BOT = "Saya asisten otomatis {showroom} Kak 😊 Kalau mau ngobrol sama orangnya, tinggal bilang ya."
OTHER_BUYING = (
    "Gampang Kak: pilih unitnya, cek langsung di showroom, lalu bayar cash atau ajukan kredit. "
    "Suratnya dibantu tim sales kami."
)
OTHER_TO_HOME = "Soal unit dibawa ke rumah, tim sales kami yang atur ya Kak, biar dipastikan dulu bisa atau tidaknya."
OTHER_DELIVERY = "Soal kirim ke luar kota dan biayanya, tim sales kami yang bantu hitung ya Kak."
OTHER_PAYMENT = (
    "Soal pembayaran dan rekening, resminya hanya dari tim sales kami ya Kak. "
    "Mohon jangan transfer dulu sebelum dikonfirmasi langsung oleh mereka 🙏"
)
OTHER_PAPERS = "Soal biaya surat dan balik nama, angkanya dari tim sales kami ya Kak, tergantung unit dan daerah."
OTHER_TRUST = (
    "Wajar kalau hati-hati Kak 🙏 Silakan datang dulu ke {showroom}, cek unit dan surat-suratnya sebelum bayar apa pun."
)
OTHER_WARRANTY = "Soal garansi beda-beda tiap unit Kak, tim sales kami yang pastikan sesuai mobilnya."
OTHER_JOB = "Soal lowongan kerja, silakan hubungi kantor kami langsung ya Kak."
OTHER_RENTAL = "Kami fokus jual beli mobil bekas Kak, belum melayani sewa 🙏"
OTHER_FACILITY = "Soal itu belum ada di data saya Kak, nanti bisa dilihat langsung di showroom ya."
OTHER_PARTS = "Kami fokus jual beli mobil Kak, spare part dan aksesori belum ada 🙏"
OTHER_LAUGH = ("Hehe 😄 Ada yang bisa saya bantu, Kak?", "😄 Lagi cari mobil apa nih Kak?")
OTHER_LAUGH_KNOWN = ("Hehe 😄 Ada yang mau ditanyakan lagi, Kak?", "😄 Gimana Kak, ada yang mau ditanyakan lagi?")
OTHER_NO = (
    "Oke Kak, santai saja 😊 Kabari kalau butuh info ya.",
    "Siap Kak 👍 Kalau berubah pikiran chat saja ya.",
)
OTHER_YES = ("Siap Kak 😊 Mau dibantu soal mobil yang mana?",)
SAFE = (
    "Sebentar ya Kak, biar tidak salah info saya teruskan ke {person} 🙏",
    "Biar infonya pasti, {person} yang jawab ya Kak 🙏",
)

# -- what is not text
VOICE = ("Maaf Kak, saya belum bisa dengar voice note 🙏 Boleh diketik saja?",)
IMAGE = (
    "Fotonya sudah masuk Kak 👍 Ini soal mobil apa ya? Boleh dijelaskan sedikit.",
    "Makasih fotonya Kak 👍 Ini mobil Kakak yang mau dijual, atau mobil yang lagi dicari?",
    "Oke Kak, fotonya saya terima 👍 Ini untuk keperluan apa ya, Kak?",
)
OWN_CAR_WHICH = ("Mobilnya mau dijual atau ditukar tambah, Kak?",)
IMAGE_DROPPED = ("Maaf Kak, fotonya tidak terbuka di sini 🙏 Boleh dijelaskan lewat teks?",)
VIDEO = ("Videonya sudah masuk Kak 👍 Boleh dijelaskan lewat teks juga?",)
DOCUMENT = ("Dokumennya sudah masuk Kak 👍 Boleh dijelaskan ini untuk keperluan apa?",)
PLACE_ONLY = ("Lokasinya sudah masuk Kak 👍",)
PLACE = ("Lokasinya sudah masuk Kak 👍 Showroom kami di sini:", "Makasih lokasinya Kak 👍 Kalau showroom kami di sini:")
CONTACT_CARD = ("Kontaknya sudah masuk Kak 👍 Boleh dijelaskan untuk keperluan apa?",)
STICKER = ("😊 Ada yang bisa saya bantu, Kak?", "😄 Lagi cari mobil apa, Kak?")
STICKER_KNOWN = ("😊 Ada yang mau ditanyakan lagi, Kak?", "😄 Lanjut, Kak?")
UNREADABLE = ("Maaf Kak, pesannya tidak terbaca di sini 🙏 Boleh diketik ulang?",)
EMPTY = ("Halo Kak 😊 Ada yang bisa saya bantu?",)

# -- for the owner and the admins
ALERT_COMPLAINT = "⚠️ Keluhan pelanggan\nDari: {who}\nMobil: {car}\nKatanya: {said}"
ALERT_ERASE = (
    "🗑️ Permintaan hapus data\nDari: {who}\nData dihapus dalam {hours} jam, dan nomor ini tidak dikirimi pesan lagi."
)
ALERT_NO_NAME = "Tanpa nama"

# -- the state of a car, said inside a sentence
STATE = {
    "available": "masih tersedia",
    "booking": "sedang dibooking",
    "sold": "sudah terjual",
    "draft": "belum tayang",
}

# Said by the machinery around the answers.
TROUBLE = "Maaf Kak, sistem kami lagi ada kendala sebentar 🙏 Pesannya sudah kami terima, tim kami segera bantu ya."
TOO_MANY = "Maaf Kak, pesannya banyak sekali 😅 Tunggu sebentar ya, nanti saya lanjut bantu."
REPLY_CAP = (
    "⚠️ Bot berhenti membalas satu percakapan karena balasannya terlalu banyak dalam waktu singkat "
    "(mungkin bot lain yang menjawab). Mohon dicek ya."
)
BOT_RESUMES = "Bot kembali menjawab percakapan ini."
