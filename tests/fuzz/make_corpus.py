#!/usr/bin/python3
"""Writes the seed corpora of the fuzz targets to tests/fuzz/corpus, one folder per target.

Seeds are named for what they are. Files named found-* came from fuzzing and are left as they are. All data is made up
here.
"""

import base64
import json
import pathlib
import random

import msgpack

CORPUS = pathlib.Path(__file__).parent / "corpus"

AUTO, MSGPACK, JSON = 0, 1, 2  # the first byte modulo 3


def choice(format, rest=0):
    """The first byte of a decode or inspect input: the lowest one from `rest` on that selects the format."""
    return bytes([next(byte for byte in range(rest, rest + 3) if byte % 3 == format)])


def nested(depth, open, close, inner):
    return open * depth + inner + close * depth


VALUES = {
    "empty-map": {},
    "empty-array": [],
    "nil": None,
    "scalars": [None, True, False, 0, -1, 127, -32, -33, 255, 65536, 2**32, 2**64 - 1, -(2**63), 1.5, -0.0, 1e300],
    "strings": ["", "a", "x" * 31, "x" * 32, "y" * 256, "grüße", "日本語", "😀"],
    "map": {"a": 1, "b": {"c": [1, 2, {"d": "e"}]}, "f": []},
    "bid-request": {
        "id": "8a2f", "at": 2, "tmax": 120, "cur": ["USD"],
        "imp": [{"id": "1", "bidfloor": 0.35, "banner": {"w": 300, "h": 250, "pos": 1}}],
        "site": {"domain": "news.example", "page": "https://news.example/a?b=%41%42", "cat": ["IAB12"]},
        "device": {"ua": "Mozilla/5.0 (X11; Linux x86_64)", "ip": "192.0.2.7", "language": "en", "devicetype": 2},
        "user": {"id": "u-1"},
    },
}

