# ruff: noqa: E501 -- a sentence stays on one line, to be read and changed as one
"""What owners and admins read about the cars of their showroom."""

# -- a car is shown before it changes
FOUND = "🔍 Cari unit {ref}...\n\nKetemu!\n\n{car}"
MEANT = "🔍 Cari unit {ref}...\n\nTidak ada yang persis. Maksudnya {suggestion}?\n\n{car}"
CAR = """🚗 {brand} {model} {year} {color}
📋 Plat: {plate} (Internal)
📱 Kode: {code} (Customer lihat)
💰 {price}"""
CAR_SALES = "🚗 {brand} {model} {year} {color}\n📱 Kode: {code}\n💰 {price}"
CAR_MORE = """
📍 KM: {km}
⚙️ {transmission}{fuel}
📌 Status: {status}{branch}
✨ Fitur: {features}
📝 Catatan: {notes}
📷 Foto: {photos}"""
CAR_BRANCH = "\n🏢 Cabang: {branch}"
NO_PLATE = "belum ada"
NOTHING = "-"
QUICK = """
━━━━━━━━━━━━━━━━━━━
Command cepat:
/status {ref}
/harga {ref}
/edit {ref}
/hapus {ref}"""
YES = "Ketik: YA (atau TIDAK kalau batal)"

ASK_STATUS = "Update status jadi {after}?"
ASK_PRICE = "Ganti harganya?"
ASK_EDIT = "Simpan perubahan ini?"
ASK_DELETE = """Hapus unit ini dari stok?
Hilang dari website dan bot, dan kode {code} tidak dipakai lagi. Kalau mobilnya laku, lebih pas: /status {ref} terjual"""
PRICE_JUMP = "⚠️ Bedanya jauh, cek lagi jumlah nolnya ya."
CHANGED_LINE = "• {label}: {before} → {after}"
PHOTOS_LINE = "• Foto: {before} → {after}"
PHOTOS_ORDER = "• Foto: urutan sebelumnya"
PRICE_LINE = "💰 Harga: {before} → {after} ({moved})"
PRICE_DOWN, PRICE_UP = "turun {by}", "naik {by}"
STATUS_LINE = "📌 Status: {before} → {after}"

LABELS = {
    "status": "Status",
    "price_idr": "Harga",
    "km": "KM",
    "year": "Tahun",
    "color": "Warna",
    "transmission": "Transmisi",
    "fuel": "Bahan bakar",
    "brand": "Merek",
    "model": "Model",
    "features": "Fitur",
    "condition_notes": "Catatan",
    "branch_id": "Cabang",
    "plate_clean": "Plat",
}
STATUSES = {"available": "TERSEDIA", "booking": "BOOKING", "sold": "TERJUAL", "draft": "DRAFT"}

# -- it was changed
STATUS_DONE = """✅ Status diupdate!

Unit {plate} ({code}) sekarang:
{effects}

{stats}

Update mobil lain? Ketik /status [plat]"""
STATUS_EFFECTS = {
    "sold": "❌ Tidak muncul di website\n✅ Ditandai TERJUAL di dashboard\n📊 Tercatat di laporan penjualan",
    "booking": "🔖 Ditandai BOOKING di dashboard\n❌ Tidak ditawarkan lagi ke customer lain",
    "available": "✅ Tampil di website\n✅ Ditawarkan bot ke customer\n📌 Status: TERSEDIA",
    "draft": "❌ Tidak muncul di website\n📝 Tersimpan sebagai DRAFT",
}
STATS = """━━━━━━━━━━━━━━━━━━━
Quick Stats Hari Ini:
• Mobil terjual: {sold} unit
• Revenue: {revenue}
• Lead masuk: {leads} leads
━━━━━━━━━━━━━━━━━━━"""
PRICE_DONE = """✅ Harga diupdate!

Unit {plate} ({code}) sekarang:
💰 {before} → {after}

Bot dan website langsung pakai harga baru."""
EDIT_DONE = "✅ Data diupdate!\n\nUnit {plate} ({code}) sekarang:\n{lines}"
EDIT_RENAMED = "\n\nNama di website: {name}"
DELETE_DONE = "🗑️ Unit {plate} ({code}) sudah dihapus dari stok."
CAN_UNDO = "\n\nSalah? Ketik /batal-ubah dalam {minutes} menit."
LEFT = "Oke, tidak ada yang diubah 👍"
SAME = "Unit {plate} ({code}) memang sudah begitu: {what}. Tidak ada yang diubah."
SAME_STATUS = "Unit {plate} ({code}) memang sudah {status}. Tidak ada yang diubah."
ONLY_YES = "Belum saya ubah. Ketik YA untuk simpan, TIDAK untuk batal."

