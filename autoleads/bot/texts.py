# ruff: noqa: E501 -- a sentence stays on one line, to be read and changed as one
"""Every sentence the customer bot says. A tuple holds ways to say the same thing; facts are filled in.

Which one is said hangs on the message alone (`say`), so a repeated turn says the same.
"""

from collections.abc import Sequence
from hashlib import sha256

Ways = Sequence[str]


def say(ways: Ways, seed: str, **values: str) -> str:
    digest = sha256(f"{seed}|{ways[0]}".encode()).digest()
    return ways[digest[0] % len(ways)].format(**values)


# -- opening
HELLO = ("Halo {name}! 👋", "Halo {name}, {time}! 👋", "Hai {name}, {time} 👋")
WELCOME = (
    "{hello} Selamat datang di {showroom} 😊",
    "{hello} Terima kasih sudah menghubungi {showroom} 😊",
)
HELLO_AGAIN = ("{hello} Ada lagi yang bisa saya bantu?", "{hello} Mau lanjut tanya mobil yang mana?")
SALAM = "Waalaikumsalam {name} 🙏"
GREETING_ASK = (
    "Lagi cari mobil apa? Sebut saja model atau budget-nya, nanti langsung saya cek stoknya.",
    "Kakak lagi cari mobil apa? Boleh sebut model, tahun, atau budget-nya ya.",
)
PRIVACY = "_Chat ini kami simpan untuk melayani Kakak. Mau datanya dihapus? Ketik HAPUS DATA SAYA._"