PERSONAL = {
    "mail-headers": {"note": "From: ann@example.org\nTo: ben@example.org\nSubject: lunch\n\nSee you at noon."},
    "mail-field": {"user": {"mail": [{"subject": "hello", "body": "I shall be late today."}]}},
    "chat-lines": {"messages": [{"from": "ann", "text": "are you coming tonight?"}, {"from": "ben", "text": "yes!"}]},
    "card-number": {"pay": {"number": 4111111111111111, "text": "card 4111 1111 1111 1111 please"}},
    "card-after-digits": {"text": "1234567890123456 4111111111111111"},
    "iban": {"text": "DE89 3704 0044 0532 0130 00"},
    "address": {"person": {"email": "ann@example.org", "phone": "+49 30 123456", "birthday": "1990-02-30"}},
    "token": {"h": "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLWJ5dGVzLTAxMjM0NTY3ODk"},
    "json-in-text": {"event": '{"note": "From: ann@example.org\\nSubject: lunch"}'},
    "base64-in-text": {"x": "token=" + base64.b64encode(b"From: ann@example.org\nSubject: lunch").decode()},
    "base64-in-base64": {"x": base64.b64encode(base64.b64encode(b"ann@example.org, ben@example.org")).decode()},
    "percent-in-text": {"url": "https://a.example/?q=ann%40example.org%2C%20ben%40example.org&r=%"},
    "percent-five-times": {"url": "a%2525252540b.example"},
    "key-is-personal": {"ann@example.org": 1, "4111111111111111": 2},
    "unknown-keys": {"qqq": {"\u0001\u0002": {"x.y[3]": {"*": "ann@example.org"}}}},
    "pdf-in-base64": {"blob": base64.b64encode(b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj" * 3).decode()},
    "many-findings": {"list": ["ann%d@example.org" % i for i in range(80)]},
}


def deep_finding():
    value = "ann@example.org"
    for _ in range(20):
        value = {"content": [value]}
    return value


PERSONAL["deep-finding"] = deep_finding()

BINARY = {
    "bin-and-ext": msgpack.packb([b"", b"\x00\xff", msgpack.ExtType(5, b"abc"), msgpack.Timestamp(1, 2)]),
    "msgpack-in-bin": msgpack.packb({"blob": msgpack.packb({"mail": {"body": "hello there"}})}),
    "png-in-bin": msgpack.packb({"blob": b"\x89PNG\r\n\x1a\n" + b"\0" * 24}),
    "odd-keys": b"\x86\x01\x02\xc0\x03\x91\x04\x05\x80\x06\xc4\x01k\x07\xcb" + b"\0" * 8 + b"\x08",
    "duplicate-keys": b"\x82\xa1a\x01\xa1a\x02",
    "invalid-utf8-string": b"\x81\xa1a\xa3\xff\xfe\xc0",
    "floats": b"\x94\xca\x7f\x80\x00\x00\xca\x7f\xc0\x00\x00\xcb\x43\x0d\xaf\x1d\x9e\x8c\x80\x00\xcb" + b"\xff" * 8,
}

MSGPACK_FAULTS = {
    "nothing": b"",
    "never-used-head": b"\xc1",
    "bomb-array32": b"\xdd\xff\xff\xff\xff",
    "bomb-map32": b"\xdf\xff\xff\xff\xff",
    "bomb-map-half": b"\xdf\x80\x00\x00\x00" + b"\xc0" * 8,
    "bomb-str32": b"\xdb\xff\xff\xff\xff",
    "bomb-ext32": b"\xc9\xff\xff\xff\xff\x01",
    "bombs-nested": b"\xdc\x00\x10" * 16,
    "deep-arrays": nested(300, b"\x91", b"", b"\xc0"),
    "deep-maps": nested(300, b"\x81\xa0", b"", b"\xc0"),
    "deep-keys": nested(40, b"\x81", b"\xc0", b"\xc0"),
    "trailing-byte": b"\x80\x00",
    "map-without-value": b"\x81\xa1a",
    "two-values": b"\x81\xa1a\x01\x81\xa1b\x02",
}

JSON_TEXTS = {
    "spaces": b" \t\r\n{ \"a\" : [ 1 , 2 ] } \n",
    "escapes": b'["\\u0041\\ud83d\\ude00\\n\\t\\"\\\\\\/\\b\\f\\r", "\\u00e9"]',
    "numbers": b"[0, -0, 1e5, 1E+5, 1.5e-3, 18446744073709551615, 18446744073709551616, -9223372036854775808, 4.111111111111111e15]",
    "escaped-key": b'{"\\u006dail": {"body": "x"}}',
    "deep-arrays": nested(260, b"[", b"]", b""),
    "deep-maps": nested(70, b'{"a":', b"}", b"null"),
    "deep-unclosed": b"[" * 300,
    "long-string": b'"' + b"a" * 2000 + b'"',
    "literals": b"[true,false,null]",
    "duplicate-keys": b'{"a":1,"a":"ann@example.org"}',
    "lone-surrogate": b'["\\ud800"]',
    "swapped-surrogates": b'["\\ude00\\ud83d"]',
    "fault-half-escape": b'["\\u12',
    "fault-control": b'["a\nb"]',
    "fault-utf8": b'["\xc0\x80"]',
    "fault-utf8-cut": b'["\xe2\x82"]',
    "fault-comma": b"[1,]",
    "fault-leading-zero": b"[01]",
    "fault-plus": b"[+1]",
    "fault-dot": b"[1.]",
    "fault-nan": b"[NaN]",
    "fault-literal": b"[nul]",
    "fault-colon": b'{"a" 1}',
    "fault-key": b"{1:2}",
    "fault-close": b"[1}",
    "fault-bom": b"\xef\xbb\xbf{}",
    "fault-trailing": b"{} {}",
    "fault-unclosed": b'{"a": [1, "b',
}


def decode_seeds():
    depths = bytes([0x80])  # deep enough for all but the bombs
    for name, value in {**VALUES, "personal": PERSONAL["mail-field"]}.items():
        yield f"msgpack-{name}", choice(MSGPACK, depths[0]) + msgpack.packb(value)
        yield f"json-{name}", choice(JSON, depths[0]) + json.dumps(value, ensure_ascii=False).encode()
    whole = msgpack.packb(VALUES["map"])
    for length in range(len(whole)):
        yield f"msgpack-cut-{length:02}", choice(MSGPACK, depths[0]) + whole[:length]
    for head in range(0, 256, 8):
        yield f"msgpack-heads-{head:02x}", choice(MSGPACK, depths[0]) + b"\xdc\x00\x08" + b"".join(
            bytes([byte]) + b"\x00" * 20 for byte in range(head, head + 8))
    for name, data in {**BINARY, **MSGPACK_FAULTS}.items():
        yield f"msgpack-{name}", choice(MSGPACK, depths[0]) + data
    for name, data in JSON_TEXTS.items():
        yield f"json-{name}", choice(JSON, depths[0]) + data
        if name.startswith("deep"):
            yield f"json-shallow-{name}", choice(JSON) + data
    yield "auto-json", choice(AUTO) + b"{}"
    yield "auto-one-byte", choice(AUTO) + b"\x07"
    yield "nothing", b""


def inspect_seeds():
    for name, value in {**VALUES, **PERSONAL}.items():
        yield f"msgpack-{name}", choice(MSGPACK) + msgpack.packb(value)
        yield f"json-{name}", choice(JSON) + json.dumps(value, ensure_ascii=name < "j").encode()
    for name, data in BINARY.items():
        yield f"msgpack-{name}", choice(MSGPACK) + data
    for name in ("bomb-array32", "deep-arrays", "trailing-byte"):
        yield f"msgpack-{name}", choice(MSGPACK) + MSGPACK_FAULTS[name]
    for name in ("numbers", "escaped-key", "deep-maps", "fault-unclosed"):
        yield f"json-{name}", choice(JSON) + JSON_TEXTS[name]
    payload = json.dumps(PERSONAL["mail-field"]).encode()
    topic = b"ann@example.org;".ljust(len(payload) // 3)
    yield "frames-two", bytes([1 * 16 + 1 * 4 + 1]) + topic + payload
    yield "frames-four", bytes([0x4f]) + payload * 4
    yield "frames-empty", bytes([0x0e]) + payload
    yield "encoded-too-often", choice(JSON) + json.dumps(wrap_often("ann@example.org, ben@example.org", 6)).encode()
    yield "json-in-json-in-json", choice(JSON) + json.dumps({"a": json.dumps({"b": json.dumps({"mail": {"body": "x"}})})}).encode()
    yield "base64-glued", choice(JSON) + json.dumps(
        {"q": "v1." + base64.urlsafe_b64encode("From: ann@example.org\nSubject: ü?>".encode()).decode().rstrip("=")}).encode()
    yield "full-of-candidates", choice(JSON) + json.dumps({"t": "4111 1111 1111 1111 " * 300}).encode()
    yield "full-of-percent", choice(JSON) + json.dumps({"t": "%25" * 2000}).encode()
    yield "full-of-lines", choice(JSON) + json.dumps({"t": "\n" * 3000}).encode()
    yield "long-path", choice(JSON) + nested(30, b'{"attachments":', b"}", b'"ann@example.org"')


def wrap_often(text, times):
    for _ in range(times):
        text = base64.b64encode(text.encode()).decode()
    return {"value": text}


RECORDS = {
    "one": [1],
    "scalars": [None, True, -5, 1.5, "a", ""],
    "sixteen": list(range(16)),
    "seventeen": [{"n": n} for n in range(17)],
    "nested": [[], [[]], {"a": [{"b": []}]}, [1, [2, [3]]]],
    "same-twice": [{"id": "x"}, {"id": "x"}],
    "separators-inside": ["a,b", "]", "[", " , ", '"'],
}
RECORDS_MSGPACK = {
    "array16": b"\xdc\x00\x02\x01\x02",
    "array32": b"\xdd\x00\x00\x00\x03\x01\x90\xa1a",
    "looks-like-json": b"\x93,\x20]",
    "binary": msgpack.packb([b"\x91\x01", msgpack.ExtType(1, b"\xdc"), "\u00fc"]),
    "fault-cut": b"\x92\x01\x92\x01\x02"[:-1],
    "fault-trailing": b"\x91\x01\x01",
    "fault-claim": b"\x92\x01\xdd\xff\xff\xff\xff",
    "fault-deep": b"\x91" * 300,
}
RECORDS_JSON = {
    "spaces": b" [ 1 ,\n{ } ,\t\"x\" ] \r\n",
    "escapes": b'["\\"]\\\\", "\\u005d", "\\ud83d\\ude00"]',
    "empty-with-space": b"[ \n ]",
    "fault-cut": b"[1, [2",
    "fault-comma": b"[1,]",
    "fault-trailing": b"[1] 2",
    "fault-two": b"[1],[2]",
    "fault-deep": b"[" * 300,
}


def records_seeds():
    for name, value in RECORDS.items():
        yield f"msgpack-{name}", choice(MSGPACK, 3 * 0x52) + msgpack.packb(value)
        yield f"json-{name}", choice(JSON, 3 * 0x52) + json.dumps(value).encode()
    for name, data in RECORDS_MSGPACK.items():
        yield f"msgpack-{name}", choice(MSGPACK, 3) + data
    for name, data in RECORDS_JSON.items():
        yield f"json-{name}", choice(JSON, 6) + data
    yield "auto-json", choice(AUTO, 3) + b"[1,2]"
    yield "auto-msgpack", choice(AUTO, 3) + b"\x92\x01\x02"
    yield "no-list", choice(JSON) + b'{"a": [1]}'


RULE = """pack: seed
rules:
  - id: seed.one
    name: One
    class: personal
    {}
    examples:
      - {{note: "abc 4111 1111 1111 1111 ann@example.org"}}
    negative_examples:
      - "zzz"
"""

RULE_BODIES = {
    "pattern": "pattern: 'ab[c-e]+'",
    "patterns": "patterns: ['abc', '(?i)\\bannex?\\b']",
    "verbose-pattern": "pattern: |-\n      (?imx) ^ [>* \\t]* (?: from | to ) :\n        \\s",
    "validator": "pattern: '[0-9](?:[ -]?[0-9]){12,18}'\n    validator: luhn",
    "min-count": "pattern: '[a-z]'\n    min_count: 3",
    "fields": "fields: ['**.{email,mail}.{body,subject}', 'imp[*].id', 'a[3].b', '*']",
    "types": "fields: ['**']\n    types: [str, bin, ext, int, float, bool, map, array, key]",
    "paths": "pattern: 'abc'\n    paths: {include: ['**.note'], exclude: ['imp[*].id']}",
    "allow": "pattern: 'abc'\n    allow: [{exact: abc, reason: test}, {prefix: ab, reason: r, expires: 2020-01-01}]",
    "own-class": "pattern: 'abc'\n    description: long\n    references: ['RFC 5322', 'RFC 2045']",
    "binary-example": "pattern: 'abc'\n    min_count: 1  # a comment",
    "no-body": "description: none",
    "two-bodies": "pattern: 'abc'\n    fields: ['a']",
    "bad-pattern": "pattern: '((foo'",
    "bad-lookaround": "pattern: '(?<=a)b'",
    "bad-anchor": "pattern: '\\Aabc\\z'",
    "bad-flags": "pattern: '(?-m)^a'",
    "bad-repeat": "pattern: 'a{40000}'",
    "bad-empty-match": "pattern: 'a*'",
    "bad-glob": "fields: ['a..b', 'a[', 'a{b', '**x', '', '[99999999999]']",
    "bad-validator": "pattern: 'abc'\n    validator: lunh",
    "bad-type": "pattern: 'abc'\n    types: [string]",
    "bad-date": "pattern: 'abc'\n    allow: [{exact: abc, reason: r, expires: 2023-02-29}]",
    "bad-key": "patern: 'abc'",
    "bad-number": "pattern: 'abc'\n    min_count: 99999999999999999999",
    "duplicate-key": "pattern: 'abc'\n    pattern: 'abd'",
}

RULE_TEXTS = {
    "nothing": "",
    "comment": "# nothing\n",
    "scalar": "rules",
    "list": "- a\n- b\n",
    "no-rules": "pack: a\nrules: []\n",
    "rules-null": "pack: a\nrules:\n",
    "words": "pack: a\nwords: [imp, banner, w-h, 'x.y']\nrules: []\n",
    "flow": "{pack: a, rules: [{id: a.b, name: A, class: chat, pattern: xy, examples: [xy], negative_examples: [z]}]}",
    "anchors": "pack: &a x\nrules: *a\n",
    "tags": "pack: !!python/object:x y\nrules: !!binary aGk=\n",
    "merge": "a: &a {b: 1}\n<<: *a\n",
    "two-documents": "pack: a\n---\npack: b\n",
    "deep": "rules: " + "[" * 80 + "]" * 80 + "\n",
    "tab": "pack:\ta\n\trules: []\n",
    "unclosed": "rules: [\"a\n",
    "block-scalars": "pack: >-\n  folded\n  text\nrules: |+\n  kept\n\n",
    "crlf": "pack: a\r\nrules:\r\n  - id: a.b\r\n",
    "utf16": "pack: a\n".encode("utf-16"),
    "bad-utf8": b"pack: \xff\xfe\n",
    "nul": b"pack: a\0b\nrules: []\n",
    "escapes": 'pack: "\\x00\\u263a\\U0001f600\\N\\_\\L\\P"\nrules: "\\',
    "odd-lines": "pack: a\u0085rules: b\u2028c: d\u2029",
    "bom": b"\xef\xbb\xbfpack: a\nrules: []\n",
    "question-keys": "? [a, b]\n: c\n? {d: e}\n: f\n",
    "directive": "%YAML 1.1\n%TAG ! tag:x,2000:\n---\npack: a\n...\n",
}


def rule_file_seeds():
    for name, body in RULE_BODIES.items():
        yield f"rule-{name}", RULE.format(body).encode()
    whole = RULE.format(RULE_BODIES["paths"]).encode()
    for length in range(20, len(whole), 24):
        yield f"cut-{length:03}", whole[:length]
    for name, text in RULE_TEXTS.items():
        yield name, text if isinstance(text, bytes) else text.encode()
    yield "same-id-twice", (RULE.format("pattern: 'abc'") + RULE.format("pattern: 'abd'").split("rules:\n")[1]).encode()
    yield "binary-examples", RULE.format(RULE_BODIES["pattern"]).replace('"zzz"', '!!binary "enp6"').encode()
    yield "bad-binary-example", RULE.format(RULE_BODIES["pattern"]).replace('"zzz"', '!!binary "?"').encode()
    yield "two-rules", (RULE.format("pattern: 'abc'")
                        + RULE.format("fields: ['**.note']").split("rules:\n")[1].replace("seed.one", "seed.two")).encode()


CONFIG = """name: ads-gate
input:
  socket: pull
  bind: tcp://127.0.0.1:5601
  format: auto
outputs:
  - name: targeting
    purpose: advertising
    socket: push
    connect: tcp://127.0.0.1:5602
  - name: insights
    purpose: analytics
    socket: pub
    bind: ['tcp://*:5603', 'ipc:///run/a.sock']
    high_water_mark: 10
rules: [pack:email, pack:chat]
policy:
  advertising: {withhold: all}
  analytics: {withhold: [email, chat]}
limits: {message_bytes: 1MiB, depth: 64, unwrap_depth: 4, unwrap_bytes: 4MiB}
workers: 1
drain_ms: 5000
audit: {file: audit.jsonl}
console: {bind: 127.0.0.1:9464}
"""

CONFIG_CHANGES = {
    "unknown-key": ("name:", "nmae:"),
    "later-key": ("workers: 1", "security: {a: b}"),
    "records-input": ("format: auto", "format: auto\n  batch: records"),
    "batch-unknown": ("format: auto", "batch: lists"),
    "sub-input": ("socket: pull", "socket: sub"),
    "push-input": ("socket: pull", "socket: push"),
    "bind-and-connect": ("bind: tcp://127.0.0.1:5601", "bind: tcp://a:1\n  connect: tcp://b:2"),
    "neither-bind-nor-connect": ("bind: tcp://127.0.0.1:5601", "format: json"),
    "port-zero": (":5601", ":0"),
    "port-too-large": (":5601", ":65536"),
    "ipv6": ("127.0.0.1:5601", "[::1]:5601"),
    "udp": ("tcp://127.0.0.1:5601", "udp://127.0.0.1:5601"),
    "same-output-twice": ("name: insights", "name: targeting"),
    "bad-name": ("name: ads-gate", "name: 'ads gate!'"),
    "long-name": ("name: ads-gate", "name: " + "x" * 65),
    "unknown-class": ("[email, chat]", "[e-mail, chatt]"),
    "class-list-empty": ("[email, chat]}", "[]}"),
    "withhold-none": ("withhold: all", "withhold: none"),
    "policy-list": ("advertising: {withhold: all}", "advertising: [all]"),
    "purpose-without-output": ("advertising: {", "troubleshooting: {"),
    "size-bytes": ("1MiB", "1048576"),
    "size-unit": ("1MiB", "1MB"),
    "size-overflow": ("1MiB", "99999999999999999999GiB"),
    "size-zero": ("1MiB", "0"),
    "size-negative": ("1MiB", "-1KiB"),
    "depth-zero": ("depth: 64", "depth: 0"),
    "depth-too-large": ("depth: 64", "depth: 257"),
    "unwrap-depth-zero": ("unwrap_depth: 4", "unwrap_depth: 0"),
    "two-workers": ("workers: 1", "workers: 2"),
    "workers-text": ("workers: 1", "workers: one"),
    "no-rules": ("[pack:email, pack:chat]", "[]"),
    "rules-null": ("[pack:email, pack:chat]", ""),
    "console-null": ("{bind: 127.0.0.1:9464}", ""),
    "console-empty": ("{bind: 127.0.0.1:9464}", "{}"),
    "console-no-port": ("127.0.0.1:9464", "127.0.0.1"),
    "audit-text": ("{file: audit.jsonl}", "audit.jsonl"),
    "anchor": ("name: ads-gate", "name: &a ads-gate"),
    "duplicate-key": ("workers: 1", "workers: 1\nworkers: 1"),
}


def config_seeds():
    yield "whole", CONFIG.encode()
    yield "nothing", b""
    yield "scalar", b"cordon"
    yield "list", b"- a\n"
    smallest = (b"input: {socket: pull, bind: 'tcp://*:1'}\n"
                b"outputs: [{name: a, purpose: b, socket: push, connect: tcp://c:2}]\n")
    yield "smallest", smallest
    yield "smallest-udp", smallest.replace(b"tcp:", b"udp:")
    yield "outputs-too-many", CONFIG.replace(
        "rules:", "".join("  - {name: o%d, purpose: p, socket: push, connect: tcp://c:2}\n" % i for i in range(33))
        + "rules:").encode()
    yield "endpoints-too-many", CONFIG.replace("tcp://127.0.0.1:5601", str(["tcp://a:%d" % i for i in range(1, 18)])).encode()
    for name, (old, new) in CONFIG_CHANGES.items():
        assert old in CONFIG, name
        yield name, CONFIG.replace(old, new, 1).encode()
    for length in range(40, len(CONFIG), 60):
        yield f"cut-{length:03}", CONFIG[:length].encode()


VALIDATED = {
    "card": "4111111111111111", "card-spaced": "4111 1111 1111 1111", "card-dashed": "5500-0000-0000-0004",
    "iban": "DE89 3704 0044 0532 0130 00", "iban-plain": "GB82WEST12345698765432", "routing": "021000021",
    "bitcoin": "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "email": "ann.b+c@mail.example.org",
    "email-international": "jürgen@bücher.example", "email-quoted": '"a b"@example.org', "phone": "+49 (30) 123-456-78",
    "date": "2024-02-29", "date-german": "29.2.2024", "date-american": "12/31/1999", "ipv4": "192.0.2.255",
    "ipv6": "2001:db8::ff00:42:8329", "ipv6-mixed": "::ffff:192.0.2.1", "mac": "00:1b:63:84:45:e6",
    "imei": "49-015420-323751-8", "vin": "1M8GDM9AXKP042788",
    "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "entropy": "q8Zr2Lx0Pv7Tn4Ws9Yd3Kf6Hb1Jm5",
    "ssn": "219-09-9998", "nino": "AB 12 34 56 C", "nhs": "943 476 5919", "tax-id": "86095742719", "dni": "12345678Z",
    "nie": "X1234567L", "nir": "1 55 10 2A 123 456 25", "codice-fiscale": "RSSMRA85T10A562S", "bsn": "111222333",
    "pesel": "44051401359", "cpf": "111.444.777-35", "aadhaar": "2341 2341 2346", "resident-id": "11010519491231002X",
    "uuid": "123e4567-e89b-42d3-a456-426614174000", "sha256": "4111111111111111" + "a" * 48,
    "fraction": "0.4111111111111111", "digits": "9" * 40, "separators": "1 - 1 -- 1.1/1", "at-signs": "@@a@@b@",
    "colons": "::::::::", "dots": "1.2.3.4.5.6.7.8", "nothing": "",
}


def validator_seeds():
    for name, text in VALIDATED.items():
        value = text.encode()
        yield name, b"\0\0" + value
        yield f"{name}-between", b"\x04\x05" + b"see " + value + b", ok"
    whole = b"4111 1111 1111 1111 ann@example.org 2001:db8::1 "
    for step in range(0, len(whole), 7):
        yield f"from-{step:02}", bytes([step, step // 2]) + whole
    yield "glued", b"\x01\x00" + b"94111111111111111"
    yield "cut-by-match", b"\x00\x04" + b"4111111111111111"
    noise = random.Random(1)
    for number in range(8):
        yield f"noise-{number}", bytes(noise.randrange(256) for _ in range(48))


TARGETS = {
    "decode": decode_seeds,
    "inspect": inspect_seeds,
    "records": records_seeds,
    "rule_file": rule_file_seeds,
    "config": config_seeds,
    "validator": validator_seeds,
}


def main():
    for target, seeds in TARGETS.items():
        folder = CORPUS / target
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.iterdir():
            if not old.name.startswith("found-"):
                old.unlink()
        written = set()
        for name, data in seeds():
            assert name not in written, name
            written.add(name)
            (folder / name).write_bytes(data)
        print(f"{target}: {len(written)} seeds")


if __name__ == "__main__":
    main()
