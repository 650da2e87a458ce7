# ruff: noqa: E501 -- a sentence stays on one line, to be read and changed as one
"""Every sentence that people of the showroom read."""

# -- a lead is offered
LEAD_NEW = """🔥 LEAD BARU!

Nama: {who}
Minat: {car}
Budget: {budget}
Status: {status}
Pesan terakhir: "{last}"

Chat lengkap: ketik /lead {ref}

Mau ambil lead ini?
1 = AMBIL - saya yang handle
2 = SKIP - kasih ke sales lain"""
LEAD_UNTAKEN = """⚠️ LEAD BELUM DIAMBIL

Belum ada sales yang ambil lead ini.

Nama: {who}
Minat: {car}
Budget: {budget}
Status: {status}
Pesan terakhir: "{last}"

Chat lengkap: ketik /lead {ref}

1 = AMBIL - saya yang handle
2 = SKIP - biar sales lain"""
NO_CAR = "belum sebut mobil tertentu"
NO_BUDGET = "belum disebut"
BUDGET_OF = "{sum} (harga {price})"
BUDGET_NEGOTIATES = "Nego dari {price}"
BUDGET_NONE_YET = "belum disebut (harga {price})"
SILENT_MEDIA = "(foto / file)"

# -- taking, passing on
TAKEN = """✅ Lead {name} sekarang milik Anda.

{contact}

━━━━━━━━━━━━━━━━━━━
Context:
- Minat: {car}
- Budget: {budget}
- Lead score: {status} ({score}/10)
- Yang dibahas: {reasons}
- Pesan terakhir: "{last}"
{notes}
Chat history:
{history}

Good luck closing! 💪
━━━━━━━━━━━━━━━━━━━
Bot diam dulu untuk customer ini. Kalau sudah selesai ketik /selesai {ref}"""
CONTACT = "Customer phone: {phone}\nSilakan chat langsung ke customer: https://wa.me/{digits}"
CONTACT_HIDDEN = "Nomor customer tidak terlihat dari sini. Balas dari WhatsApp showroom ya."
TAKEN_ALREADY = "Lead {name} sudah milik Anda 👍"
TAKEN_BY_OTHER = "Lead {name} sudah diambil {who}."
TAKEN_GONE = "Lead {name} sudah tidak menunggu lagi."
SKIPPED = "Oke, lead {name} saya tawarkan ke {who} ya."
SKIPPED_TO_OWNER = "Oke, lead {name} saya teruskan ke owner."
SKIPPED_LAST = "Oke, lead {name} tetap tercatat di /lead."
SKIPPED_MINE = "Lead {name} sudah milik Anda. Tidak jadi? Ketik /selesai {ref}, nanti bot yang jawab lagi."
SKIPPED_GONE = "Oke. Lead {name} memang sudah tidak menunggu lagi."
WHICH_OFFER = (
    "Ada {count} lead yang menunggu jawaban Anda. Mau {verb} yang mana?\n{list}\n\nBalas angkanya, atau ketik batal."
)
VERB_TAKE, VERB_SKIP = "ambil", "skip"
OFFER_LINE = "{number}. {who} - {car}"

# -- the customer hears who helps, when that is somebody else than was promised
CUSTOMER_TAKEN = "Kak, yang bantu Kakak selanjutnya {name} dari tim sales kami ya, sebentar lagi dihubungi 😊"

# -- leads
LEADS = "📋 Lead terbuka: {count}\n\n{list}\n\n{more}Ketik angkanya untuk lihat chat-nya, atau /catat, /status-lead, /selesai diikuti nama."
LEADS_MORE = "Ketik lanjut untuk {count} lead berikutnya.\n"
LEADS_NONE = "Belum ada lead terbuka 👍"
LEADS_NO_MORE = "Sudah semua, tidak ada lead lagi."
LEAD_LINE = "{number}. {who}\n   {car} | {status} {score}/10 | {owner}"
LEAD_WAITING, LEAD_NOBODY, LEAD_MINE = "⏳ menunggu diambil", "belum ada sales", "milik Anda"
LEAD_DETAIL = """👤 {who}
- Minat: {car}
- Budget: {budget}
- Status: {status} ({score}/10)
- Yang dibahas: {reasons}
- Sales: {owner}
{notes}
Chat:
{history}

{next}"""
LEAD_NEXT_TAKE = "Balas 1 untuk AMBIL lead ini."
LEAD_NEXT_MINE = "Selesai? Ketik /selesai {ref}. Catatan: /catat {ref} isi catatan."
LEAD_NEXT_PLAIN = "Catatan: /catat {ref} isi catatan. Status: /status-lead {ref} warm"
NOTES = "- Catatan: {notes}"
HISTORY_CUSTOMER, HISTORY_BOT, HISTORY_SALES, HISTORY_SYSTEM = "[Customer]", "[Bot]", "[Sales]", "[Info]"
HISTORY_NONE = "(belum ada)"

