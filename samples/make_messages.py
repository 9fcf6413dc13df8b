#!/usr/bin/python3
"""Writes messages.jsonl and expected.jsonl: sample messages, and what a content firewall has to find in each.

    make_messages.py [FOLDER]

The folder is the one this file is in when none is named. The output is the same on every run.
"""

import base64
import json
import pathlib
import random
import sys
import urllib.parse

import personal
from traffic import Traffic

SEED = 2026
CLEAN = {  # form of traffic, how many messages
    "web": 70, "brief": 20, "app": 30, "video": 20, "native": 15, "track": 55, "identify": 25, "page": 25,
    "pageview": 40,
}
BID_REQUESTS = ["web", "brief", "app", "video", "native"]


# How content is wrapped. The layers, outermost first, are in WRAPS.


def plain(value):
    return value


def in_base64(value):
    return base64.b64encode(value if isinstance(value, bytes) else value.encode()).decode()


def in_data_url(value):
    return f"data:application/octet-stream;base64,{in_base64(value)}"


def in_percent(value):
    return urllib.parse.quote(value, safe="")


def in_url(value):
    return f"https://shop.example.com/search?lang=en&q={in_percent(value)}&page=1"


def in_query(value):
    return f"page=1&q={in_percent(value)}"


def in_json(value):
    return json.dumps({"v": 1, "text": value})


def in_json_in_base64(value):
    return in_base64(in_json(value))


def in_base64_in_json(value):
    return json.dumps({"v": 2, "data": in_base64(value)})


def in_json_in_percent(value):
    return in_percent(in_json(value))


def in_msgpack_in_base64(value):
    text = value.encode()
    return in_base64(b"\x81\xa4text\xda" + len(text).to_bytes(2, "big") + text)


def in_base64_twice(value):
    return in_base64(in_base64(value))


WRAPS = {
    plain: [], in_base64: ["base64"], in_data_url: ["base64"], in_percent: ["percent"], in_url: ["percent"],
    in_query: ["percent"], in_json: ["json"], in_json_in_base64: ["base64", "json"],
    in_base64_in_json: ["json", "base64"], in_json_in_percent: ["percent", "json"],
    in_msgpack_in_base64: ["base64", "msgpack"], in_base64_twice: ["base64", "base64"],
}

STRAYS = [  # form of traffic, field that the content strays into, content, wrap; each is used TIMES times
    ("web", "user.customdata", personal.raw_mail, in_base64),
    ("web", "user.ext.crm.note", personal.raw_mail, plain),
    ("web", "site.page", personal.address, in_url),
    ("web", "site.search", personal.diary, plain),
    ("web", "site.ext.session", personal.chat_export, in_json_in_base64),
    ("web", "user.ext.context", personal.mail_reply, in_base64_in_json),
    ("web", "site.content.ext.upload", personal.pdf, in_base64),
    ("web", "user.ext.hem", personal.hashed_address, plain),
    ("web", "user.ext.lead", personal.person, plain),
    ("brief", "site.ref", personal.contact_note, in_url),
    ("brief", "user.customdata", personal.support_talk, in_msgpack_in_base64),
    ("brief", "ext.debug", personal.token, plain),
    ("app", "app.ext.last_error", personal.file_path, plain),
    ("app", "app.ext.clipboard", personal.chat_log, plain),
    ("app", "user.ext.assistant.messages", personal.assistant_talk, plain),
    ("app", "device.ext.sms.messages", personal.chat_messages, plain),
    ("app", "user.ext.profile", personal.png, in_data_url),
    ("app", "user.ext.calendar", personal.appointment, plain),
    ("app", "user.ext.state", personal.diary, in_base64_twice),
    ("video", "user.keywords", personal.phone, plain),
    ("video", "site.content.ext.comment", personal.contact_note, plain),
    ("native", "user.customdata", personal.contact_card, in_base64),
    ("native", "site.ext.form", personal.iban, in_json),
    ("track", "properties.note", personal.raw_mail, plain),
    ("track", "properties.email", personal.mail_parts, plain),
    ("track", "properties.text", personal.mail_reply, plain),
    ("track", "properties.payload", personal.raw_mail, in_json),
    ("track", "properties.transcript", personal.chat_export, plain),
    ("track", "properties.chat.messages", personal.chat_messages, plain),
    ("track", "properties.widget_state", personal.chat_log, in_base64),
    ("track", "properties.attachment.content", personal.png, in_base64),
    ("track", "properties.documents", personal.uploads, plain),
    ("track", "properties.export", personal.contact_table, plain),
    ("track", "properties.value", personal.card, plain),
    ("track", "properties.input", personal.card_integer, plain),
    ("track", "properties.message", personal.ssn, plain),
    ("track", "properties.form.password", personal.password, plain),
    ("track", "properties.draft", personal.diary, in_json_in_percent),
    ("track", "context.page.url", personal.reset_link, plain),
    ("identify", "traits.email", personal.address, plain),
    ("identify", "traits", personal.person, plain),
    ("identify", "traits.address", personal.postal_address, plain),
    ("identify", "traits.email_sha256", personal.hashed_address, plain),
    ("identify", "traits.notes", personal.iban, plain),
    ("page", "properties.title", personal.contact_note, plain),
    ("page", "properties.search", personal.diary, in_percent),
    ("page", "properties.referrer", personal.reset_link, plain),
    ("pageview", "query_string", personal.contact_note, in_query),
    ("pageview", "request_body", personal.support_talk, plain),
    ("pageview", "headers.authorization", personal.token, plain),
]
TIMES = 2


def put(message, field, value):
    """Sets a field, making the maps on the way to it; a map is added to the one that stands there already."""
    *way, last = field.split(".")
    for name in way:
        message = message.setdefault(name, {})
    if isinstance(value, dict) and last in message:
        message[last] |= value
    else:
        message[last] = value


def make_messages(rng):
    """Yields each message with what is expected of it."""
    traffic = Traffic(rng)
    plan = [(form, None) for form, count in CLEAN.items() for _ in range(count)]
    plan += [(form, stray) for form, *stray in STRAYS * TIMES]
    rng.shuffle(plan)
    for number, (form, stray) in enumerate(plan, 1):
        message = traffic.make(form)
        expected = {"n": number, "kind": "openrtb" if form in BID_REQUESTS else form, "carries": [], "layers": []}
        if stray:
            field, content, wrap = stray
            put(message, field, wrap(content(rng)))
            expected |= {"carries": personal.CONTENTS[content], "layers": WRAPS[wrap]}
        yield message, expected


def write_lines(path, values):
    lines = [json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n" for value in values]
    path.write_text("".join(lines), encoding="utf-8", newline="\n")


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).parent
    messages, expected = zip(*make_messages(random.Random(SEED)))
    write_lines(folder / "messages.jsonl", messages)
    write_lines(folder / "expected.jsonl", expected)


if __name__ == "__main__":
    main()
