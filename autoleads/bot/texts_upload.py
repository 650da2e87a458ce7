# ruff: noqa: E501 -- a sentence stays on one line, to be read and changed as one
"""Every sentence of /upload, from the first photo to the published car."""

_RULE = "━━━━━━━━━━━━━━━━━━━"

# -- photos
SEND_PHOTOS = """📸 Kirim foto mobil (max 10 foto)

Boleh langsung sekalian infonya, atau infonya dulu juga boleh. Ketik batal kalau tidak jadi."""
PHOTOS = "✅ {count} foto diterima!"
PHOTOS_NONE = "Belum ada foto yang bisa dipakai."
PHOTOS_SAME = "{count} foto dobel, saya pakai sekali saja."
PHOTOS_PENDING = "⏳ {count} foto masih diunduh, nanti masuk sendiri."
PHOTOS_TOO_MANY = "Maksimal 10 foto, jadi {which} tidak dipakai."
PHOTO_FAILED = "⚠️ Foto ke-{number} tidak bisa dipakai: {why}"
PHOTO_NUMBER = "foto ke-{number}"
WHY = {
    "empty": "filenya kosong (0 byte). Coba kirim ulang.",
    "heic": "formatnya HEIC (iPhone). Kirim lagi sebagai foto biasa, bukan dokumen, atau ubah dulu ke JPG.",
    "video": "itu video. Kirim fotonya saja (JPG, PNG, atau WebP).",
    "too_large": "ukurannya lebih dari 10 MB. Kirim versi yang lebih kecil.",
    "too_many_pixels": "resolusinya terlalu besar. Kirim versi yang lebih kecil.",
    "too_heavy": "filenya terlalu berat untuk dibuka. Kirim sebagai foto biasa (JPG).",
    "broken": "filenya rusak. Coba kirim ulang.",
    "dropped": "tidak sampai ke kami dari WhatsApp. Coba kirim ulang.",
    "timeout": "gagal diunduh dari WhatsApp. Coba kirim ulang.",
    "connection": "gagal diunduh dari WhatsApp. Coba kirim ulang.",
    "http": "gagal diunduh dari WhatsApp. Coba kirim ulang.",
    "busy": "gagal diproses. Coba kirim ulang.",
    "address": "gagal diunduh dari WhatsApp. Coba kirim ulang.",
}
WHY_OTHER = "itu {what}, bukan foto. Kirim foto JPG, PNG, atau WebP."
# Kinds of files, and endings under which those are kept.
WHAT = {
    "gif": "GIF",
    "avif": "gambar AVIF",
    "tiff": "gambar TIFF",
    "bmp": "gambar BMP",
    "svg": "gambar SVG",
    "html": "halaman web",
    "pdf": "file PDF",
    "docx": "file Word",
    "doc": "file Office",
    "xlsx": "file Excel",
    "txt": "file teks",
    "archive": "file ZIP",
    "program": "file program",
    "mp4": "video",
    "webm": "video",
    **dict.fromkeys(("ogg", "mp3", "aac", "amr", "wav", "m4a"), "rekaman suara"),
}
WHAT_OTHER = "file yang tidak dikenal"