LEAD_UNKNOWN = (
    'Lead "{ref}" tidak ketemu. Ketik /lead untuk daftar lead, lalu pakai namanya atau 4 angka terakhir nomornya.'
)
LEAD_WHICH = "Lead yang mana?\n{list}\n\nBalas angkanya, atau ketik batal."
LEAD_WHICH_NONE = "Lead yang mana? Tulis namanya, contoh: {example}"
LEAD_OTHERS = "Lead {name} dipegang {who}, jadi hanya {who} atau owner yang bisa mengubahnya."
NUMBER_UNKNOWN = "Angka {number} tidak ada di daftar. Balas 1 sampai {most}, atau ketik batal."
NOTHING_WAITS = "Tidak ada yang menunggu jawaban {text}. Ketik /lead untuk daftar lead, /help untuk semua perintah."
OFFER_WAITS = "Lead {names} masih menunggu jawaban Anda. Balas 1 untuk AMBIL, 2 untuk SKIP."
EXPIRED = "Pertanyaan tadi sudah lewat 30 menit, jadi saya batalkan. Silakan ulangi perintahnya ya."
NOD = "Siap 👍"
CANCELLED = "Oke, dibatalkan."
NOTHING_TO_CANCEL = "Tidak ada yang sedang berjalan 👍"
WHICH_TAKEN_BACK = "Yang mana? Ketik batal untuk yang sedang ditanyakan, atau /batal-ubah untuk perubahan terakhir."

DONE = "✅ Chat {name} saya kembalikan ke bot. Status lead: {status}.\nDeal atau batal? Ketik /status-lead {ref} closed atau /status-lead {ref} lost."
DONE_NOT_HELD = "Chat {name} memang sedang dijawab bot. Status lead: {status}."
STATUS_SET = "✅ Lead {name}: {before} → {after}."
STATUS_SAME = "Lead {name} memang sudah {after}."
STATUS_SET_OVER = "✅ Lead {name}: {before} → {after}. Chat-nya saya kembalikan ke bot."
STATUS_REFUSED = "Lead {name} yang ini tidak bisa dibuka lagi: customer-nya sudah punya lead baru."
STATUS_WHICH = "Status apa untuk {name}? Pilih: hot, warm, cold, closed, lost. Contoh: /status-lead {ref} warm"
NOTED = "📝 Dicatat untuk {name}: {note}"
NOTE_EMPTY = "Catatannya apa? Contoh: /catat {ref} minta dihubungi habis gajian"

# -- while a person has the conversation
RELAYED = "💬 {who} menulis di nomor showroom:\n\n{text}"

# -- a number is enrolled with a code
ENROLLED = """✅ Nomor Anda sudah terdaftar!

Halo {name} 👋 Selamat bergabung di tim {showroom} sebagai {role}.

{can}

Semua perintah: ketik /help"""
ENROL_MANAGER_CAN = (
    "Dari chat ini Anda bisa atur stok: /upload untuk mobil baru, /status kalau ada yang laku, /lead untuk lihat lead."
)
ENROL_SALES_CAN = (
    "Lead baru saya kirim ke chat ini: balas 1 untuk ambil, 2 untuk skip. Lihat stok: /list, lihat lead: /lead."
)
ENROL_REFUSED = "Maaf, kode itu tidak bisa dipakai. Cek lagi penulisannya ya, atau minta kode baru ke showroom."
ENROL_TOO_OFTEN = "Maaf, sudah terlalu sering dicoba. Coba lagi satu jam lagi ya, atau minta bantuan ke showroom."
ENROL_NO_NUMBER = "Maaf, nomor WhatsApp Anda tidak terlihat dari sini, jadi belum bisa didaftarkan. Minta showroom daftarkan nomornya langsung ya."
ENROL_ALREADY = "Nomor ini sudah terdaftar atas nama {name}, jadi kodenya tidak perlu dipakai di sini. Ketik /help untuk daftar perintah."
ENROL_NEWS = (
    "📱 {name} ({role}) sekarang terdaftar dengan nomor {phone}. Tidak kenal nomor ini? Segera hubungi pengelola."
)
ENROL_LEAD_NOTE = "Nomor ini sekarang dipakai {name} dari tim."

# -- commands in general
NOT_ALLOWED = "Perintah ini hanya untuk owner dan admin. Ketik /help untuk yang bisa Anda pakai."
NOT_YET = "Perintah ini belum tersedia lewat chat. Ketik /help untuk daftar perintah."
SENT = {
    "image": "Foto",
    "audio": "Voice note",
    "video": "Video",
    "sticker": "Stiker",
    "location": "Lokasi",
    "contact": "Kontak",
    "document": "File",
}
SENT_OTHER = "Kiriman ini"
NO_WORDS = "{what} belum bisa saya baca. Ketik perintahnya ya, /help untuk daftarnya."
HELLO = "Halo {name} 👋 Nomor ini terdaftar di tim {showroom}. Ketik /help untuk daftar perintah."

STATUS_SAID = {"new": "NEW", "hot": "HOT", "warm": "WARM", "cold": "COLD", "closed": "CLOSED", "lost": "LOST"}
OPTED_OUT = " ⚠️ minta tidak dihubungi lagi"
