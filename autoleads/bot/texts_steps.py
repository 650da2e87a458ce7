"""What the customer bot says around the next steps: hand-over, negotiation, visits, credit, own cars, photos.

`{person}` is a salesperson's name as the showroom stored it, or TEAM where nobody is known. A salesperson writes
from an own number, so no sentence says "here".
"""

TEAM = "tim sales kami"

# -- a person takes over: {person} is a name
HANDOVER_OPEN = (
    "Biar sales kami bantu ya, {person} akan chat Kakak sebentar lagi dari nomor WA-nya sendiri.",
    "Saya teruskan ke sales kami ya Kak, {person} sebentar lagi chat Kakak dari nomornya sendiri.",
    "Selanjutnya dibantu sales kami, {person} akan chat Kakak sekarang dari nomornya sendiri ya.",
)
HANDOVER_CLOSED = (
    "Sekarang showroom sudah tutup, jadi sales kami {person} chat Kakak {when} ya.",
    "Ini sudah di luar jam buka Kak, sales kami {person} menyusul chat Kakak {when} ya.",
)
HANDOVER_NOT_YET = (
    "Sekarang showroom belum buka, sales kami {person} chat Kakak {when} ya.",
    "Masih di luar jam buka Kak, sales kami {person} chat Kakak {when} ya.",
)
HANDOVER_PLAIN = ("Biar sales kami bantu ya, {person} akan menghubungi Kakak.",)
HANDOVER_AGAIN = (
    "{person} sudah saya kabari ya Kak, sebentar lagi chat Kakak.",
    "{person} dari sales kami sudah tahu ya Kak, ditunggu chat-nya.",
    "Ini saya sampaikan juga ke {person} ya Kak, sebentar lagi dibantu.",
)
HANDOVER_AGAIN_CLOSED = (
    "{person} sudah saya kabari dan chat Kakak {when} ya.",
    "Ini saya sampaikan juga ke {person} ya Kak, dibantu {when}.",
)

# -- a person takes over, and nobody is known by name
TEAM_OPEN = (
    "Biar tim sales kami bantu ya, sebentar lagi ada yang chat Kakak.",
    "Saya teruskan ke tim sales kami sekarang, sebentar lagi Kakak dihubungi ya.",
)
TEAM_CLOSED = (
    "Sekarang showroom sudah tutup, tim sales kami lanjut bantu Kakak {when} ya.",
    "Ini sudah di luar jam buka, jadi tim sales kami menyusul chat Kakak {when} ya.",
)
TEAM_NOT_YET = (
    "Sekarang showroom belum buka, tim sales kami lanjut bantu Kakak {when} ya.",
    "Masih di luar jam buka Kak, tim sales kami chat Kakak {when} ya.",
)
TEAM_PLAIN = ("Biar tim sales kami bantu ya, nanti Kakak dihubungi.",)
TEAM_AGAIN = (
    "Tim sales kami sudah dikabari, sebentar lagi menyusul ya Kak.",
    "Tim sales kami sudah tahu ya Kak, segera dibantu.",
)
TEAM_AGAIN_CLOSED = ("Tim sales kami sudah dikabari dan menyusul {when} ya Kak.",)

# -- the name, and asking back
ASK_NAME = ("Boleh tahu nama Kakak?", "Sambil menunggu, boleh tahu nama Kakak?")
NAME_NOTED = ("Siap {name}, salam kenal 😊", "Makasih {name} 😊")
NAME_NEXT = ("Ada yang mau ditanyakan lagi?", "Kalau ada yang mau ditanyakan, chat saja ya.")
ASK_CAR = ("Mobilnya yang mana ya Kak?", "Untuk mobil yang mana, Kak?")