# -- data
_FORMAT = """[Plat] | [Merek Model] | [Tahun] | [Harga] | [KM] | [Transmisi] | [Warna]

Contoh:
B1234XYZ | Toyota Avanza 1.3 G | 2020 | 185jt | 45rb | Manual | Hitam"""
ASK_DATA = f"Sekarang info mobilnya. Format:\n{_FORMAT}"
DATA_UNREAD = f"Maaf, info mobilnya belum terbaca 🙏 Format:\n{_FORMAT}"
DATA_PART = "Oke, sudah saya catat:\n{known}"
PROBLEM = "⚠️ {text}"
ASK = {
    "model": "Merek dan modelnya apa? Contoh: Toyota Avanza 1.3 G",
    "year": "Tahun berapa? Contoh: 2020",
    "price": "Harganya berapa? Contoh: 185jt",
    "km": "KM-nya berapa? Contoh: 45rb",
    "transmission": "Transmisinya Manual atau Matic?",
    "color": "Warnanya apa? Contoh: Hitam",
    "plate": "Platnya berapa? Contoh: B1234XYZ. Ketik TANPA PLAT kalau belum ada.",
    "fuel": "Bahan bakarnya apa? Contoh: Bensin",
}
PLATE_BAD = 'Plat "{said}" belum terbaca. Contoh: B1234XYZ'
PRICE_IN_THOUSANDS = 'Harga "{said}" terlalu kecil untuk mobil.'
PRICE_MEANT = " Maksudnya {price}? Ketik {typed}jt ya."
KM_IN_MILLIONS = 'KM "{said}" sepertinya harga, jadi belum saya catat. Kalau harganya yang berubah, ketik: harga {said}'
KM_IN_WORDS = "Angka KM-nya yang dibutuhkan, kira-kira juga boleh."
KM_TOO_LOW = (
    "KM-nya {km} km? Kalau maksudnya {thousands}, ketik: km {km}rb. Kalau memang baru {km} km, ketik: {km} km betul"
)
PLATE_IN_PART = "Yang dibutuhkan plat lengkapnya: huruf, angka, lalu huruf."
LABEL = {
    "plate": "Plat",
    "model": "Mobil",
    "year": "Tahun",
    "price": "Harga",
    "km": "KM",
    "transmission": "Transmisi",
    "color": "Warna",
    "fuel": "Bahan bakar",
}
KNOWN_LINE = "• {label}: {value}"
PLATE_TAKEN = """⚠️ Plat {plate} sudah ada di stok:

🚗 {car}
📱 Kode: {code}
💰 {price}
Status: {status}

Kalau salah ketik, kirim plat yang benar. Ketik TANPA PLAT untuk lanjut tanpa plat dulu, atau batal kalau mobilnya memang itu (ubah datanya lewat /edit {code})."""
STATUS = {"available": "tersedia", "booking": "booking", "sold": "terjual", "draft": "draft"}

DATA = f"""Oke! Data diterima.

🚗 Mobil: {{car}}
💰 Harga: {{price}}
📍 KM: {{km}}
⚙️ {{transmission}} | 🎨 {{color}}{{fuel}}

{_RULE}
INTERNAL (Buat Bapak/Ibu):
📋 Plat: {{plate}}
🏷️ Stock: {{stock}}

PUBLIC (Customer lihat):
📱 Kode: {{code}}
{_RULE}"""
FUEL = " | ⛽ {fuel}"
CHANGED = "Oke, saya ganti. {changes}"
CHANGE = "{label}: {value}."

ASK_FEATURES = """Ada fitur khusus? (optional)
Contoh: Velg racing, spoiler

Atau ketik SKIP"""
ASK_NOTES = """Ada catatan kondisi? (optional)
Contoh: Service record lengkap, pajak hidup

Atau ketik SKIP"""
PERFECT = "Perfect! "
TOO_MANY_FEATURES = (
    "Terlalu banyak: maksimal {most} fitur, masing-masing {length} huruf. Coba pilih yang paling menarik ya."
)
TOO_LONG_NOTES = "Catatannya kepanjangan: maksimal {most} huruf. Coba diringkas ya."
PLATE_INSIDE = (
    "Platnya jangan ditulis di sini ya, bagian ini dibaca customer. Coba tulis lagi tanpa plat.\n\n{question}"
)
ASK_BRANCH = "Mobil ini ada di cabang mana?\n{list}\n\nBalas angkanya."
BRANCH_LINE = "{number}. {name}"

# -- recap
RECAP = """Mantap! Recap final:

🚗 {car}
📋 Plat: {plate} (internal)
📱 Kode: {code} (customer lihat)
💰 {price}
📍 {km} | ⚙️ {transmission} | 🎨 {color}{fuel}
{extras}
Link: {link}

{choices}"""
RECAP_FEATURES = "✨ {features}\n"
RECAP_NOTES = "📝 {notes}\n"
RECAP_BRANCH = "🏢 {branch}\n"
RECAP_PHOTOS = "📸 {count} foto\n"
RECAP_NO_PHOTOS = "📸 Belum ada foto (boleh dikirim sekarang)\n"
CHOICES = """Publish sekarang?
1 = YA, langsung live
2 = EDIT dulu
3 = SIMPAN DRAFT"""
CHOOSE = "Balas 1, 2, atau 3 ya. Mau ganti data? Langsung tulis, contoh: harga 180jt\n\n{choices}"
ASK_EDIT = """Mau ubah apa?
1. Plat
2. Merek & model
3. Tahun
4. Harga
5. KM
6. Transmisi
7. Warna
8. Bahan bakar
9. Fitur
10. Catatan
11. Foto

Balas angkanya, atau langsung tulis, contoh: harga 180jt"""
ASK_AGAIN_PHOTOS = (
    "Oke, foto yang tadi saya lepas. Kirim foto penggantinya (max 10 foto), atau ketik LANJUT untuk lihat recap."
)
EDIT_UNREAD = "Belum jelas mau ubah yang mana.\n\n{question}"

