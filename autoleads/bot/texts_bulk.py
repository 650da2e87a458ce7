# ruff: noqa: E501 -- a sentence stays on one line, to be read and changed as one
"""Every sentence about a list of cars, from the file to the imported stock."""

# -- the file
FILE_SOON = "📄 File diterima, saya baca dulu ya..."
FILE_WAITS = "Filenya masih diunduh dari WhatsApp, sebentar ya. Hasilnya saya kirim ke sini."
FILE_DROPPED = "File itu tidak sampai ke kami dari WhatsApp. Coba kirim ulang, atau copy isinya dari Excel lalu tempel langsung di chat ini."
FILE_FAILED = {
    "empty": "Filenya kosong (0 byte). Simpan lagi dari Excel, lalu kirim ulang ya.",
    "broken": "Filenya rusak. Simpan lagi dari Excel, lalu kirim ulang ya.",
    "too_heavy": "Filenya terlalu berat untuk dibuka. Copy barisnya dari Excel, lalu tempel langsung di chat ini.",
    "long_list": "Filenya terlalu besar. Bagi jadi beberapa file, masing-masing paling banyak {most} mobil.",
    "too_large": "Filenya terlalu besar. Bagi jadi beberapa file, masing-masing paling banyak {most} mobil.",
}
FILE_LOST = "File itu gagal diunduh dari WhatsApp. Coba kirim ulang ya."
FILE_KIND = """File {kind} belum bisa saya baca. Caranya:
• Simpan lagi sebagai Excel Workbook (.xlsx) atau CSV (.csv), lalu kirim filenya
• Atau copy barisnya (termasuk judul kolom), lalu tempel langsung di chat ini"""
THAT_FILE = "itu"  # in place of a kind that is not known
FILE_NO_LIST = """File {kind} tidak bisa saya pakai. Yang bisa saya baca:
• Foto mobil (JPG, PNG, WebP)
• Daftar mobil (.xlsx atau .csv), untuk upload banyak sekaligus"""

# -- what cannot be read at all
EMPTY = "Belum ada mobil yang terbaca di situ.\n\n{example}"
TOO_MANY = "Ada {count} baris. Sekali kirim paling banyak {most} mobil, jadi bagi dulu jadi beberapa bagian ya."
LACKING = (
    "Kolom yang belum ada: {columns}.{unused}\nTambahkan kolomnya di baris judul, lalu kirim ulang ya.\n\n{example}"
)
UNUSED = "\nKolom yang tidak saya kenal: {columns}."
DOUBLED = "Kolom {columns} ada dua kali, jadi saya tidak tahu mana yang benar. Hapus salah satu, lalu kirim ulang ya."
EXAMPLE = """Contoh judul kolom:
Plat | Merek | Model | Tahun | Harga | KM | Transmisi | Warna
Boleh ditambah: BBM, Fitur, Catatan, Cabang, Status"""
LABEL = {
    "plate": "Plat",
    "brand": "Merek",
    "model": "Model",
    "year": "Tahun",
    "price": "Harga",
    "km": "KM",
    "transmission": "Transmisi",
    "color": "Warna",
    "fuel": "BBM",
    "features": "Fitur",
    "notes": "Catatan",
    "status": "Status",
    "branch": "Cabang",
    "display_code": "Kode",
}
EXAMPLE_OF = {
    "plate": "B1234XYZ",
    "brand": "Toyota Avanza 1.3 G",
    "model": "Toyota Avanza 1.3 G",
    "year": "2020",
    "price": "185jt",
    "km": "45rb",
    "transmission": "Manual atau Matic",
    "color": "Hitam",
    "fuel": "Bensin",
    "features": "Velg racing; Spoiler",
    "notes": "Pajak hidup",
    "status": "tersedia, booking, terjual, atau draft",
    "display_code": "#A01",
}