# -- negotiation
NEGOTIATION = (
    "Harga {title} {price}, masih bisa nego kok 😊",
    "{title} {price} Kak, dan masih bisa dinego 😊",
)
NEGOTIATION_DEAL = (
    "Siap Kak 👍 {title} ({price}, {state}), minatnya langsung saya sampaikan ke {person} ya.",
    "Mantap Kak 👍 Untuk {title} ({price}, {state}), {person} yang lanjut bantu prosesnya ya.",
)
NEGOTIATION_DEAL_PLAIN = ("Siap Kak 👍", "Mantap Kak 👍")
NEGOTIATION_PLAIN = ("Harga masih bisa nego kok Kak 😊", "Bisa nego kok Kak 😊")
NEGOTIATION_ALSO = ("Harganya juga masih bisa nego Kak 😊",)
NEGOTIATION_OFFER = (
    "Siap Kak, penawaran {offer} untuk {title} saya sampaikan ke {person} 👍",
    "Oke Kak, {offer} untuk {title} saya teruskan ke {person} ya 👍",
)
NEGOTIATION_OFFER_PRICE = "Harga pasangnya {price}, {state}."
NEGOTIATION_AGAIN = (
    "Harga pasang {title} {price} Kak ({state}), angkanya masih bisa dibicarakan ya 😊",
    "{title} {price} Kak, {state}, dan masih ada ruang nego 😊",
)
NEGOTIATION_OFFER_PLAIN = ("Siap Kak, penawaran {offer} saya catat 👍",)
NEGOTIATION_OFFER_ENOUGH = ("Harga {title} {price} Kak, {state}, jadi {offer} sudah masuk 😊",)
NEGOTIATION_HOLD = "Untuk booking {title} ({price}, {state}), tim sales kami yang urus prosesnya ya Kak 👍"
NEGOTIATION_HOLD_PLAIN = "Untuk booking, tim sales kami yang urus prosesnya ya Kak 👍"

# -- a person asked for
HUMAN = ("Siap Kak 😊", "Boleh banget Kak 😊", "Bisa Kak 😊")
HUMAN_CALM = ("Baik Kak.", "Baik Kak, saya mengerti.")
HUMAN_CALL = ("Siap Kak, saya sampaikan kalau Kakak minta ditelepon ya 📞",)
HUMAN_PHONE = "Kalau buru-buru, telepon saja ke {phone}."
WHO = ("Kakak dibantu {person} ya 😊",)
REMINDED = (
    "Mohon maaf ya Kak, {person} saya ingatkan lagi sekarang 🙏",
    "Maaf Kak sudah menunggu 🙏 Saya kabari {person} lagi sekarang.",
)
NOTIFY = (
    "Siap Kak, saya titip pesan ke {person} supaya Kakak dikabari kalau ada perubahan 👍",
    "Oke Kak, saya catat dan sampaikan ke {person} biar Kakak dikabari ya 👍",
)

# -- visits
VISIT = ("Bisa banget Kak, silakan mampir 😊", "Boleh Kak, ditunggu ya 😊")
VISIT_CAR = ("Bisa banget Kak, mau lihat {title} ya 😊", "Boleh Kak, {title} bisa dilihat langsung 😊")
VISIT_TEST = ("Bisa Kak, test drive {title} dibantu {person} 😊",)
VISIT_TEST_PLAIN = ("Bisa test drive dulu kok Kak 😊",)
VISIT_PRICE = "Unitnya {state}, {price}."
VISIT_MECHANIC = "Bawa mekanik sendiri juga silakan."
VISIT_PLACE = "📍 {place}"
VISIT_DAY_OPEN = "{day} kami buka {hours}."
VISIT_DAY_CLOSED = "Maaf Kak, {day} kami tutup 🙏 Buka lagi {when}."
VISIT_HOUR_CLOSED = "Maaf Kak, di jam itu showroom tidak buka 🙏"
VISIT_NO_HOLD = "Supaya tidak keduluan, tim sales kami konfirmasi dulu ketersediaan unitnya ya."
VISIT_NOTED = ("Siap Kak, saya catat ya 👍", "Oke Kak, rencananya saya catat 👍")
VISIT_ALSO = ("Lihat unit dan test drive juga bisa Kak.",)
VISIT_ASK_CAR = ("Mau lihat mobil yang mana, Kak?",)
VISIT_ASK_NUMBER = ("Yang mau dilihat nomor berapa, Kak?",)
VISIT_ASK = ("Kira-kira mau datang hari apa, jam berapa Kak?", "Rencananya mau datang hari apa, jam berapa Kak?")
VISIT_ASK_OTHER_DAY = ("Mau datang hari apa, jam berapa Kak?", "Bisanya hari lain kapan, Kak?")
VISIT_ASK_DAY = ("Untuk hari apa, Kak?",)
VISIT_ASK_HOUR = ("Kira-kira jam berapa, Kak?",)
VISIT_END = ("Ditunggu ya Kak 🙏", "Sampai ketemu di showroom ya Kak 🙏")

