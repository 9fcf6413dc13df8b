"""Personal content as people write and keep it: mails, chats, files, diaries, ways to reach and to pay them.

People, addresses and messages are invented. Telephone numbers are from ranges kept for fiction, card and account
numbers are the published test numbers. Each function takes a random number generator; CONTENTS names the classes that
its content carries.
"""

import base64
import hashlib
import json
import zlib

PEOPLE = [  # name, address, phone
    ("Ada Quill", "ada.quill@example.org", "+44 7700 900142"),
    ("Bram Tolley", "bram.tolley@example.com", "(503) 555-0117"),
    ("Cleo Varga", "cleo@varga.example", "+44 7700 900871"),
    ("Dov Lindqvist", "dov.lindqvist+shop@example.net", "+1 202-555-0164"),
    ("Esme Okoro", "esme_okoro@mail.example.org", "+44 7700 900316"),
]
LETTERS = [  # subject, salutation, text, closing
    ("Saturday", "Dear", "the train gets in at ten past four. Could you bring the spare keys?", "Love,\nEsme"),
    ("Re: results", "Hi", "the doctor rang, everything is fine. I will tell you the rest tonight.", "Best,\nBram"),
    ("the flat", "Hello", "they accepted our offer! We sign on the 12th, please tell nobody yet.", "Cheers\nCleo"),
]
TALKS = [  # two people in turn
    ["are you home yet?", "no, still at my mother's", "ok call me when you leave", "will do, she is not well"],
    ["did you tell him about the job?", "not yet, I'm scared", "he won't be angry, I promise", "thanks, love you"],
    ["my parcel is late", "I'm sorry, can you give me your street?", "48 Marrow Lane", "thank you, I can see it now"],
]
DIARY = [
    "Dear diary, today I told my sister about the baby. She cried, then I cried.",
    "I can't sleep since we moved. I miss my old room and I don't know how to tell my husband.",
    "Yesterday I went to the clinic alone. I feel so lonely, but my doctor said it will pass.",
]
PATHS = ["C:\\Users\\ada\\Documents\\divorce\\agreement-v3.docx", "/home/bram/Documents/letters/to-the-bank.odt",
         "/Users/cleo/Desktop/scans/passport.png"]
UPLOADS = ["payslip-2026-02.pdf", "biopsy result.pdf", "IMG_4411.HEIC"]
APPOINTMENTS = ["Dentist", "Talk with the lawyer", "Couples therapy"]
CARDS = ["4111 1111 1111 1111", "5555 5555 5555 4444", "3782 822463 10005", "6011 1111 1111 1117"]
IBANS = ["DE89 3704 0044 0532 0130 00", "GB82 WEST 1234 5698 7654 32", "FR14 2004 1010 0505 0001 3M02 606"]
SSNS = ["219-09-9999", "ssn 219-09-9999", "my social security number is 219 09 9999"]
PASSWORDS = ["example-Pa55phrase-17", "maple.River.8.example", "0ctober!example"]


# Mail


def letter(rng, name):
    subject, salutation, text, closing = rng.choice(LETTERS)
    return subject, f"{salutation} {name.split()[0]},\n\n{text}\n\n{closing}"


def raw_mail(rng):
    (sender, sender_address, _), (name, address, _) = rng.sample(PEOPLE, 2)
    subject, text = letter(rng, name)
    return "\r\n".join([
        f"From: {sender} <{sender_address}>", f"To: {name} <{address}>", f"Subject: {subject}",
        f"Date: Tue, 3 Mar 2026 18:{rng.randrange(10, 60)}:07 +0100",
        f"Message-ID: <{rng.getrandbits(48):x}@mail.example.org>", "MIME-Version: 1.0", "", text])


def mail_parts(rng):
    subject, text = letter(rng, rng.choice(PEOPLE)[0])
    return {"subject": subject, "body": text, "folder": "sent"}


def mail_reply(rng):
    name, address, _ = rng.choice(PEOPLE)
    quoted = "\n".join("> " + line for line in letter(rng, name)[1].split("\n"))
    return f"That suits me well, see you then.\n\nOn Tue, 3 Mar 2026 at 18:22, {name} <{address}> wrote:\n{quoted}"


# Chat


def spoken(rng, form):
    names = [name.split()[0] for name, _, _ in rng.sample(PEOPLE, 2)]
    minute = rng.randrange(10, 50)
    return "\n".join(form.format(name=names[turn % 2], minute=minute + turn, text=text)
                     for turn, text in enumerate(rng.choice(TALKS)))


def chat_export(rng):
    return spoken(rng, "03/03/2026, 21:{minute} - {name}: {text}")


def chat_log(rng):
    return spoken(rng, "[21:{minute}] {name}: {text}")


def chat_messages(rng):
    start = 1772573000 + rng.randrange(9000)
    return [{"from": turn % 2, "ts": start + 40 * turn, "text": text} for turn, text in enumerate(rng.choice(TALKS))]