# -- the review
HEAD = "📋 Saya baca {count} mobil: {parts}."
GOOD = "✅ {count} siap masuk"
TWINS = "♻️ {count} sepertinya sudah ada"
BAD = "⚠️ {count} perlu dibetulkan"
CAR = "{line}. {car} {color} | {price} | {km} | {plate}"
NO_PLATE = "tanpa plat"
MORE_CARS = "... dan {count} mobil lagi"
STATES = "Status dari daftar: {states}."
TWINS_HEAD = "♻️ Sepertinya sudah ada, jadi tidak saya masukkan:"
TWIN = "{line}. {car} {color} | {price} | {km} = {code}{gone}"
TWIN_GONE = " (sudah dihapus)"
TWINS_NEXT = "Kalau memang unit lain, ketik {line}: BEDA. Semuanya unit lain? Ketik SEMUA BEDA"
BAD_HEAD = "⚠️ Belum bisa masuk:"
BAD_LINE = "{line}.{car} {problems}"
BAD_CAR = " {car}:"
MORE_BAD = "Juga nomor {lines}."
PROBLEM = {
    "missing": "{label} belum ada. Contoh: {example}",
    "unread": '{label} "{said}" belum terbaca. Contoh: {example}',
    "range": '{label} "{said}" tidak masuk akal. Contoh: {example}',
    "twice": "{label} {said} sama dengan nomor {other}",
    "taken": "{label} {said} sudah ada di stok{other}",
    "long": '{label} "{said}" terlalu panjang. Contoh: {example}',
    "plate": "Plat jangan ditulis di kolom {label} ya, bagian itu dibaca customer",
}
KM_UNCLEAR = 'KM "{said}" belum jelas. Tulis {said}rb atau {said} km'
TAKEN_BY = " ({code})"
BRANCH_UNKNOWN = 'Cabang "{said}" tidak ada. Cabang: {known}'
NOT_SPLIT = "kolomnya tidak pas dengan judul. Tulis ulang baris ini"
STRANGE = "Bukan data mobil, jadi saya lewati: {lines}"
STRANGE_LINE = '"{text}"'
PLATELESS = "{count} mobil tanpa plat; platnya bisa diisi nanti lewat /edit."
STRANGE_MORE = "dan {count} baris lain"
CORRECT = "Betulkan dengan nomornya, contoh:\n{line}: {example}\nTidak jadi dimasukkan? Ketik {line}: HAPUS"
CORRECTION = {
    "plate": "plat B1234XYZ",
    "year": "tahun 2020",
    "price": "harga 185jt",
    "km": "km 45rb",
    "transmission": "Manual",
    "color": "warna Hitam",
    "fuel": "Bensin",
    "features": "Velg racing; Spoiler",
    "notes": "Pajak hidup",
    "branch": "{branch}",
    "status": "tersedia",
}
CORRECTION_OTHER = "B1234XYZ | Toyota Avanza 1.3 G | 2020 | 185jt | 45rb | Manual | Hitam"
CHOICES = "1 = TAYANGKAN {count} mobil sekarang\n2 = SIMPAN {count} mobil sebagai draft\nbatal = tidak jadi"
CHOICE_NONE = "Belum ada yang bisa masuk. Betulkan dulu barisnya, atau ketik batal."
CHOICE_TWINS = "Tidak ada mobil baru di daftar ini. Ketik SEMUA BEDA kalau memang unit lain, atau batal."
ASK_BRANCH = "{count} mobil belum ada cabangnya. Masuk ke cabang mana?\n{list}\n\nBalas angkanya."
BRANCH_LINE = "{number}. {name}"
REPLACED = "Daftar sebelumnya belum masuk, dan saya ganti dengan yang ini."

# -- corrections
CORRECTED = "Oke, nomor {line} sekarang: {car} {color} | {price} | {km} | {plate}"
IS_TWIN = "Yang ini sepertinya sudah ada, jadi tidak saya masukkan:\n{twin}\nUnit lain? Ketik {line}: BEDA"
OTHER = "Oke, nomor {line} unit lain, ikut dimasukkan."
STILL_BAD = "Nomor {line} masih belum bisa masuk: {problems}"
DROPPED = "Oke, nomor {line} tidak saya masukkan."
NOTHING_LEFT = "Daftarnya sekarang kosong, jadi saya tutup."
NO_LINE = "Nomor {line} tidak ada di daftar ini."
UNREAD_LINE = "Perbaikan nomor {line} belum terbaca. Contoh:\n{line}: {example}"
WHICH_LINE = "Itu untuk mobil nomor berapa? Kirim dengan nomornya, contoh:\n{line}: {example}"
OPEN = "Daftar {count} mobil tadi masih menunggu. Balas:\n\n{choices}"
STILL_OPEN = "Daftar mobil tadi masih menunggu. Ketik DAFTAR untuk melihatnya lagi."
NO_PHOTOS = "Daftar mobil tadi masih menunggu, jadi foto ini belum saya pakai. Balas dulu:\n\n{choices}\n\nFotonya nanti lewat /foto dengan kode mobilnya."

# -- the end
TWINS_LEFT = "♻️ {count} mobil yang sudah ada tidak saya masukkan lagi."
PUBLISHED = "✅ {count} mobil sudah tayang!"
DRAFTED = "💾 {count} mobil tersimpan sebagai DRAFT, belum terlihat customer."
STORED = "{code} {car} | {plate}"
PHOTOS = "📸 Fotonya belum ada. Tambahkan satu-satu, contoh: /foto {code}"
UNDO = "Salah daftar? Ketik /batal-ubah dalam {minutes} menit."
LINK = "Customer sudah bisa lihat & chat: {link}"
DRAFT_NEXT = "Tayangkan kapan saja, contoh: /status {code} tersedia"
LEFT = "⚠️ {count} mobil belum masuk:\n{list}\n\n{correct}\nLalu balas 1 atau 2. Kalau tidak perlu, ketik batal."
CANCELLED = "Oke, daftar mobil itu tidak jadi dimasukkan."
CANCELLED_LEFT = "Oke, sisanya tidak jadi dimasukkan."