# -- credit
CREDIT_HEAD = "Simulasi kredit {title} ({price}, {state})"
CREDIT_HEAD_MANY = "Simulasi kreditnya Kak, unitnya masih tersedia 👇"
CREDIT_DP = "DP {dp}, bayar awal ± {first} (DP + admin)"
CREDIT_PLAN = "• {months} bulan: ± {instalment}/bln"
CREDIT_LINE = "{number}. {title} - {price}\nDP {dp}, {months} bulan ± {instalment}/bln"
CREDIT_ALSO = "Simulasi kredit {title}: DP {dp}, {months} bulan ± {instalment}/bln. Angka pastinya dari leasing."
CREDIT_ALSO_PLAIN = "Kredit juga bisa Kak."
CREDIT_HONEST = "Ini perkiraan bunga flat sudah dengan asuransi, angka pastinya dari leasing."
CREDIT_NO_DP = "Tanpa DP belum bisa saya hitungkan, keputusannya di leasing. Saya simulasikan dengan DP {dp} dulu ya."
CREDIT_DP_HIGH = "DP segitu sudah menutup harga {price}, jadi bisa cash Kak 😊"
CREDIT_YES = ("Bisa kredit Kak 😊", "Bisa Kak, kredit kami bantu 😊")
CREDIT_DP_NOTED = "Siap Kak, DP {dp} saya catat 👍"
CREDIT_WHICH = "Mobil yang mana dan DP-nya kira-kira berapa? Nanti langsung saya buatkan simulasinya."
CREDIT_WHICH_CAR = "Mobilnya yang mana Kak? Nanti langsung saya buatkan simulasinya."
CREDIT_PAPERS = (
    "Syarat umumnya KTP, KK, NPWP, dan bukti penghasilan. Persetujuannya dari leasing, tim sales kami bantu ajukan."
)
CREDIT_LEASING = "Pilihan leasing dan bunganya tergantung data dan tenor, tim sales kami yang cocokkan."
CREDIT_APPROVAL = (
    "Persetujuan ada di leasing Kak, jadi saya tidak bisa menjanjikan. Tim sales kami bantu cek peluangnya."
)
CREDIT_APPLY = (
    "Siap Kak, pengajuan kredit {title} dibantu {person}. Bisa disiapkan dulu KTP, KK, NPWP, dan bukti penghasilan ya."
)
CREDIT_NEXT = ("DP atau tenornya mau diubah, Kak?", "Mau saya hitungkan dengan DP atau tenor lain, Kak?")
CREDIT_ZERO = "Soal tanpa DP, keputusannya di leasing Kak."
CREDIT_NONE_FITS = (
    "Dengan DP {dp} dan cicilan sekitar {monthly}/bln belum ada yang masuk Kak. Paling mendekati menurut simulasi:"
)
CREDIT_MONTHLY = "Cicilan sekitar {monthly}/bln bisa masuk kalau DP-nya {dp}: {months} bulan ± {instalment}/bln."
CREDIT_MONTHLY_LOW = (
    "Untuk {title} ({price}, {state}), cicilan sekitar {monthly}/bln belum masuk Kak, DP-nya jadi terlalu besar."
)
CREDIT_FITTING = "Dengan DP {dp} dan cicilan sekitar {monthly}/bln, yang masuk simulasi dan masih tersedia:"

