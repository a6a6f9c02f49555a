#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the collector's API answers, field by field: schemas, tags, parts of lists, methods,
signals."""
import http.client
import json
import re
import os
import signal
import time
from urllib.parse import urljoin

from cli import Mismatch, main
from test_collect import OTHER, TOKEN, Collector, at, block, expect, lines, record, wait_for
from test_outages import PATH, event, listen

try:
    from jsonschema import Draft202012Validator
except ImportError:
    Draft202012Validator = None

HERE = os.path.dirname(os.path.abspath(__file__))
SCHEMA = os.path.join(HERE, "../../src/collect/api.schema.json")


def check(name, answer):
    """Against the definition of this name in the schema that ships."""
    if not Draft202012Validator:
        return answer
    with open(SCHEMA, encoding="utf-8") as file:
        schema = json.load(file)
    validator = Draft202012Validator({**schema, "$ref": f"#/$defs/{name}"})
    for error in validator.iter_errors(answer):
        raise Mismatch(f"{name}: {list(error.absolute_path)}: {error.message}")
    return answer


def ask(collector, method, path, **headers):
    """Status, header fields and body."""
    connection = http.client.HTTPConnection("127.0.0.1", collector.port, timeout=30)
    connection.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return answer.status, {k.lower(): v for k, v in answer.getheaders()}, text


def get(collector, path):
    status, _, text = ask(collector, "GET", path)
    expect((path, status), (path, 200))
    return json.loads(text)


def fill(collector):
    """Two hours of four networks of a block each: one was dark for ten minutes, one still is."""
    for vantage, token in (("fra1", TOKEN), ("sgp1", OTHER)):
        answer = collector.post(lines(
            *listen(1, vantage, 2), *[block(10 + n, vantage, n, "up", -7200, -7100 + n)
                                      for n in range(4)],
            block(20, vantage, 0, "dark", -1200, -1190),
            event(21, vantage, "network", "198.18.0.0/24", -1200, path=PATH),
            block(30, vantage, 0, "up", -600, -590), block(31, vantage, 1, "dark", -300, -290)),
            token)[1]
        expect(answer["refused"], [])
        check("taken", answer)
    wait_for(lambda: [e for e in get(collector, "/v1/events") if e["to"] == "dark"])


def test_answers_have_their_schema(place):
    with Collector(place) as collector:
        for name, path in (("targets", "/v1/targets"), ("outages", "/v1/outages"),
                           ("events", "/v1/events"), ("vantages", "/v1/vantages")):
            check(name, get(collector, path))
        check("taken", collector.post(b"junk\n")[1])
        fill(collector)
        listed = check("targets", get(collector, "/v1/targets"))
        expect([(t["target"], t["title"], t["verdict"], t["quorum"]) for t in listed],
               [("kp", None, "partly-dark", 2)])
        one = check("target", get(collector, "/v1/targets/kp"))
        expect([s["scope"] for s in one["subjects"]], ["target"] + 4 * ["network"] + 4 * ["block"])
        expect({**one, "subjects": 0}, {**listed[0], "subjects": 0})
        check("timeline", get(collector, "/v1/targets/kp/timeline"))
        outages = check("outages", get(collector, "/v1/outages"))
        expect(sorted((o["scope"], o["subject"], o["status"]) for o in outages),
               [(scope, f"198.18.{n}.0/24", status) for scope in ("block", "network")
                for n, status in ((0, "over"), (1, "open"))])
        ended = [o for o in outages if o["scope"] == "network" and o["end"]][0]
        expect((round(ended["duration_s"]), ended["path"], ended["onset"], ended["vantages"]),
               (600, PATH, "abrupt", ["fra1", "sgp1"]))
        expect({o["fraction"] for o in outages}, {1})
        check("events", get(collector, "/v1/events"))
        check("vantages", get(collector, "/v1/vantages"))
        check("health", get(collector, "/healthz"))
        check("signals", get(collector, "/v1/signals/country/KP"))
        check("sums", get(collector, "/v1/targets/kp/sums"))
        for path in ("/v1/none", "/v1/targets/none", "/v1/events?limit=x", "/v1/outages?from=x"):
            check("error", json.loads(ask(collector, "GET", path)[2]))


def test_a_timeline_has_no_gap(place):
    with Collector(place) as collector:
        fill(collector)
        began = time.time()
        for query in "", f"?from={int(began) - 3600}", f"?from={at(-9000)}&until={at(7200)}":
            of = {}
            for part in get(collector, "/v1/targets/kp/timeline" + query):
                of.setdefault((part["scope"], part["subject"]), []).append(part)
            expect(len(of), 9)
            for parts in of.values():
                for one, other in zip(parts, parts[1:]):
                    expect(one["end"], other["start"])
                expect(all(part["start"] < part["end"] for part in parts), True)
                expect(parts[-1]["end"] <= at(1), True)  # nothing in the future


def test_intervals_that_say_the_same_are_one(place):
    """Why it is unknown (too few can tell, nobody can) is not in the timeline."""
    with Collector(place) as collector:
        collector.post(lines(*[record(n, when=-7200 + 60 * n) for n in range(1, 31)],
                             block(40, "fra1", 0, "up", -7200, -7100),
                             block(41, "fra1", 0, "dark", -6000, -5990)))

        def parts():
            listed = [p["verdict"] for p in get(collector, "/v1/targets/kp/timeline")
                      if p["scope"] == "block"]
            return listed if len(listed) > 1 else None
        expect(wait_for(parts), ["unknown", "up", "unknown"])


def test_conditions_are_kept_over_a_restart(place):
    def conditions(collector):
        return {s["subject"]: s["conditions"]
                for s in get(collector, "/v1/targets/kp")["subjects"] if s["scope"] == "block"}

    def said(seq, number, when, *words):
        return {**block(seq, "fra1", number, "up", -600, when), "conditions": words}
    wanted = {"198.18.0.0/24": ["suspect", "lone"], "198.18.1.0/24": [], "198.18.2.0/24": []}
    with Collector(place) as collector:
        collector.post(lines(said(1, 0, -500, "lone"), said(2, 1, -500, "suspect"),
                             said(3, 2, -500)))
        collector.post(lines(said(4, 1, -400, "suspect"), said(5, 1, -390),
                             said(6, 0, -380, "lone", "suspect"), said(7, 0, -390)))
        expect(wait_for(lambda: conditions(collector) == wanted), True)
        collector.end(signal.SIGKILL)
    with Collector(place) as collector:
        expect(conditions(collector), wanted)
        collector.post(lines(said(8, 2, -300, "lone")))
        wait_for(lambda: conditions(collector)["198.18.2.0/24"] == ["lone"])


def test_a_network_that_all_blocks_have_left_is_gone(place):
    with Collector(place) as collector:
        later = block(1, "fra1", 0, "up", -600, -500)
        collector.post(lines({**later, "network": "198.18.0.0/23"}))
        wait_for(lambda: get(collector, "/v1/targets"))
        collector.post(lines({**block(2, "fra1", 0, "up", -600, -590),
                              "network": "198.18.0.0/22"}))

        def networks():
            found = [s["subject"] for s in get(collector, "/v1/targets/kp")["subjects"]
                     if s["scope"] == "network"]
            return found if "198.18.0.0/22" in found else None
        wait_for(lambda: networks() == ["198.18.0.0/22"])
        expect({p["subject"] for p in get(collector, "/v1/targets/kp/timeline")
                if p["scope"] == "network"}, {"198.18.0.0/22"})


def test_what_has_not_changed_is_not_sent_again(place):
    with Collector(place) as collector:
        fill(collector)
        until = int(time.time()) - 1
        for path in ("/v1/targets", "/v1/targets/kp", "/v1/outages", "/v1/events", "/v1/vantages",
                     f"/v1/targets/kp/timeline?from={until - 900}&until={until}",
                     f"/v1/targets/kp/sums?until={until}",
                     f"/v1/signals/target/kp?until={until}"):
            status, fields, text = ask(collector, "GET", path)
            tag = fields["etag"]
            expect((status, fields["cache-control"], len(text) > 2), (200, "no-cache", True))
            for known in tag, f'"x", W/{tag}', "*":
                status, again, text = ask(collector, "GET", path, If_None_Match=known)
                expect((path, status, again["etag"], text), (path, 304, tag, b""))
            expect(ask(collector, "GET", path, If_None_Match='"x"')[0], 200)
            status, head, text = ask(collector, "HEAD", path)
            expect((status, head["etag"], text), (200, tag, b""))
        collector.post(lines(block(50, "fra1", 1, "up", -1, -1)))
        old = tag
        wait_for(lambda: ask(collector, "GET", "/v1/targets", If_None_Match=old)[0] == 200)


def test_methods(place):
    with Collector(place) as collector:
        for path in ("/", "/healthz", "/metrics", "/v1/targets", "/v1/targets/kp", "/v1/outages",
                     "/v1/events", "/v1/signals/country/kp"):
            for method in "POST", "PUT", "DELETE", "PATCH", "OPTIONS":
                status, fields, _ = ask(collector, method, path)
                expect((method, path, status, fields.get("allow")),
                       (method, path, 405, "GET, HEAD"))
        for method in "GET", "HEAD", "PUT":
            status, fields, _ = ask(collector, method, "/v1/records")
            expect((status, fields["allow"]), (405, "POST"))


def test_parts_of_lists(place):
    with Collector(place) as collector:
        fill(collector)
        outages = get(collector, "/v1/outages")
        expect([o["id"] for o in outages], [1, 2, 3, 4])
        expect(get(collector, "/v1/outages?limit=2"), outages[:2])
        expect(get(collector, "/v1/outages?after=2&limit=1"), outages[2:3])
        expect(get(collector, "/v1/outages?after=4"), [])
        expect(get(collector, "/v1/outages?target=ir"), [])
        expect(len(get(collector, f"/v1/outages?until={int(time.time()) - 900}")), 2)
        expect(len(get(collector, f"/v1/outages?from={int(time.time()) - 500}")), 2)
        events = get(collector, "/v1/events")
        expect(get(collector, "/v1/events?limit=1"), events[:1])
        expect(get(collector, f"/v1/events?before={events[0]['id']}"), events[1:])
        # What a request does not know is ignored.
        expect(get(collector, "/v1/outages?colour=red"), outages)
        for query in ("/v1/outages?limit=-1", "/v1/outages?after=x", "/v1/events?before=x",
                      "/v1/events?limit=1e3", "/v1/outages?until=yesterday",
                      "/v1/signals/target/kp?from=1900-01-01T00:00:00Z",
                      "/t/kp?from=1678-01-01T00:00:00Z&until=1678-06-01T00:00:00Z",
                      "/v1/signals/target/kp?maxPoints=0", "/v1/signals/target/kp?maxPoints=x",
                      f"/v1/signals/target/kp?from={int(time.time()) + 60}"):
            expect((query, ask(collector, "GET", query)[0]), (query, 400))
        for list_ in "/v1/outages", "/v1/events":
            status, _, text = ask(collector, "GET", list_ + "?limit=0")
            expect((status, json.loads(text)["error"]), (400, "limit is a whole number from 1"))


def parts_of(collector, path):
    """Follows the links to the next part: the items of all, and how many parts there were."""
    items, count = [], 0
    while path:
        status, fields, text = ask(collector, "GET", path)
        expect((path, status), (path, 200))
        items += json.loads(text)
        count += 1
        link = fields.get("link")
        path = urljoin(path, link[1:link.index(">")]) if link else None
    return items, count


def test_parts_add_up_to_the_whole(place):
    with Collector(place) as collector:
        fill(collector)
        until = int(time.time()) - 1
        path = f"/v1/targets/kp/timeline?from={until - 7000}&until={until}"
        whole, count = parts_of(collector, path)
        expect((count, len(whole) > 15), (1, True))
        for limit in 1, 2, 5, len(whole):
            parts, count = parts_of(collector, f"{path}&limit={limit}")
            expect((parts, count), (whole, -(-len(whole) // limit)))
        for path, limit in ("/v1/outages?target=kp", 1), ("/v1/outages", 3):
            whole, _ = parts_of(collector, path)
            parts, count = parts_of(collector, path + ("&" if "?" in path else "?") +
                                    f"limit={limit}")
            expect((parts, count), (whole, -(-len(whole) // limit)))
        whole, _ = parts_of(collector, "/v1/events")
        expect(parts_of(collector, "/v1/events?limit=1"), (whole, len(whole)))
        for after in "x", "block/198.18.0.0", "block//1", "target/kp/1", "block/198.18.0.0/24/-1":
            expect((after, ask(collector, "GET", "/v1/targets/kp/timeline?limit=1&after=" + after)
                    [0]), (after, 400))


def test_a_long_timeline_comes_piece_by_piece(place):
    """Whole by default, as much as its parts say."""
    with Collector(place) as collector:
        seq, records = 100, [*listen(1, "fra1", 24)]
        for number in range(4):
            for turn in range(800):
                seq += 1
                since = -80000 + 100 * turn + number
                records.append(block(seq, "fra1", number, ("up", "dark")[turn % 2], since,
                                     since + 1))
        until = int(time.time()) - 1
        path = f"/v1/targets/kp/timeline?from={until - 86000}&until={until}"
        expect(collector.post(lines(*sorted(records, key=lambda r: r["time"])))[0], 200)
        wait_for(lambda: len(get(collector, path)) > 6000)
        whole = get(collector, path)
        parts, count = parts_of(collector, path + "&limit=9999")
        expect((len(whole) > 6000, count, parts == whole), (True, -(-len(whole) // 2000), True))
        status, fields, text = ask(collector, "HEAD", path)
        expect((status, text, "etag" in fields), (200, b"", False))


def test_a_time_ends_after_it_begins(place):
    with Collector(place) as collector:
        fill(collector)
        now = int(time.time())
        for path in ("/v1/outages", "/v1/targets/kp/timeline", "/v1/signals/target/kp",
                     "/v1/targets/kp/sums"):
            for query, words in ((f"from={now - 60}&until={now - 600}", "from is after until"),
                                 (f"from={now + 900}&until={now + 600}", "from is in the future"),
                                 (f"from={now + 900}", "from is in the future")):
                status, _, text = ask(collector, "GET", f"{path}?{query}")
                expect((path, status, json.loads(text)["error"]), (path, 400, words))
        for path in "/v1/outages", "/v1/targets/kp/timeline":
            get(collector, f"{path}?from={now - 60}&until={now - 60}")
            get(collector, f"{path}?from={now - 60}&until={now + 600}")


def test_a_time_begins_in_1970(place):
    with Collector(place) as collector:
        fill(collector)
        status, head, text = ask(collector, "GET", "/v1/targets/kp/timeline?until=1000&limit=1")
        expect((status, json.loads(text)[0]["start"]), (200, "1970-01-01T00:00:00.000000Z"))
        check("timeline", get(collector, "/v1/targets/kp/timeline?from=0"))
        following = re.match("<(.*?)>", head["link"])[1]
        get(collector, "/v1/targets/kp/" + following)
        for path in "/v1/signals/target/kp", "/v1/targets/kp/sums", "/v1/outages":
            get(collector, path + "?until=1000")


def test_every_target_that_is_listed_can_be_asked_for(place):
    """That of a prefix has it as its name. A name that no path can hold is refused."""
    names = "198.18.0.0/24", "a/b", "timeline", "x" * 255
    with Collector(place) as collector:
        records = [{**block(20 + n, "fra1", 0, "up", -120, -60), "target": name}
                   for n, name in enumerate(names)]
        status, answer = collector.post(lines(record(1, when=-60), *records, {
            **block(40, "fra1", 0, "up", -120, -60), "target": "x" * 256}))
        expect((status, answer["taken"], [line["reason"] for line in answer["refused"]]),
               (200, 5, ["target: is longer than 255 bytes"]))
        wait_for(lambda: [t for t in get(collector, "/v1/targets") if t["verdict"] == "up"])
        expect(sorted(t["target"] for t in get(collector, "/v1/targets")), sorted(names))
        for name in names:
            for path in name, name.replace("/", "%2F"):
                expect(get(collector, "/v1/targets/" + path)["target"], name)
                expect(len(get(collector, f"/v1/targets/{path}/timeline?limit=1")), 1)
                get(collector, f"/v1/targets/{path}/sums")
                get(collector, "/v1/signals/target/" + path)
                expect(ask(collector, "GET", "/t/" + path)[0], 200)
        for path in "timeline/sums/x", "a/b/c", "a", "/":
            expect(ask(collector, "GET", "/v1/targets/" + path)[0], 404)


def test_signals(place):
    with Collector(place) as collector:
        fill(collector)
        now = int(time.time())
        query = f"?from={now - 1800}&until={now}"
        for path in ("/v1/signals/country/KP", "/v1/signals/country/kp", "/v1/signals/target/kp"):
            signals = {s["datasource"]: s for s in get(collector, path + query)["data"][0]}
            expect(sorted(signals), ["answers", "fraction", "known", "loss", "rtt_p50",
                                     "rtt_p90", "up"])
            up = signals["up"]
            expect((up["step"], up["from"] % 60, up["blocks"]), (60, 0, 4))
            expect(len(up["values"]), (up["until"] - up["from"]) // 60)
            expect(up["until"] - 60 < now <= up["until"], True)
            minute = {up["from"] + 60 * n: (up["values"][n], signals["fraction"]["values"][n])
                      for n in range(len(up["values"]))}
            expect(minute[(now - 1500) // 60 * 60], (4, 1))
            expect(minute[(now - 900) // 60 * 60], (3, 0.75))
            expect(minute[(now - 450) // 60 * 60], (4, 1))
            expect(minute[(now - 120) // 60 * 60], (3, 0.75))
        network = get(collector, "/v1/signals/network/198.18.0.0/24" + query)
        values = network["data"][0][0]["values"]
        expect((values[3], values[15]), (1, 0))
        query = f"?from={now - 90000}&until={now - 86400}"
        old = get(collector, "/v1/signals/block/198.18.0.0/24" + query)
        expect({v for s in old["data"][0] for v in s["values"] if s["datasource"] == "fraction"},
               {None})
        query = f"?from={now - 864000}&maxPoints=12"
        few = get(collector, "/v1/signals/target/kp" + query)["data"][0]
        expect({(len(f["values"]) <= 13, f["step"]) for f in few}, {(True, 86400)})
        hour = now // 3600 * 3600 - 2 * 86400
        for from_, until, points, wanted in (  # aligned bounds that fit exactly
                (hour, hour + 3600, 60, (60, 60, 0)),
                (hour, hour + 3600, 12, (300, 12, 0)),
                (hour, hour + 3600, 11, (600, 6, 0)),
                (hour, hour + 86400, 24, (3600, 24, 0)),
                (hour, hour + 3600, 1, (3600, 1, 0)),
                (hour - 1, hour + 3600, 61, (60, 61, 60)),  # widened to the step
                (hour - 1, hour + 3599, 60, (300, 13, 300)),
                (hour - 1, hour + 1, 1, (60, 2, 60)),
                (hour - 1, hour + 1, 2, (60, 2, 60))):
            one = get(collector, f"/v1/signals/target/kp?from={from_}&until={until}"
                                 f"&maxPoints={points}")["data"][0][0]
            expect((points, one["step"], len(one["values"]), hour - one["from"]),
                   (points, *wanted))
        for path in ("country/xx", "target/none", "network/1.2.3.0/24", "network/x", "colour/red",
                     "block/198.18.0.0/33"):
            expect((path, ask(collector, "GET", "/v1/signals/" + path)[0]), (path, 404))


def round_of(seq, vantage, number, when, sent, replies, rtt=None):
    """A block record at the end of a round, in a network of 16 blocks."""
    rtt_ms = None if rtt is None else {"min": rtt, "median": rtt, "max": rtt}
    return {**block(seq, vantage, number, "up", -7300, 0), "time": at(when - time.time()),
            "network": "198.18.0.0/20", "sent": sent, "replies": replies, "rtt_ms": rtt_ms}


def without_vantages(hours):
    return [{k: v for k, v in hour.items() if k != "vantages"} for hour in hours]


def test_hourly_sums(place):
    """An hour ago three vantage-rounds, two hours ago one; a round counts once, also late."""
    hour = int(time.time()) // 3600 * 3600 - 3600
    first = [round_of(1, "fra1", 0, hour + 60, 4, 3, 20), round_of(2, "fra1", 1, hour + 60, 4, 0),
             round_of(3, "fra1", 0, hour + 120, 2, 2, 40),
             {**round_of(4, "fra1", 0, hour + 130, 0, 0), "verdict": "unknown"}]
    path = "/v1/targets/kp/sums"
    with Collector(place) as collector:
        expect(collector.post(lines(*first))[1]["taken"], 4)
        expect(collector.post(lines(*first))[1]["known"], 4)
        expect(collector.post(lines(round_of(1, "sgp1", 0, hour + 70, 1, 1, 200)),
                              OTHER)[1]["taken"], 1)
        expect(collector.post(lines(round_of(9, "fra1", 0, hour - 60, 1, 0)))[1]["taken"], 1)
        wait_for(lambda: get(collector, "/v1/targets"))
        two, one = check("sums", get(collector, path))
        expect((two["rounds"], two["answered"], two["loss"], two["rtt_ms"]), (1, 0, 1, None))
        expect({k: v for k, v in one.items() if k not in ("vantages", "rtt_ms")},
               {"start": at(hour - time.time())[:19] + ".000000Z", "rounds": 4, "answered": 3,
                "sent": 11, "replies": 6, "loss": 0.4545})
        for key, rtt in ("p10", 20), ("p50", 40), ("p90", 200):
            expect(rtt / 1.045 < one["rtt_ms"][key] < rtt * 1.045, True)
        expect([(v["name"], v["rounds"], v["sent"]) for v in one["vantages"]],
               [("fra1", 3, 10), ("sgp1", 1, 1)])
        expect(get(collector, path + "?subject=198.18.0.0/20"), [two, one])
        expect([h["rounds"] for h in get(collector, path + "?subject=198.18.0.0/24")], [1, 3])
        expect([h["rounds"] for h in get(collector, path + "?subject=198.18.1.0/24")], [1])
        expect(get(collector, path + f"?until={hour}"), [two])
        expect(get(collector, path + f"?from={hour}"), [one])
        expect(get(collector, path + f"?from={hour}&until={hour}"), [])
        for subject in "", "&subject=198.18.0.0%2F20":  # in parts
            got, fields, text = ask(collector, "GET", f"{path}?from={hour - 7200}&limit=1{subject}")
            expect((got, json.loads(text)), (200, [two]))
            link = re.fullmatch('<(sums[^>]*)>; rel="next"', fields["link"])[1]
            expect(link.endswith(subject), True)
            got, fields, text = ask(collector, "GET", "/v1/targets/kp/" + link)
            expect((got, json.loads(text), fields.get("link")), (200, [one], None))
        expect(ask(collector, "GET", path + "?limit=2")[1].get("link"), None)
        expect(get(collector, path + "?from=1970-01-01T00:00:00Z"), [two, one])
        signals = get(collector, f"/v1/signals/country/KP?from={hour - 3600}&until={hour + 3600}")
        signals = {s["datasource"]: s for s in signals["data"][0]}
        for name, values in ("answers", [0, 0.75]), ("loss", [1, 0.4545]):
            expect((signals[name]["values"], signals[name]["from"], signals[name]["step"],
                    signals[name]["nativeStep"]), (values, hour - 3600, 3600, 3600))
        expect([v and round(v, -1) for v in signals["rtt_p50"]["values"]], [None, 40])
        for kind, rounds in ("network/198.18.0.0/20", 0.75), ("block/198.18.1.0/24", 0):
            one_hour = get(collector, f"/v1/signals/{kind}?from={hour}&until={hour + 3600}")
            expect([s["values"] for s in one_hour["data"][0] if s["datasource"] == "answers"],
                   [[rounds]])
        before = get(collector, path)
    with Collector(place) as collector:  # and a restart changes nothing
        expect(get(collector, path), before)


def test_sums_that_are_asked_for_badly(place):
    path = "/v1/targets/kp/sums"
    with Collector(place) as collector:
        fill(collector)
        for query, status in (
                ("?subject=kp", 400), ("?subject=198.18.0.0/33", 400), ("?subject=", 400),
                ("?subject=%27;DROP%20TABLE%20hourly_day;--", 400), ("?subject=10.0.0.0/8", 404),
                ("?subject=" + "9" * 7000, 400), ("?from=x", 400), ("?until=-1", 400),
                ("?from=1e9", 400), ("?from=99999999999999999999", 400), ("?from=nan", 400),
                ("?from=1900-01-01T00:00:00Z", 400), ("?limit=0", 400), ("?limit=-5", 400),
                ("?limit=9999999999999999999999", 400),
                ("?from=0&until=9000000000&limit=999999", 200), ("?subject=198.18.0.0/24", 200)):
            got, _, text = ask(collector, "GET", path + query)
            expect((query[:60], got), (query[:60], status))
            expect(len(text) < 100000, True)
            expect("error" in json.loads(text), status != 200)
        for name in ("none", "%27%20OR%201=1--", "..", "%F0%9F%92%A9", "x" * 300):
            expect((name, ask(collector, "GET", f"/v1/targets/{name}/sums")[0]), (name, 404))
        for signals in ("?from=0", "?from=0&maxPoints=1", "?from=0&maxPoints=10000"):
            got, _, text = ask(collector, "GET", "/v1/signals/target/kp" + signals)
            expect((signals, got, len(text) < 500000), (signals, 200, True))


if __name__ == "__main__":
    main([value for name, value in sorted(globals().items()) if name.startswith("test_")])