# -- the end
WITH_PHOTOS = "📸 {count} foto terpasang."
WITHOUT_PHOTOS = "📸 Belum ada foto. Tambahkan lewat /foto {ref}"
PUBLISHED = f"""✅ BERHASIL PUBLISH!

Unit {{code}} ({{plate}}) sudah live!

Link: {{link}}

Customer sudah bisa lihat & chat sekarang 🚀

{{photos}}

{_RULE}
Command cepat:
/status {{ref}} atau /status {{code}}
/edit {{ref}}
/foto {{ref}}
/batal-ubah - tarik lagi jadi draft ({{minutes}} menit)
{_RULE}

Upload mobil lagi? Ketik /upload"""
DRAFTED = f"""💾 Tersimpan sebagai DRAFT.

Unit {{code}} ({{plate}}) belum terlihat customer.

{{photos}}

{_RULE}
Command cepat:
/status {{code}} tersedia - publish kapan saja
/edit {{ref}}
/foto {{ref}}
{_RULE}

Upload mobil lagi? Ketik /upload"""

# -- leaving and coming back
CANCELLED = "Oke, upload dibatalkan. Mau mulai lagi? Ketik /upload"
RUNNING = "Upload {what} masih berjalan. Lanjut dulu ya, atau ketik batal untuk mulai baru.\n\n{question}"
PHOTO_OF_ANOTHER = (
    "Fotonya saya masukkan ke upload {what} yang masih berjalan. "
    "Kalau itu mobil lain: ketik batal, lalu kirim lagi foto dan infonya.\n\n{question}"
)
RUNNING_PHOTOS = "{count} foto tadi"
LAPSED = "Upload sebelumnya sudah lewat 30 menit, jadi saya batalkan."
ANEW = "Mulai lagi dengan /upload ya."

# -- a list or another question stands in front of it
NOTED = "Oke, saya catat untuk upload {what}. Kita lanjut setelah daftar ini beres ya."
LATER = "Upload {what} belum selesai, kita lanjut setelah daftar ini beres ya."
RESUMED = "Lanjut upload {what} ya.\n\n{question}"
NO_USE = "{what} belum bisa saya pakai di sini. Kirim foto (JPG, PNG, WebP), atau ketik jawabannya ya.\n\n{question}"

# -- /foto
PHOTOS_GONE = "Mobil {code} sudah tidak ada di stok."
PHOTOS_OF = "📸 {car} {code}: {count} foto\n\n{help}"
PHOTOS_HELP = """Kirim foto baru untuk menambah (max 10 foto), atau ketik:
HAPUS 3 = hapus foto ke-3
UTAMA 2 = foto ke-2 jadi foto pertama
URUT 3 1 2 = urutan baru
SELESAI = sudah beres"""
PHOTOS_ADDED = "✅ {count} foto ditambahkan ke {code}, sekarang {total} foto."
STRAGGLER = "Foto mobil lain? Ketik /batal-ubah, lalu /upload dan kirim lagi."
PHOTOS_ADDED_NONE = "Tidak ada foto baru untuk {code}, tetap {total} foto."
PHOTOS_FULL = "Maksimal 10 foto, jadi {count} foto tidak dipakai. Hapus dulu yang lama, contoh: HAPUS 3"
PHOTOS_DROP = "Hapus {which} dari {car} {code}?\nKetik: YA"
PHOTOS_DROPPED = "✅ {count} foto dihapus dari {code}, sekarang {total} foto."
PHOTOS_FIRST = "✅ Foto ke-{number} sekarang jadi foto pertama {code}."
PHOTOS_ORDERED = "✅ Urutan foto {code} sudah diganti."
PHOTOS_NUMBERS = "{code} punya {total} foto, jadi angkanya 1 sampai {total}. Contoh: {example}"
PHOTOS_EMPTY = "{code} belum punya foto. Kirim fotonya ke sini ya (max 10 foto)."
PHOTOS_CHANGED = "Fotonya baru saja berubah, jadi belum saya hapus. Sekarang ada {total} foto."
PHOTOS_OVER = "Sesi /foto tadi sudah lewat 30 menit, jadi ini saya anggap foto mobil baru. Untuk mobil yang sudah ada di stok: ketik batal, lalu /foto [plat], dan kirim lagi."
PHOTOS_EXPIRED = "Sesi /foto tadi sudah lewat 30 menit, jadi saya tutup. Mulai lagi dengan /foto [plat] ya."
PHOTOS_DONE = "✅ Foto {code} beres: {count} foto.\nLink: {link}"