# -- trade-in, selling
TRADE_IN = ("Bisa tukar tambah Kak 😊", "Boleh Kak, tukar tambah kami terima 😊")
TRADE_IN_ALSO = "Tukar tambah juga bisa Kak."
TRADE_IN_CAR = "Mobil incarannya {title} ({price}, {state}) ya."
TRADE_IN_CARS = "Pilihan incarannya yang masih tersedia 👇"
TRADE_IN_MOTOR = "Untuk tukar tambah selain mobil, tim sales kami yang bantu cek ya Kak."
TRADE_IN_CHOOSE = ("Incarannya yang nomor berapa, Kak? Sekalian kirim data dan foto mobil Kakak ya.",)
TRADE_IN_NUMBER = ("Incarannya yang nomor berapa, Kak?",)
TRADE_IN_CHOSEN = ("Siap Kak, incarannya {title} ({price}, {state}) ya 👍",)
SELL = ("Boleh Kak, tim kami bantu taksir mobilnya 😊", "Siap Kak, mobilnya kami bantu taksir dulu ya 😊")
OWN_CAR_ASK = (
    "Boleh kirim data mobil Kakak: merek dan tipe, tahun, transmisi, km, kondisi pajak, plus beberapa fotonya?",
)
OWN_CAR_DATA = ("Boleh sekalian merek dan tipe, tahun, transmisi, km, dan kondisi pajaknya, Kak?",)
OWN_CAR_MORE = ("Boleh dilengkapi {missing}, Kak? Plus beberapa fotonya ya.",)
OWN_CAR_PHOTOS = ("Boleh sekalian kirim beberapa fotonya, Kak?",)
OWN_CAR_NOTED = ("Data mobilnya sudah masuk Kak 👍 {person} yang bantu taksir ya.",)
OWN_CAR_ADDED = (
    "Siap Kak, ini saya sampaikan juga ke {person} 👍",
    "Oke Kak, saya tambahkan ke catatan untuk {person} 👍",
)
OWN_CAR_QUESTION = (
    "Itu saya tanyakan ke {person} ya Kak, biar jawabannya pasti 🙏",
    "Soal itu {person} yang jawab ya Kak, sudah saya sampaikan 🙏",
)
OWN_CAR_PHOTOS_LATER = ("Siap Kak, ditunggu fotonya ya 👍",)
OWN_CAR_VALUE = ("Angkanya belum bisa saya sebut Kak, {person} yang taksir setelah cek kondisi mobilnya.",)
OWN_CAR_PHOTO = ("Fotonya sudah masuk, makasih Kak 👍 Nanti dilihat {person} untuk taksirannya.",)
VALUATION = "Nilai taksirannya nanti dari tim sales setelah cek kondisi mobil."

# -- photos
PHOTOS = ("Ini fotonya {title} ya Kak 📸 {price}, {state}.", "{title} Kak 📸 {price}, {state}.")
PHOTOS_WHICH = ("Foto mobil yang mana, Kak? 😊", "Mau foto yang nomor berapa, Kak? 😊")
PHOTOS_NONE = ("Foto {title} ({price}, {state}) belum ada di sistem Kak 🙏 Tim sales bisa bantu fotokan.",)
PHOTOS_VIDEO = "Videonya belum ada di saya Kak, ini fotonya dulu ya."
PHOTOS_PART = "Kalau perlu foto bagian tertentu, tim sales bisa bantu ambilkan."
PHOTOS_NEXT = ("Gimana Kak, mau lihat langsung unitnya? 😊", "Mau sekalian lihat langsung, Kak? 😊")
