"""Ordinary traffic of an ad pipeline, with nothing personal in it: bid requests, events, page views.

Much of it only looks personal: ids as long as card numbers, words that also name private things, encoded values,
advertising markup. All of it is made up: example domains, documentation addresses, invented shops and titles.
"""

import base64
import datetime
import json
import urllib.parse
import uuid

START_MS = 1772614800000  # 4 March 2026, 09:00 UTC

AGENTS = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/133.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Safari",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_3_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/133.0.6943.89 Mobile",
    "Mozilla/5.0 (X11; Linux x86_64; rv:135.0) Gecko/20100101 Firefox/135.0",
    "Mozilla/5.0 (SMART-TV; Linux; Tizen 8.0) AppleWebKit/537.36 (KHTML, like Gecko) Version/8.0 TV Safari/537.36",
]
PLACES = [  # country, region, city, postcode, latitude, longitude, timezone, language
    ("NOR", "03", "Oslo", "0150", 59.91, 10.75, "Europe/Oslo", "nb"),
    ("DEU", "BE", "Berlin", "10115", 52.53, 13.38, "Europe/Berlin", "de"),
    ("USA", "OR", "Portland", "97205", 45.52, -122.69, "America/Los_Angeles", "en"),
    ("GBR", "ENG", "Leeds", "LS1", 53.8, -1.55, "Europe/London", "en"),
    ("FRA", "ARA", "Lyon", "69002", 45.757814, 4.832011, "Europe/Paris", "fr"),
    ("JPN", "13", "Tokyo", "100-0001", 35.6852, 139.7528, "Asia/Tokyo", "ja"),
]
SITES = ["news.example.com", "recipes.example.org", "weather.example.net", "football.example.com", "travel.example.org"]
ARTICLES = [  # path, title
    ("/business/postal-rates-rise-again", "Letters from Monday: postal rates rise again"),
    ("/food/soups/red-lentil", "Red lentil soup in 25 minutes"),
    ("/world/2026/03/04/bridge-reopens", "Bridge reopens after 412 days"),
    ("/tech/chat-apps-compared", "Seven chat apps compared"),
    ("/sport/results/2026-03-03", "Results: 3-2, 1-1, 0-4"),
    ("/travel/from-bergen-to-oslo", "From Bergen to Oslo: the night train"),
    ("/home/garden/tomatoes", "Tomatoes: when to sow, when to wait"),
    ("/culture/the-diary-of-a-lighthouse", "Review: The Diary of a Lighthouse"),
    ("/how-to/inbox-zero", "Inbox zero and other myths"),
    ("/family/what-my-mother-taught-me", "What my mother taught me about soup"),
    ("/opinion/you-are-not-your-inbox", "You are not your inbox"),
    ("/how-to/write-to-your-landlord", "Dear landlord: how to write a letter that works"),
    ("/video/étoiles-filantes", "Étoiles filantes: la nuit du 12 août"),
]
PRODUCTS = [  # name, brand, category, price
    ("Trail Runner GTX 4 - men's 44.5", "Northfell", "Shoes", 149.95),
    ("Letter Opener, brass, 21 cm", "Deskworks", "Office", 18.5),
    ("Café crème mug, set of 4", "Tasse & Co", "Kitchen", 32.0),
    ("Phone case 15 Pro Max (clear)", "Shellback", "Accessories", 24.99),
    ("USB-C cable 2 m, 100 W, 4011-2050-0007", "Wirely", "Electronics", 12.9),
    ("Notebook A5 dotted, 192 pages", "Papyr", "Stationery", 9.4),
    ("\"I'd rather be at home\" doormat 60x40", "Tasse & Co", "Home", 22.0),
    ("We were here first: a novel (ISBN 978-1-4028-9462-6)", "Affiche", "Books", 17.99),
    ("Message in a Bottle candle", "Lumen", "Home", 27.0),
    ("Chat Noir poster 50x70", "Affiche", "Home", 39.0),
    ("4K monitor 27\" IPS (3840x2160)", "Visio", "Electronics", 329.0),
    ("緑茶 sencha 100 g", "Chaya", "Groceries", 11.2),
]
APPS = [  # name, bundle, store
    ("Tile Garden", "com.example.tilegarden", "https://play.example.com/details?id=com.example.tilegarden"),
    ("Weather Now", "1234567890", "https://apps.example.com/app/weather-now/id1234567890"),
    ("Chess Minutes", "org.example.chess", "https://play.example.com/details?id=org.example.chess"),
]
SEARCHES = ["running shoes", "gift ideas under 50", "letter box", "phone 15 case", "mail order seeds", "calendar 2027",
            "key holder", "café table", "notes app alternatives"]