# -- somebody else was there meanwhile
MEANWHILE = "⚠️ Belum saya simpan: unit {plate} ({code}) baru saja diubah {who}.\n{lines}"
SOMEBODY = "orang lain"
GONE = "Unit ini sudah tidak ada di stok: dihapus {who}."

# -- which car, which value
WHICH_CAR = {
    "status": "Mobil yang mana, dan statusnya jadi apa? Tulis plat atau kodenya.\nContoh: /status B1234XYZ terjual\nStatus: tersedia, booking, terjual, draft",
    "price": "Mobil yang mana, dan harga barunya berapa? Tulis plat atau kodenya.\nContoh: /harga B1234XYZ 185jt",
    "edit": "Mobil yang mana, dan apa yang diubah? Tulis plat atau kodenya.\nContoh: /edit B1234XYZ km 45rb\nBisa: merek, model, tahun, warna, transmisi, km, harga, bbm, fitur, catatan, cabang, plat",
    "photos": "Foto mobil yang mana? Tulis plat atau kodenya.\nContoh: /foto B1234XYZ\nSetelah itu foto bisa ditambah, dihapus, diurutkan.",
    "delete": "Mobil yang mana yang dihapus? Tulis plat atau kodenya.\nContoh: /hapus B1234XYZ",
}
WHICH_VALUE = {
    "status": "Statusnya jadi apa?\n1 = tersedia\n2 = booking\n3 = terjual\n4 = draft\nBalas angkanya atau katanya.",
    "price": "Harga barunya berapa? Contoh: 185jt",
    "edit": "Apa yang diubah? Contoh: km 45rb, warna hitam, tahun 2020, model Avanza 1.3 G, fitur: velg racing, catatan: ban baru, cabang Pusat, plat B1234XYZ",
}
VALUE_UNREAD = "Belum terbaca. {which}\nAtau ketik batal."
PRICE_UNREAD = 'Harga "{said}" belum terbaca sebagai harga mobil. Contoh: 185jt'
KM_UNREAD = 'KM "{said}" belum terbaca. Contoh: 45rb'
BRANCH_UNKNOWN = 'Cabang "{said}" tidak ada. Cabang yang ada: {known}'
BRANCH_NONE = "Showroom ini belum punya cabang."
PLATE_TAKEN = "Plat {plate} sudah dipakai unit {code}."
PLATE_UNREAD = 'Plat "{said}" belum terbaca. Contoh: B1234XYZ'
PLATE_INSIDE = "Plat jangan ditulis di {labels} ya, bagian itu dibaca customer."
FEATURE_NOT_THERE = 'Fitur "{said}" tidak ada di unit ini. Yang ada: {known}'
WHICH = "Ada {count} unit yang cocok:\n{list}\n\n{most}Yang mana? Balas angkanya, atau ketik batal."
WHICH_MOST = "Ini {shown} yang pertama; lebih cepat dengan plat atau kode.\n"
WHICH_NEAR = "Unit {ref} tidak ketemu. Mungkin maksudnya:\n{list}\n\nBalas angkanya, atau ketik batal."
WHICH_LINE = "{number}. {name} | {plate} | {price} | {status}"
NOT_FOUND = "Unit {ref} tidak ada di stok. Ketik /list untuk lihat semua unit."
REF_WORDS = "yang dimaksud"
WHICH_AGAIN = "Balas angka 1 sampai {most}, atau ketik batal."

# -- taking back
UNDONE = "↩️ Dikembalikan!\n\nUnit {plate} ({code}) sekarang:\n{lines}"
UNDONE_UPLOAD = "\n\nData dan fotonya tetap ada, hanya tidak tampil ke customer. Publish lagi: /status {ref} tersedia"
UNDO_DRAFT = (
    "Unit {plate} ({code}) memang masih DRAFT, jadi belum terlihat customer. Tidak jadi dijual? Ketik /hapus {ref}"
)
UNDONE_DELETE = (
    "↩️ Dikembalikan!\n\nUnit {plate} ({code}) ada lagi di stok, lengkap dengan foto dan kodenya. Status: {status}."
)
UNDONE_IMPORT = "↩️ {count} mobil dari daftar tadi sudah dikeluarkan lagi dari stok."
UNDO_IMPORT_STAYS = (
    "{count} mobil dari daftar itu sudah diubah sejak masuk, jadi tetap di stok. Hapus satu-satu lewat /hapus."
)
UNDO_NOTHING = "Tidak ada perubahan Anda dalam {minutes} menit terakhir yang bisa dikembalikan."
UNDO_OTHER_CAR = "Perubahan terakhir Anda bukan di unit {ref}, tapi di unit {plate} ({code}). Ketik /batal-ubah saja untuk mengembalikannya."
UNDO_ONE_OF_IMPORT = "Perubahan terakhir Anda adalah memasukkan daftar mobil. Ketik /batal-ubah saja untuk mengeluarkan semuanya, atau /hapus {ref} untuk unit itu saja."
UNDO_OTHERS = "Tidak bisa dikembalikan: unit {plate} ({code}) sudah diubah lagi oleh {who}."
UNDO_GONE = "Tidak bisa dikembalikan: unitnya sudah dihapus {who}."
UNDO_PLATE = "Tidak bisa dikembalikan: plat {plate} sudah dipakai unit lain."

