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