AUDIENCES = ["Frequent travellers", "E-mail subscribers", "Home office", "Pet owners", "Card collectors"]
CATEGORIES = ["IAB1", "IAB8-9", "IAB12", "IAB17", "IAB19-18", "IAB20"]
SIZES = [(300, 250), (728, 90), (320, 50), (160, 600), (970, 250)]
PIXEL = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


class Traffic:
    """Makes one message after the other; `rng` alone decides what is in them."""

    def __init__(self, rng):
        self.rng = rng
        self.now_ms = START_MS

    def make(self, form):
        self.now_ms += self.rng.randrange(40, 4000)
        return getattr(self, form)()

    # Small parts

    def chance(self, share):
        return self.rng.random() < share

    def pick(self, *values):
        return self.rng.choice(values)

    def uuid(self):
        return str(uuid.UUID(int=self.rng.getrandbits(128), version=4))

    def hex(self, length):
        return f"{self.rng.getrandbits(4 * length):0{length}x}"

    def number(self, digits):
        return self.rng.randrange(10 ** (digits - 1), 10**digits)

    def encoded(self, length):
        return base64.urlsafe_b64encode(self.rng.randbytes(length)).rstrip(b"=").decode()

    def time(self, later_ms=0):
        time = datetime.datetime.fromtimestamp((self.now_ms + later_ms) / 1000, datetime.timezone.utc)
        return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def address(self):
        return self.pick("192.0.2.", "198.51.100.", "203.0.113.") + str(self.rng.randrange(1, 255))

    def article_url(self, host, path):
        url = f"https://{host}{urllib.parse.quote(path)}"
        if self.chance(0.3):
            url += f"?utm_source=newsletter&utm_medium=email&utm_campaign=spring_26&gclid={self.encoded(40)}"
        return url

    def search(self):
        return f"q={urllib.parse.quote_plus(self.rng.choice(SEARCHES))}"

    # OpenRTB 2.6

    def imp(self, number, **form):
        imp = {"id": str(number), **form, "tagid": f"{self.number(8)}/top_{self.number(3)}",
               "bidfloor": round(self.rng.uniform(0.05, 4), 2), "bidfloorcur": "USD", "secure": 1}
        if self.chance(0.5):
            imp["ext"] = {"gpid": f"/{self.number(8)}/home/leaderboard", "tid": self.uuid()}
        if self.chance(0.25):
            deal = {"id": f"EX-{self.number(19)}", "bidfloor": 6.1250, "at": 1, "wseat": [str(self.number(5))]}
            imp["pmp"] = {"private_auction": 0, "deals": [deal]}
        return imp

    def banner(self):
        return {"format": [{"w": w, "h": h} for w, h in self.rng.sample(SIZES, 2)], "pos": self.rng.randrange(4),
                "battr": [1, 3, 5]}

    def device(self):
        country, region, city, postcode, latitude, longitude, _, language = self.rng.choice(PLACES)
        device = {"ua": self.rng.choice(AGENTS), "ip": self.address(), "language": language,
                  "devicetype": self.pick(1, 2, 4), "js": 1, "dnt": 0,
                  "geo": {"lat": latitude, "lon": longitude, "country": country, "region": region, "city": city,
                          "zip": postcode, "type": 2}}
        if self.chance(0.3):
            device["ipv6"] = f"2001:db8:{self.hex(4)}:{self.hex(4)}::{self.hex(2)}"
        if self.chance(0.3):
            device["sua"] = {"browsers": [{"brand": "Chromium", "version": ["133", "0", "6943", "98"]}],
                             "platform": {"brand": "Windows", "version": ["15", "0", "0"]}, "mobile": 0}
        return device

    def user(self):
        user = {"id": self.uuid(), "buyeruid": str(self.number(19)), "yob": self.rng.randrange(1950, 2007)}
        if self.chance(0.5):
            user["consent"] = f"CQ{self.encoded(36)}.{self.encoded(9)}"
        if self.chance(0.4):
            user["eids"] = [{"source": "ids.example.com", "uids": [{"id": self.encoded(33), "atype": 1}]}]
        if self.chance(0.4):
            segments = [{"id": str(self.number(6)), "name": name} for name in self.rng.sample(AUDIENCES, 2)]
            user["data"] = [{"id": "7", "name": "segments.example.net", "segment": segments}]
        return user

    def regs(self):
        return {"coppa": 0, "gdpr": self.pick(0, 1), "us_privacy": self.pick("1YNN", "1---"),
                "gpp": f"DBABMA~CQ{self.encoded(24)}", "gpp_sid": [2]}

    def source(self):
        node = {"asi": "exchange.example.com", "sid": str(self.number(16)), "hp": 1, "rid": self.hex(32)}
        return {"tid": self.uuid(), "fd": 0, "schain": {"ver": "1.0", "complete": 1, "nodes": [node]}}

    def site(self):
        host = self.rng.choice(SITES)
        path, title = self.rng.choice(ARTICLES)
        site = {"id": str(self.number(7)), "domain": host, "page": self.article_url(host, path),
                "cat": self.rng.sample(CATEGORIES, 2),
                "publisher": {"id": str(self.number(10)), "name": "Example Media"},
                "content": {"title": title, "language": "en", "keywords": "news,letters,notes,2026"}}
        if self.chance(0.4):
            site["ref"] = f"https://search.example.com/?{self.search()}"
        return site

    def bid_request(self, imps, **where):
        request = {"id": self.uuid(), "imp": imps, **where, "device": self.device(), "user": self.user(), "at": 2,
                   "tmax": self.pick(100, 120, 250), "cur": ["USD"]}
        if self.chance(0.8):
            request["source"] = self.source()
            request["regs"] = self.regs()
        if self.chance(0.3):
            request["bcat"] = ["IAB25", "IAB26"]
            request["badv"] = ["rival.example", "spam-mail.example"]
        return request

    def web(self):
        imps = [self.imp(number, banner=self.banner()) for number in range(1, self.pick(2, 2, 3, 5))]
        return self.bid_request(imps, site=self.site())

    def brief(self):
        return {"id": self.hex(32), "imp": [{"id": "1", "banner": {"w": 320, "h": 50}, "bidfloor": 0.1}],
                "site": {"page": self.article_url(SITES[0], self.rng.choice(ARTICLES)[0])},
                "device": {"ua": self.rng.choice(AGENTS), "ip": self.address()}, "at": 1}

    def app(self):
        name, bundle, store = self.rng.choice(APPS)
        app = {"id": str(self.number(9)), "name": name, "bundle": bundle, "storeurl": store, "ver": "4.11.1200",
               "publisher": {"id": str(self.number(16))}}
        imp = self.imp(1, banner=self.banner(), instl=self.pick(0, 1), displaymanager="ExampleAds",
                       displaymanagerver="7.2.1")
        request = self.bid_request([imp], app=app)
        os, agent = self.pick(("iOS", AGENTS[2]), ("Android", AGENTS[3]))
        request["device"] |= {"ua": agent, "make": "Example", "model": "E2100-5512", "os": os, "osv": "15.3.1",
                              "ifa": self.uuid(), "lmt": 0, "connectiontype": 2, "mccmnc": "242-01", "w": 1179,
                              "h": 2556}
        return request

    def video(self):
        video = {"mimes": ["video/mp4", "application/javascript"], "minduration": 5, "maxduration": 30,
                 "protocols": [2, 3, 5, 6], "w": 1280, "h": 720, "startdelay": 0, "plcmt": 1, "linearity": 1, "skip": 1}
        request = self.bid_request([self.imp(1, video=video)], site=self.site())
        request["site"]["content"] = {
            "id": str(self.number(12)), "series": "Harbour Street", "season": "3", "episode": self.rng.randrange(1, 12),
            "title": self.pick("The Letter", "Messages from the Deep", "Private Matters", "Call Me Maybe Not"),
            "genre": "drama", "len": self.number(4), "livestream": 0, "contentrating": "TV-PG"}
        return request

    def native(self):
        assets = [{"id": 1, "required": 1, "title": {"len": 90}},
                  {"id": 2, "required": 1, "img": {"type": 3, "w": 1200, "h": 627}},
                  {"id": 3, "required": 0, "data": {"type": 2, "len": 140}}, {"id": 4, "data": {"type": 12, "len": 15}}]
        form = {"ver": "1.2", "context": 1, "plcmttype": 1, "assets": assets,
                "eventtrackers": [{"event": 1, "methods": [1, 2]}]}
        native = {"request": json.dumps(form), "ver": "1.2", "api": [3, 5]}
        return self.bid_request([self.imp(1, native=native)], site=self.site())

    # Segment

    def event(self, type, **rest):
        path, title = self.rng.choice(ARTICLES)
        *_, timezone, language = self.rng.choice(PLACES)
        page = {"path": path, "title": title, "url": self.article_url(self.rng.choice(SITES), path), "search": ""}
        context = {"ip": self.address(), "userAgent": self.rng.choice(AGENTS), "locale": language, "timezone": timezone,
                   "library": {"name": "analytics.js", "version": "npm:next-1.77.0"}, "page": page}
        return {"type": type, "anonymousId": self.uuid(), "messageId": f"ajs-next-{self.now_ms}-{self.uuid()}",
                "userId": self.pick(None, f"u_{self.number(6)}"), **rest, "context": context, "timestamp": self.time(),
                "sentAt": self.time(12), "receivedAt": self.time(85), "integrations": {"All": True}}

    def product(self):
        name, brand, category, price = self.rng.choice(PRODUCTS)
        return {"product_id": str(self.number(13)), "sku": f"{brand[:3].upper()}-{self.number(4)}-{self.number(2)}",
                "name": name, "brand": brand, "category": category, "price": price, "currency": "EUR",
                "quantity": self.rng.randrange(1, 4),
                "image_url": f"https://cdn.example.com/p/{self.hex(12)}/main@2x.jpg"}

    def order(self):
        products = [self.product() for _ in range(self.rng.randrange(1, 4))]
        total = round(sum(product["price"] * product["quantity"] for product in products), 2)
        return {"order_id": f"{self.number(4)}-{self.number(7)}", "total": total, "tax": round(total * 0.2, 2),
                "shipping": 4.9, "currency": "EUR", "coupon": "SPRING26", "products": products}

    def rendered_ad(self):
        return {"creative_id": self.number(12), "adm": (
            f'<a href="https://click.example.com/c?d={self.encoded(60)}" target="_blank">'
            f'<img src="https://cdn.example.com/{self.hex(16)}/300x250@2x.png" alt="Your inbox, tidy at last"></a>'
            f'<img width="1" height="1" src="{PIXEL}">'
            f'<script>track({{"t":{self.now_ms},"id":"{self.uuid()}"}})</script>')}

    def shop_search(self):
        return {"query": self.rng.choice(SEARCHES), "results": self.number(3), "near": "52.5301,13.3812"}

    def playback(self):
        return {"video_id": str(self.number(11)), "position": 0, "total_length": self.number(3),
                "session_id": self.uuid(), "title": "Harbour Street: The Letter"}

    def experiment(self):
        state = json.dumps({"ab": "B", "cart": 3, "ts": self.now_ms})
        return {"experiment_id": self.hex(24), "variation_name": "B - shorter note",
                "state": base64.b64encode(state.encode()).decode()}

    def signup(self):
        return {"form_id": "email-capture-2", "position": "footer", "shown_ms": self.number(4)}

    def checkout(self):
        return {"checkout_id": self.hex(32), "step": 2, "payment_method": "card", "card_last4": None}

    def track(self):
        name, properties = self.pick(
            ("Product Viewed", self.product), ("Product Added", self.product), ("Order Completed", self.order),
            ("Ad Rendered", self.rendered_ad), ("Products Searched", self.shop_search),
            ("Video Playback Started", self.playback), ("Experiment Viewed", self.experiment),
            ("Newsletter Signup Shown", self.signup), ("Checkout Step Viewed", self.checkout))
        return self.event("track", event=name, properties=properties())

    def identify(self):
        return self.event("identify", traits={
            "plan": self.pick("free", "team", "business"), "created_at": self.time(-self.number(10)),
            "logins": self.number(2), "preferred_channel": self.pick("email", "sms", "none"),
            "company": {"id": f"c-{self.number(5)}", "industry": "retail", "employees": self.number(3)},
            "email_opt_in": self.pick(True, False), "lifetime_value": round(self.rng.uniform(0, 900), 2),
            "segments": self.rng.sample(["letters", "garden", "kitchen", "sale"], 2)})

    def page(self):
        event = self.event("page", name=self.pick("Article", "Home", "Product", "Search"), category="web")
        event["properties"] = dict(event["context"]["page"])
        if self.chance(0.5):
            target = urllib.parse.quote(event["properties"]["url"], safe="")
            event["properties"]["referrer"] = f"https://out.example.net/r?u={target}&id={self.number(19)}"
        return event

    # Page views as a web server writes them down

    def pageview(self):
        path, title = self.rng.choice(ARTICLES)
        host = self.rng.choice(SITES)
        country, region, city, *_ = self.rng.choice(PLACES)
        record = {"time": self.time(), "host": host, "method": "GET", "uri": urllib.parse.quote(path),
                  "query_string": f"page={self.rng.randrange(1, 9)}&{self.search()}",
                  "status": self.pick(200, 200, 200, 304, 404), "bytes": self.number(5), "duration_ms": self.number(2),
                  "referer": self.article_url(host, path), "user_agent": self.rng.choice(AGENTS),
                  "remote_addr": self.address(), "geo": {"country": country, "region": region, "city": city},
                  "visitor_id": str(self.number(19)), "client_id": f"{self.number(10)}.{self.now_ms // 1000}",
                  "trace_id": self.hex(32), "event_timestamp": self.now_ms * 1000 + self.number(3), "page_title": title}
        if self.chance(0.3):
            record["etag"] = f'"sha256-{self.hex(64)}"'
        return record