# -- one car
INTEREST = ("Terima kasih sudah minat *{title}* 🚗", "Makasih ya sudah tertarik sama *{title}* 🚗")
INTEREST_STATE = "Unitnya {state}, harganya {price}."
INTEREST_NEW_PRICE = "Unitnya {state}. Harga terbarunya {price} ya Kak."
AVAILABLE = ("Masih ada Kak! 😊", "Masih ready Kak 😊", "Masih tersedia Kak, aman 😊")
HERE_IS_ONE = ("Ada Kak, ini unitnya 👇", "Ada nih Kak 😊", "Ada Kak, yang ini 👇")
CHOSEN = ("Siap Kak, ini detailnya 👇", "Oke Kak, yang ini ya 👇", "Pilihan bagus Kak, ini detailnya 👇")
DETAIL = ("Ini detailnya ya Kak 👇", "Siap, ini info lengkapnya Kak 👇")
PRICE_ONE = (
    "Harga *{title}* {price} ya Kak.",
    "*{title}* harganya {price} Kak.",
    "Untuk *{title}* harganya {price} Kak.",
)
PRICE_TERMS = "Itu harga cash. Soal biaya surat-surat, tim sales kami yang jelaskan detailnya ya."
STATE_TAIL = "Unitnya {state}: {specs}."
SOLD = ("Maaf Kak, *{title}* sudah terjual 🙏", "Yah, *{title}* sudah laku Kak 🙏")
BOOKED = (
    "*{title}* saat ini sedang dibooking Kak 🙏",
    "Maaf Kak, *{title}* lagi dibooking orang lain 🙏",
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
SEVERAL_CHEAP = ("Ini yang paling ramah di kantong Kak 👇", "Yang paling murah di stok kami ini Kak 👇")
SEVERAL_OTHERS = ("Ada pilihan lain yang mirip Kak 👇", "Selain itu ada ini Kak 👇")
SEVERAL_MANY = "Ada {count} unit ready yang cocok Kak, ini {shown} dulu 👇"
SEVERAL_COMPARE = (
    "Saya bandingkan ya Kak, semuanya masih tersedia 👇",
    "Ini perbandingannya Kak, semua masih ready 👇",
)
CHOOSE = (
    "Mau yang nomor berapa, Kak? Balas angkanya atau kodenya ya 😊",
    "Tertarik yang mana Kak? Balas nomor atau kodenya saja 😊",
)
CHOOSE_MORE = "Balas nomornya untuk detail, ketik *lanjut* untuk pilihan lain, atau sebut budget dan tahunnya ya Kak 😊"
PRICE_GAP = "Selisih harganya {gap}."

# -- nothing fits
NOTHING = ("Maaf Kak, {wish} belum ada di stok kami saat ini 🙏", "Untuk {wish} lagi kosong Kak 🙏")
NOTHING_PLAIN = ("Maaf Kak, yang pas seperti itu lagi kosong 🙏", "Yang persis begitu belum ada Kak 🙏")
NOT_A_CODE = "Maaf Kak, kode {code} tidak ada di daftar kami 🙏"
NEAREST = ("Yang ready dan paling mendekati 👇", "Tapi ada yang mirip dan masih ready nih 👇")
NEAREST_ASK = ("Ada yang cocok, Kak? Balas nomornya ya 😊", "Mau lihat detail yang nomor berapa, Kak?")
NEAREST_NONE = "Boleh sebut budget atau model lain, Kak? Saya carikan yang ready."
ALSO = "Pilihan mirip:"

# -- which one, and asking back
WHICH = ("Mobil yang mana ya Kak? 😊 Sebut model atau kodenya, misalnya {example}.",)
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
ASKED_NOTE = "Dari catatan kami: {value}."
ASKED_UNKNOWN = (
    "Soal {topic}, di data saya belum tercatat Kak. Biar pasti, bisa ditanyakan ke tim sales atau dicek langsung.",
    "Untuk {topic}, saya belum punya datanya Kak, jadi tidak berani asal jawab 🙏 Tim sales bisa bantu pastikan.",
)
ASKED_PLATE = (
    "Nomor plat tidak kami bagikan lewat chat ya Kak, nanti bisa dicek bareng STNK dan BPKB saat lihat unit 🙏"
)

# -- next steps (one a reply)
NEXT_PHOTOS = ("Mau saya kirim fotonya, Kak?", "Boleh saya kirimkan fotonya, Kak?")
NEXT_VISIT = ("Mau lihat langsung unitnya, Kak?", "Kapan mau mampir lihat unitnya, Kak?")
NEXT_OPEN = (
    "Mau tanya apa dulu, Kak? Harga, kredit, atau lihat langsung?",
    "Ada yang mau ditanyakan, Kak? Harga, kredit, atau lihat unit?",
)
NEXT_HUMAN = ("Mau saya sambungkan ke tim sales, Kak?", "Saya sambungkan ke tim sales ya, Kak?")
NEXT_HELP = ("Ada lagi yang bisa dibantu, Kak? 😊", "Ada yang mau ditanyakan lagi, Kak? 😊")
NEXT_SEARCH = ("Sambil itu, Kakak lagi cari mobil apa?", "Ngomong-ngomong, lagi cari mobil apa Kak?")

# -- a person takes over
HANDOVER_OPEN = (
    "Biar tim sales kami bantu ya, sebentar lagi ada yang chat Kakak di sini.",
    "Saya teruskan ke tim sales kami sekarang, sebentar lagi Kakak dihubungi di sini ya.",
)
HANDOVER_CLOSED = (
    "Sekarang showroom sudah tutup, tim sales kami lanjut bantu Kakak {when} ya.",
    "Ini sudah di luar jam buka, jadi tim sales kami menyusul chat Kakak {when} ya.",
)
HANDOVER_NOT_YET = (
    "Sekarang showroom belum buka, tim sales kami lanjut bantu Kakak {when} ya.",
    "Masih di luar jam buka Kak, tim sales kami chat Kakak {when} ya.",
)
HANDOVER_PLAIN = ("Biar tim sales kami bantu ya, nanti Kakak dihubungi di sini.",)
HANDOVER_AGAIN = (
    "Tim sales kami sudah dikabari, sebentar lagi menyusul ya Kak.",
    "Tim sales kami sudah tahu ya Kak, segera dibantu.",
)
HANDOVER_AGAIN_CLOSED = ("Tim sales kami menyusul {when} ya Kak.",)
ASK_NAME = ("Boleh tahu nama Kakak?", "Sambil menunggu, boleh tahu nama Kakak?")
NAME_NOTED = ("Siap {name}, salam kenal 😊", "Makasih {name} 😊")
ASK_CAR = ("Mobilnya yang mana ya Kak?", "Untuk mobil yang mana, Kak?")
NEGOTIATION = (
    "Harga *{title}* {price}, masih bisa nego kok 😊",
    "*{title}* {price} Kak, dan masih bisa dinego 😊",
)
NEGOTIATION_PLAIN = ("Harga masih bisa nego kok Kak 😊", "Bisa nego kok Kak 😊")
NEGOTIATION_OFFER = ("Penawaran {offer} untuk *{title}* saya sampaikan ke tim sales ya Kak 👍",)
NEGOTIATION_HOLD = "Untuk booking *{title}* ({price}, {state}), tim sales kami yang urus prosesnya ya Kak 👍"
NEGOTIATION_HOLD_PLAIN = "Untuk booking, tim sales kami yang urus prosesnya ya Kak 👍"
NEGOTIATION_GONE = "Kalau batal atau ada yang serupa, tim sales kami bisa kabari."
HUMAN = ("Siap Kak 😊", "Boleh banget Kak 😊")
HUMAN_PHONE = "Kalau buru-buru, telepon saja ke {phone}."

# -- visits
VISIT = ("Bisa banget Kak, silakan mampir 😊", "Boleh Kak, ditunggu ya 😊")
VISIT_CAR = ("Bisa banget Kak, mau lihat *{title}* ya 😊", "Boleh Kak, *{title}* bisa dilihat langsung 😊")
VISIT_TEST = ("Bisa Kak, test drive *{title}* dibantu tim sales 😊",)
VISIT_TEST_PLAIN = ("Bisa test drive dulu kok Kak 😊",)
VISIT_PRICE = "Unitnya {state}, {price}."
VISIT_MECHANIC = "Bawa mekanik sendiri juga silakan."
VISIT_PLACE = "📍 {place}"
VISIT_DAY_OPEN = "{day} kami buka {hours}."
VISIT_DAY_CLOSED = "{day} kami tutup Kak, buka lagi {when}."
VISIT_NO_HOLD = "Supaya tidak keduluan, tim sales kami konfirmasi dulu ketersediaan unitnya ya."
VISIT_NOTED = ("Siap Kak, saya catat ya 👍",)
VISIT_ASK_CAR = ("Mau lihat mobil yang mana, Kak?",)
VISIT_ASK = ("Kira-kira mau datang hari apa, jam berapa Kak?",)

# -- credit
CREDIT_HEAD = "*Simulasi* kredit *{title}* ({price})"
CREDIT_HEAD_MANY = "*Simulasi* kreditnya Kak 👇"
CREDIT_DP = "DP {dp}, bayar awal ± {first} (DP + admin)"
CREDIT_PLAN = "• {months} bulan: ± {instalment}/bln"
CREDIT_LINE = "{number}. *{title}* {price}: DP {dp}, {months} bln ± {instalment}/bln"
CREDIT_HONEST = "Ini perkiraan bunga flat sudah dengan asuransi, angka pastinya dari leasing."
CREDIT_NO_DP = "Tanpa DP belum bisa saya hitungkan, keputusannya di leasing. Saya simulasikan dengan DP {dp} dulu ya."
CREDIT_DP_HIGH = "DP segitu sudah menutup harga {price}, jadi bisa cash Kak 😊"
CREDIT_YES = ("Bisa kredit Kak 😊", "Bisa Kak, kredit kami bantu 😊")
CREDIT_WHICH = "Mobil yang mana dan DP-nya kira-kira berapa? Nanti langsung saya buatkan simulasinya."
CREDIT_PAPERS = (
    "Syarat umumnya KTP, KK, NPWP, dan bukti penghasilan. Persetujuannya dari leasing, tim sales kami bantu ajukan."
)
CREDIT_LEASING = "Pilihan leasing dan bunganya tergantung data dan tenor, tim sales kami yang cocokkan."
CREDIT_APPROVAL = (
    "Persetujuan ada di leasing Kak, jadi saya tidak bisa menjanjikan. Tim sales kami bantu cek peluangnya."
)
CREDIT_NEXT = ("DP atau tenornya mau diubah, Kak?", "Mau saya hitungkan dengan DP atau tenor lain, Kak?")
CREDIT_ZERO = "Soal tanpa DP, keputusannya di leasing Kak."
CREDIT_NONE_FITS = (
    "Dengan DP {dp} dan cicilan sekitar {monthly}/bln belum ada yang masuk Kak. Paling mendekati menurut *simulasi*:"
)
CREDIT_FITTING = "Dengan DP {dp} dan cicilan sekitar {monthly}/bln, yang masuk *simulasi*:"

# -- trade-in, selling
TRADE_IN = ("Bisa tukar tambah Kak 😊", "Boleh Kak, tukar tambah kami terima 😊")
TRADE_IN_CAR = "Mobil incarannya *{title}* ({price}, {state}) ya."
TRADE_IN_MOTOR = "Untuk tukar tambah selain mobil, tim sales kami yang bantu cek ya Kak."
SELL = ("Boleh Kak, tim kami bantu taksir mobilnya 😊", "Siap Kak, mobilnya kami bantu taksir dulu ya 😊")
OWN_CAR_ASK = (
    "Boleh kirim data mobil Kakak: merek dan tipe, tahun, transmisi, km, kondisi pajak, plus beberapa fotonya?",
)
OWN_CAR_NOTED = ("Data mobilnya sudah masuk Kak 👍 Tim sales kami taksir dulu ya.",)
OWN_CAR_VALUE = ("Angkanya belum bisa saya sebut Kak, tim sales kami yang taksir setelah cek kondisi mobilnya.",)
OWN_CAR_PHOTO = ("Fotonya sudah masuk, makasih Kak 👍 Tim sales kami lihat dulu ya.",)
VALUATION = "Nilai taksirannya nanti dari tim sales setelah cek kondisi mobil."

# -- photos
PHOTOS = ("Ini fotonya *{title}* ya Kak 📸 {price}, {state}.",)
PHOTOS_WHICH = ("Foto mobil yang mana, Kak? 😊",)
PHOTOS_NONE = ("Foto *{title}* ({price}, {state}) belum ada di sistem Kak 🙏 Tim sales bisa bantu fotokan.",)
PHOTOS_VIDEO = "Videonya belum ada di saya Kak, ini fotonya dulu ya."
PHOTOS_PART = "Kalau perlu foto bagian tertentu, tim sales bisa bantu ambilkan."
PHOTOS_NEXT = ("Gimana Kak, mau lihat langsung unitnya? 😊", "Mau sekalian lihat langsung, Kak? 😊")

# -- showroom
LOCATION = ("📍 {name}\n{address}",)
LOCATION_BRANCHES = "Kami punya {count} cabang Kak:"
LOCATION_MAPS = "Maps: {maps}"
LOCATION_UNKNOWN = "Alamat lengkapnya tim sales kami kirimkan ya Kak."
LOCATION_CAR = "*{title}* ({price}) ada di {place} Kak."
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
HOURS_NEXT_OPEN = "Buka lagi {opens} {zone}."
HOURS_HOLIDAY = "Untuk tanggal merah, tim sales kami yang konfirmasi ya Kak. Jam biasanya:"
NEXT_VISIT_ANY = ("Mau mampir kapan, Kak?", "Rencana mau mampir hari apa, Kak?")
NEXT_VISIT_HOUR = ("Mau mampir jam berapa, Kak?", "Kira-kira datang jam berapa, Kak?")
HOURS_ALSO = "🕘 Buka {hours}"
HOURS_UNKNOWN = "Jam bukanya tim sales kami konfirmasikan ya Kak."
CONTACT = "Kontak {name}:"
CONTACT_PHONE = "📞 {phone}"
CONTACT_WHATSAPP = "💬 WA {phone}"
CONTACT_EMAIL = "✉️ {email}"
CONTACT_SITE = "🌐 {url}"
CONTACT_HERE = "Bisa juga lanjut chat di sini saja, Kak 😊"
CONTACT_SOCIAL_UNKNOWN = "Akun medsosnya belum ada di data saya Kak 🙏"
CONTACT_UNKNOWN = "Lewat chat ini saja ya Kak, tim sales kami juga baca di sini 😊"

# -- talk
THANKS = (
    "Sama-sama Kak 🙏 Kalau ada yang mau ditanyakan lagi, chat saja ya.",
    "Siap Kak, sama-sama 😊 Saya standby di sini.",
    "Oke Kak 👍 Kabari saja kalau butuh info lagi ya.",
)
COMPLAINT = (
    "Mohon maaf ya Kak atas pengalaman yang kurang enak 🙏 Ini saya teruskan ke tim kami supaya ditangani langsung oleh orangnya.",
    "Maaf banget ya Kak 🙏 Keluhannya saya teruskan ke tim kami, nanti ada orang yang lihat dan balas langsung.",
)
COMPLAINT_SLOW = ("Maaf ya Kak sudah menunggu lama 🙏 Saya teruskan ke tim kami sekarang.",)
COMPLAINT_ASK = "Boleh ceritakan detailnya, Kak? Biar tim kami langsung paham."
COMPLAINT_CLOSED = "Karena di luar jam buka, tim kami lihat {when} ya."
OPT_OUT = ("Baik Kak, kami tidak akan kirim pesan lagi ke nomor ini 🙏 Kalau nanti mau chat lagi, ketik MULAI.",)
DELETE_DATA = (
    "Baik Kak, permintaan hapus data sudah kami catat dan diproses. Kami tidak akan kirim pesan lagi ke nomor ini 🙏 "
    "Kalau nanti mau chat lagi, ketik MULAI.",
)
OPT_IN = ("Siap Kak, senang bisa ngobrol lagi 😊 Lagi cari mobil apa?",)
OTHER = (
    "Maaf Kak, saya belum menangkap maksudnya 🙏 Boleh sebut mobil yang dicari, atau mau saya sambungkan ke tim sales?",
    "Hmm, bisa diperjelas Kak? 😊 Saya bisa bantu cek stok, harga, kredit, atau sambungkan ke tim sales.",
)
OTHER_BOT = "Saya asisten otomatis {showroom} Kak 😊 Kalau mau ngobrol sama orangnya, tinggal bilang ya."
OTHER_DELIVERY = "Soal kirim ke luar kota dan biayanya, tim sales kami yang bantu hitung ya Kak."
OTHER_PAYMENT = (
    "Soal pembayaran dan rekening, resminya hanya dari tim sales kami ya Kak. "
    "Mohon jangan transfer dulu sebelum dikonfirmasi langsung oleh mereka 🙏"
)
OTHER_PAPERS = "Soal biaya surat dan balik nama, angkanya dari tim sales kami ya Kak, tergantung unit dan daerah."
OTHER_WARRANTY = "Soal garansi beda-beda tiap unit Kak, tim sales kami yang pastikan sesuai mobilnya."
OTHER_JOB = "Soal lowongan kerja, silakan hubungi kantor kami langsung ya Kak."
OTHER_RENTAL = "Kami fokus jual beli mobil bekas Kak, belum melayani sewa 🙏"
OTHER_PARTS = "Kami fokus jual beli mobil Kak, spare part dan aksesori belum ada 🙏"
OTHER_LAUGH = ("Hehe 😄 Ada yang bisa saya bantu, Kak?", "😄 Lagi cari mobil apa nih Kak?")
OTHER_NO = (
    "Oke Kak, santai saja 😊 Kabari kalau butuh info ya.",
    "Siap Kak 👍 Kalau berubah pikiran chat saja ya.",
)
NAME_NEXT = ("Ada yang mau ditanyakan lagi?", "Kalau ada yang mau ditanyakan, chat saja ya.")
OTHER_YES = ("Siap Kak 😊 Mau dibantu soal mobil yang mana?",)
SAFE = (
    "Sebentar ya Kak, biar tidak salah info saya teruskan ke tim sales kami 🙏",
    "Biar infonya pasti, tim sales kami yang jawab ya Kak 🙏",
)

# -- what is not text
VOICE = ("Maaf Kak, saya belum bisa dengar voice note 🙏 Boleh diketik saja?",)
IMAGE = ("Fotonya sudah masuk Kak 👍 Ini soal mobil apa ya? Boleh dijelaskan sedikit.",)
IMAGE_DROPPED = ("Maaf Kak, fotonya tidak terbuka di sini 🙏 Boleh dijelaskan lewat teks?",)
VIDEO = ("Videonya sudah masuk Kak 👍 Boleh dijelaskan lewat teks juga?",)
DOCUMENT = ("Dokumennya sudah masuk Kak 👍 Boleh dijelaskan ini untuk keperluan apa?",)
PLACE = ("Lokasinya sudah masuk Kak 👍",)
CONTACT_CARD = ("Kontaknya sudah masuk Kak 👍 Boleh dijelaskan untuk keperluan apa?",)
STICKER = ("😊 Ada yang bisa saya bantu, Kak?",)
UNREADABLE = ("Maaf Kak, pesannya tidak terbaca di sini 🙏 Boleh diketik ulang?",)
EMPTY = ("Halo Kak 😊 Ada yang bisa saya bantu?",)

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
STAFF_HELLO = (
    "Halo {name} 👋 Nomor ini terdaftar di tim {showroom}, jadi tidak dihitung sebagai pelanggan. "
    "Notifikasi untuk tim akan masuk di chat ini."
)
