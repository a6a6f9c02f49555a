#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The page of the collector as a browser gets it: real HTTP on loopback, hostile texts."""
import html.parser
import http.client
import json
import os
import re
import time
import xml.etree.ElementTree

from cli import main
from test_collect import (Collector, OTHER, TOKEN, block, expect, lines, listen, story, targets,
                          wait_for)
from test_outages import PATH, POOR, event

HOSTILE = "<script>alert(1)</script>\"'&;--><!--\u202e"
VOID = {"meta", "link", "br", "hr", "img", "input"}
SVG = "{http://www.w3.org/2000/svg}"
STATES = {"up", "flapping", "dark", "partly-dark", "unknown", "no-data"}


class Reader(html.parser.HTMLParser):
    """A page: elements that are balanced, ids that are there once, and what it links to."""

    def __init__(self, text):
        super().__init__()
        self.open, self.ids, self.links, self.elements, self.text = [], [], [], [], ""
        self.feed(text)
        self.close()
        expect(self.open, [])
        expect(len(self.ids), len(set(self.ids)))

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.elements.append((tag, attributes))
        self.ids += [attributes["id"]] if "id" in attributes else []
        self.links += [attributes[name] for name in ("href", "src") if name in attributes]
        expect([name for name in attributes if name.startswith("on") or name == "style"], [])
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag):
        expect(self.open[-1:], [tag])
        self.open.pop()

    def handle_data(self, data):
        self.text += data

    def of(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def get(collector, path, method="GET", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", collector.port, timeout=30)
    connection.request(method, path, headers={
        name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer, text


def page(collector, path):
    answer, text = get(collector, path)
    expect((answer.status, answer.headers["Content-Type"]), (200, "text/html; charset=utf-8"))
    return Reader(text)


def picture(collector, path):
    answer, text = get(collector, path)
    expect((answer.status, answer.headers["Content-Type"]), (200, "image/svg+xml"))
    return xml.etree.ElementTree.fromstring(text)


def title(seq, vantage, target, text):
    """A record that gives a target its title."""
    blocks = {"total": 1, "unknown": 0, "up": 1, "flapping": 0, "dark": 0}
    shared = {key: value for key, value in block(seq, vantage, 0, "up", -1800, -1).items()
              if key in ("schema", "vantage", "boot", "seq", "time", "verdict", "since", "round")}
    return {**shared, "type": "target", "target": target, "title": text,
            "networks": {**blocks, "partly_dark": 0}, "blocks": blocks}


def feed(collector):
    collector.post(story("fra1", True))
    collector.post(story("sgp1", True), token=OTHER)
    targets(collector, "partly-dark")


def test_targets_in_words(place):
    with Collector(place) as collector:
        empty = page(collector, "/")
        expect("No vantage has told of a target yet." in empty.text, True)
        feed(collector)
        collector.post(lines({**block(5000, "fra1", 9, "up", -1800, -2), "target": "xx"}))
        wait_for(lambda: "2 targets" in page(collector, "/").text or
                 "1 target is partly dark" in page(collector, "/").text)
        index = page(collector, "/")
        expect("kp is partly dark since " in index.text, True)
        expect("1 of 4 networks and 1 of 4 blocks are dark" in index.text, True)
        names = [link for link in index.links if link.startswith("/t/")]
        expect(names, ["/t/kp", "/t/xx"])  # the worst first


def test_what_cannot_be_told_is_said(place):
    with Collector(place) as collector:
        collector.post(lines(*listen(101, "fra1", 2), block(1, "fra1", 0, "up", -7200, -7100),
                             block(2, "fra1", 1, "up", -7200, -7100),
                             block(3, "fra1", 1, "dark", -600, -590)))
        words = ("1 of 2 networks and 1 of 2 blocks are up, 1 network and 1 block cannot be told: "
                 "too few vantages.")
        wait_for(lambda: words in page(collector, "/").text)
        expect(words in page(collector, "/t/kp").text, True)


def test_a_target(place):
    with Collector(place) as collector:
        feed(collector)
        shown = page(collector, "/t/kp")
        for words in ("kp is partly dark since ", "198.18.0.0/24", "Who sees what", "fra1",
                      "local time (Asia/Pyongyang)", "network 198.18.0.0/24", "it lasts"):
            expect((words, words in shown.text), (words, True))
        expect([svg["role"] for svg in shown.of("svg") if "role" in svg], ["img", "img"])
        for svg in shown.of("svg"):
            if "role" in svg:
                expect([name in shown.ids for name in svg["aria-labelledby"].split()],
                       [True, True])
        expect(len(shown.of("details")) >= 2, True)
        labels = [cell.get("data-label") for cell in shown.of("td")]  # heads of a narrow window
        expect({"Start", "End", "Length", "Status", "Says", "Last record"} <= set(labels), True)
        expect(None in labels, False)
        expect(get(collector, "/t/none")[0].status, 404)
        expect(get(collector, "/t/none.svg")[0].status, 404)
        for path in "/t/kp", "/t/kp.svg":
            for query in ("from=x", f"from={time.time():.0f}&until={time.time() - 100:.0f}",
                          f"from={time.time() + 100:.0f}"):
                expect((path, query, get(collector, f"{path}?{query}")[0].status),
                       (path, query, 400))
        expect(get(collector, "/t/kp", "POST")[0].status, 405)
        expect(get(collector, "/t/")[0].status, 404)
        for path in "/page/../c.json", "/page/none", "/t/../etc/passwd", "/t/%2e%2e%2fpasswd":
            expect((path, get(collector, path)[0].status), (path, 404))


def night(vantage, until, blocks=4):
    """Blocks that are dark for 40 minutes, as a vantage says until that minute."""
    return lines(*[block((minute + 75) * blocks + number, vantage, number,
                         "dark" if minute >= -40 else "up", -2400 if minute >= -40 else -3600,
                         minute * 60 - 5 + number)
                   for minute in range(-60, until + 1) for number in range(blocks)])


def test_one_vantage_is_left(place):
    with Collector(place) as collector:
        collector.post(night("fra1", 0))
        collector.post(night("sgp1", -20), token=OTHER)
        targets(collector, "unknown")
        for path in "/", "/t/kp":
            shown = wait_for(lambda path=path: "only " in page(collector, path).text and
                             page(collector, path))
            expect("only fra1 can tell, and dark takes 2 networks." in shown.text, True)
        expect("Earlier by up to" in shown.text, True)
        expect("now unknown; in this time dark for 2" in shown.text, True)
        for words in (shown.text.partition("Timeline")[0],
                      shown.text.partition("Outages in this time")[2]):
            expect(re.search(r"\d (min|h|s)\b", words), None)  # no line breaks before a unit
        expect("no, it is silent" in shown.text, True)
        for words in "last seen dark ", "at least 2", "open, nobody could tell for 1":
            expect((words, words in shown.text), (words, True))
        expect("it lasts" in shown.text, False)


def test_a_short_outage_has_seconds(place):
    with Collector(place) as collector:
        for vantage, token in ("fra1", TOKEN), ("sgp1", OTHER):
            collector.post(lines(*[
                block(50 + n, vantage, 0, verdict, since, when) for n, (verdict, since, when) in
                enumerate((("up", -900, -500), ("dark", -400, -390), ("up", -250, -240),
                           ("up", -250, -1)))]), token)
        rows = wait_for(lambda: re.findall(
            r"(?s)<tr.*?</tr>", get(collector, "/t/kp")[1].partition("Table of outages")[2]))
        expect(len(re.findall(r">\d+ \w+ \d+ \d\d:\d\d:\d\d</time>\sUTC", rows[1])), 2)


def test_a_way_is_told_once(place):
    with Collector(place) as collector:
        collector.post(night("fra1", 0))
        collector.post(night("sgp1", 0), token=OTHER)
        targets(collector, "dark")
        collector.post(lines(*[event(9000 + n, "fra1", "network", f"198.18.{n}.0/24", -2400,
                                     path=PATH if n < 3 else POOR) for n in range(4)]))
        text = wait_for(lambda: page(collector, "/t/kp").text.count(POOR["text"]) == 1 and
                        page(collector, "/t/kp").text)
        expect((text.count(PATH["text"]), "(3 outages, " in text, "(one outage: " in text),
               (1, True, True))


def test_many_ways_are_counted(place):
    with Collector(place) as collector:
        collector.post(night("fra1", 0, 23))
        collector.post(night("sgp1", 0, 23), token=OTHER)
        targets(collector, "dark")
        collector.post(lines(*[event(9000 + n, "fra1", "network", f"198.18.{n}.0/24", -2400,
                                     path={**PATH, "text": f"It ends at hop {n}."})
                               for n in range(23)]))
        text = wait_for(lambda: page(collector, "/t/kp").text.count("It ends at hop ") == 20 and
                        page(collector, "/t/kp").text)
        expect("3 more are left out." in text, True)


def test_the_picture_alone(place):
    with Collector(place) as collector:
        feed(collector)
        root = picture(collector, "/t/kp.svg")
        expect((root.tag, root[0].tag), (SVG + "svg", SVG + "title"))
        groups = {group.get("class") for group in root.iter(SVG + "g")}
        expect(groups, STATES)
        texts = {text.text for text in root.iter(SVG + "text")}
        expect({"Timeline of kp", "dark", "partly dark", "no data"} <= texts, True)
        patterns = {pattern.get("id") for pattern in root.iter(SVG + "pattern")}
        for group in root.iter(SVG + "g"):  # each state but up has a pattern, too
            fill = group.get("fill")
            expect(fill[5:-1] in patterns if fill else group.get("class") == "up", True)
        links = [value for node in root.iter() for name, value in node.attrib.items()
                 if name.endswith("href") or "://" in value]
        expect(links, [])


def parts(root):
    """(class, x, width) of the parts of bands, in percent."""
    return [(group.get("class"), float(rect.get("x")[:-1]), float(rect.get("width")[:-1]))
            for group in root.iter(SVG + "g") for rect in group.iter(SVG + "rect")
            if rect.get("height") == "15.0"]


def test_gaps_and_the_edge_of_now(place):
    now = time.time()
    with Collector(place) as collector:
        feed(collector)
        # An hour that ends in the future ends now; before the first record there is no data.
        root = picture(collector, f"/t/kp.svg?from={now - 3600}&until={now + 86400}")
        rows = parts(root)
        expect(max(x + width for _, x, width in rows) <= 100.01, True)
        first = [kind for kind, x, width in rows if x == 0]
        expect((set(first), len(first)), ({"no-data"}, 5))
        # Of a time in which nobody looked, nothing is drawn as the last state.
        root = picture(collector, f"/t/kp.svg?from={now - 90000}&until={now - 86400}")
        expect({kind for kind, _, _ in parts(root)}, {"no-data"})
        # No time at all, a second, and years.
        for path in (f"from={now}&until={now}",
                     f"from={now - 61}&until={now - 60}", "from=0", "from=0&until=1",
                     "from=1970-01-01T00:00:00Z"):
            expect(len(parts(picture(collector, "/t/kp.svg?" + path))) >= 5, True)
            page(collector, "/t/kp?" + path)


def test_hostile_names_and_titles(place):
    with Collector(place) as collector:
        feed(collector)
        records = [{**block(7000 + n, "fra1", n, "up", -1800, -2), "target": name}
                   for n, name in enumerate((HOSTILE, "c.svg", "a b", "%2e%2e"))]
        answer = collector.post(lines(*records, title(7100, "fra1", "kp", HOSTILE)))[1]
        expect(answer["refused"], [])
        index = wait_for(lambda: len(page(collector, "/").of("li")) >= 5 and page(collector, "/"))
        expect(len(index.of("script")), 1)
        expect(HOSTILE[:-1] in index.text, True)
        for link in index.links:
            if link.startswith("/t/"):
                shown = page(collector, link)
                expect(len(shown.of("script")), 1)
                picture(collector, link + ".svg")


def test_what_a_browser_is_told(place):
    with Collector(place) as collector:
        feed(collector)
        for path in "/", "/t/kp", "/t/kp.svg", "/page/page.css", "/page/page.js", "/page/icon.svg":
            answer, text = get(collector, path)
            policy = answer.headers["Content-Security-Policy"]
            expect(("default-src 'none'" in policy, "unsafe" in policy), (True, False))
            expect(answer.headers["Cache-Control"], "no-cache")
            expect(answer.headers["X-Content-Type-Options"], "nosniff")
            if path.startswith("/page/"):
                again, nothing = get(collector, path, If_None_Match=answer.headers["ETag"])
                expect((again.status, nothing), (304, ""))
                expect(get(collector, path, If_None_Match='"x"')[0].status, 200)
            expect("http" in text.replace("http://www.w3.org/2000/svg", ""), False)
            expect(get(collector, path, "HEAD")[0].status, 200)
        expect(len(get(collector, "/page/page.js")[1]) <= 5000, True)


def test_the_read_token_is_a_password(place):
    place.put("read.token", "0123456789abcdef-read\n")
    os.chmod(place.path("read.token"), 0o600)
    with Collector(place, read_token_file="read.token") as collector:
        feed_with_token(collector)
        for path in "/", "/t/kp", "/t/kp.svg":
            answer, _ = get(collector, path)
            expect((answer.status, answer.headers["WWW-Authenticate"]),
                   (401, 'Basic realm="blockwatch"'))
            password = "Basic YW55Ym9keTowMTIzNDU2Nzg5YWJjZGVmLXJlYWQ="
            expect(get(collector, path, Authorization=password)[0].status, 200)
        expect(get(collector, "/page/page.css")[0].status, 200)


def feed_with_token(collector):
    collector.post(story("fra1", True))
    wait_for(lambda: json.loads(get(collector, "/v1/targets",
                                    Authorization="Bearer 0123456789abcdef-read")[1]))


def test_a_large_target(place):
    with Collector(place) as collector:
        records = [{**block(n, "fra1", 0, "dark" if n > 190 else "up", -600, -5),
                    "network": "198.18.0.0/16", "block": f"198.18.{n - 1}.0/24"}
                   for n in range(1, 251)]
        expect(collector.post(lines(*records))[0], 200)
        collector.post(lines(*[{**record, "vantage": "sgp1"} for record in records]), token=OTHER)
        targets(collector, "partly-dark")
        shown = page(collector, "/t/kp")
        expect("The worst 47 are shown: 204 more networks and blocks are left out." in shown.text,
               True)
        blocks = [text for text in shown.text.split() if text.endswith(".0/24")]
        expect(blocks[0], "198.18.190.0/24")


if __name__ == "__main__":
    main([value for name, value in sorted(globals().items()) if name.startswith("test_")
          and value.__module__ == "__main__"])