# -- lists
LIST = "📋 Stok{filter}: {count} unit{states}\n\n{list}\n\n{more}Ketik angkanya untuk lihat detail unit."
LIST_LINE = "{number}. {name}\n   {price} | {km} | {transmission} | {plate}{status}"
LIST_STATES = "\n{states}"
LIST_MORE = "Ketik lanjut untuk {count} unit berikutnya.\n"
LIST_NO_MORE = "Sudah semua, tidak ada unit lagi."
LIST_EMPTY = "Stok masih kosong. Mobil pertama? Ketik /upload"
LIST_EMPTY_SALES = "Stok masih kosong."
LIST_NONE = "Tidak ada unit{filter} di stok. Ketik /list untuk semua unit."
LIST_FILTER = " ({filter})"

# -- reports
REPORT = """📊 LAPORAN {span}{branch}
{dates}

🚗 Terjual: {sold} unit
💰 Revenue: {revenue}
🔖 Booking baru: {booked} unit
🆕 Mobil baru: {new_cars} unit

👥 Lead masuk: {leads}{by_status}
🔥 Hot belum diambil sekarang: {hot_waiting}{taken}

📦 Stok sekarang: {available} tersedia, {booking} booking, {draft} draft
💎 Nilai stok: {value}

{others}"""
REPORT_BY_STATUS = "\n   {list}"
REPORT_TAKEN = "\n⏱️ Lead diambil sales rata-rata dalam {time}"
REPORT_OTHERS = "Periode lain: /laporan kemarin, /laporan minggu, /laporan bulan"
SPANS = {
    "day": "HARI INI",
    "yesterday": "KEMARIN",
    "week": "MINGGU INI",
    "last_week": "MINGGU LALU",
    "month": "BULAN INI",
    "last_month": "BULAN LALU",
    "year": "TAHUN INI",
}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
MINUTES, HOURS, UNDER_A_MINUTE = "{n} menit", "{n} jam", "kurang dari 1 menit"

# -- help
HELP = "Perintah untuk {role}:\n\n{lines}\n\n{end}"
HELP_ROLES = {"owner": "owner", "admin": "admin", "sales": "sales"}
HELP_LINES = {
    "upload": "/upload - mobil baru, dengan foto (banyak sekaligus: kirim file Excel/CSV atau tempel daftarnya)",
    "status": "/status [plat|kode] [tersedia|booking|terjual|draft]",
    "price": "/harga [plat|kode] [harga baru]",
    "edit": "/edit [plat|kode] [km 45rb, warna hitam, ...]",
    "photos": "/foto [plat|kode] - tambah, hapus, urutkan foto",
    "delete": "/hapus [plat|kode]",
    "undo": "/batal-ubah - kembalikan perubahan terakhir Anda",
    "list": "/list [filter] - stok, contoh: /list avanza",
    "report": "/laporan [minggu|bulan] - angka penjualan",
    "leads": "/lead - daftar lead, /lead [nama] - lihat chat-nya",
    "done": "/selesai [nama] - selesai, bot boleh jawab lagi",
    "lead_status": "/status-lead [nama] [hot|warm|cold|closed|lost]",
    "note": "/catat [nama] [isi catatan]",
    "help": "/help - daftar ini",
}
HELP_OFFERS = "1 / 2 - ambil / skip lead yang ditawarkan"
HELP_END = "[nama] boleh nama customer atau 4 angka terakhir nomornya."
HELP_END_STOCK = 'Boleh juga pakai kalimat biasa: "avanza hitam udah laku", "turunin harga xpander jadi 230". Sebelum ada yang berubah saya tanya dulu.\n'