def assistant_talk(rng):
    return [{"role": "user", "content": rng.choice(DIARY)},
            {"role": "assistant", "content": "That sounds hard. Do you want to talk about it?"}]


def support_talk(rng):
    return "\n".join(f"{('Customer', 'Agent')[turn % 2]}: {text}" for turn, text in enumerate(rng.choice(TALKS)))


# Files


def pdf(rng):
    text = f"BT /F1 12 Tf 72 720 Td (Payslip 2026-{rng.randrange(1, 13):02}) Tj ET"
    objects = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
               "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>",
               f"<</Length {len(text)}>>\nstream\n{text}\nendstream"]
    body = "".join(f"{number} 0 obj\n{object}\nendobj\n" for number, object in enumerate(objects, 1))
    return f"%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\n{body}trailer\n<</Root 1 0 R>>\n%%EOF\n".encode("latin-1")


def png(rng):
    side = 12
    rows = b"".join(b"\0" + rng.randbytes(side) for _ in range(side))
    header = side.to_bytes(4, "big") * 2 + b"\x08\0\0\0\0"
    chunks = [png_chunk(b"IHDR", header), png_chunk(b"IDAT", stored(rows)), png_chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def png_chunk(kind, data):
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def stored(data):
    """A zlib stream (RFC 1950) that is not compressed, so that it is the same whatever library is at work."""
    length = len(data)
    return (b"\x78\x01\x01" + length.to_bytes(2, "little") + (length ^ 0xFFFF).to_bytes(2, "little") + data
            + zlib.adler32(data).to_bytes(4, "big"))


def contact_card(rng):
    name, address, phone = rng.choice(PEOPLE)
    return f"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:{name}\r\nEMAIL:{address}\r\nTEL:{phone}\r\nEND:VCARD\r\n"


def contact_table(rng):
    return "\n".join(["Name;E-mail;Phone", *(";".join(person) for person in rng.sample(PEOPLE, 3))])


def file_path(rng):
    return rng.choice(PATHS)


def uploads(rng):
    return [{"name": rng.choice(UPLOADS), "size": rng.randrange(9000, 900000)}]


# Identifiers, pseudonyms, credentials


def address(rng):
    return rng.choice(PEOPLE)[1]


def hashed_address(rng):
    return hashlib.sha256(address(rng).encode()).hexdigest()


def phone(rng):
    return rng.choice(PEOPLE)[2]


def contact_note(rng):
    name, address, phone = rng.choice(PEOPLE)
    return f"please ring {name.split()[0]} on {phone} or write to {address}"


def card(rng):
    return rng.choice(CARDS)


def card_integer(rng):
    return int(card(rng).replace(" ", ""))


def iban(rng):
    return rng.choice(IBANS)


def ssn(rng):
    return rng.choice(SSNS)


def token(rng):
    parts = [{"alg": "none", "typ": "JWT"}, {"sub": "demo", "jti": rng.getrandbits(40)}, {"signature": "made up"}]
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    return "Bearer " + ".".join(encoded)


def password(rng):
    return rng.choice(PASSWORDS)


def reset_link(rng):
    return f"https://accounts.example.com/reset?reset_token={rng.getrandbits(128):032x}"


# Lives


def diary(rng):
    return rng.choice(DIARY)


def appointment(rng):
    (name, address, _), (other, _, _) = rng.sample(PEOPLE, 2)
    return {"title": rng.choice(APPOINTMENTS), "start": "2026-03-09T16:30:00+01:00",
            "location": "2nd floor, ring twice", "attendees": [{"name": name, "email": address}, {"name": other}]}


def person(rng):
    name, address, phone = rng.choice(PEOPLE)
    first, last = name.split()
    return {"first_name": first, "last_name": last, "email": address, "phone": phone,
            "birthday": f"19{rng.randrange(60, 99)}-04-17", "plan": "free"}


def postal_address(rng):
    return {"street": f"{rng.randrange(2, 90)} Marrow Lane", "city": "Eastbridge", "postal_code": "EX4 0AA"}


CONTENTS = {
    raw_mail: ["email", "identifier"], mail_parts: ["email"], mail_reply: ["email", "identifier"],
    chat_export: ["chat"], chat_log: ["chat"], chat_messages: ["chat"], assistant_talk: ["chat"],
    support_talk: ["chat"],
    pdf: ["file"], png: ["file"], file_path: ["file"], uploads: ["file"],
    contact_card: ["file", "identifier"], contact_table: ["file", "identifier"],
    address: ["identifier"], phone: ["identifier"], contact_note: ["identifier"], card: ["identifier"],
    card_integer: ["identifier"], iban: ["identifier"], ssn: ["identifier"],
    hashed_address: ["pseudonym"],
    token: ["credential"], password: ["credential"], reset_link: ["credential"],
    diary: ["personal"], appointment: ["personal", "identifier"], person: ["personal", "identifier"],
    postal_address: ["personal"],
}
