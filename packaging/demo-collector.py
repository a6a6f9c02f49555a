# SPDX-License-Identifier: Apache-2.0
"""The three vantages of packaging/demo --collector, their collector, and who is told.

All of it is a lab of network namespaces (tests/lab/lab.py). Each vantage is `blockwatch run`, which
ships its records over HTTP to a `blockwatch-collector` in a namespace of its own. What is said is
what the collector answers; where that is not what was to be expected, the exit code is 1.
"""
import hashlib
import hmac
import http.server
import json
import os
import re
import sys
import time
import urllib.request

from demo_parts import Paint, play
from lab import Lab, LabError  # in tests/lab, whose place demo_parts knows

VANTAGES = [("ams1", 64501), ("nyc1", 64502), ("sin1", 64503)]
LONELY = 2  # whose provider loses its way to the world
NETWORKS = ["Capital", "Coast", "North", "Islands"]
PORT, SECRET = 8080, "of the demo"
PATIENCE = 60  # seconds until the collector must have found out
SHOWN = 5  # seconds that each step lasts longer, for the picture
COLUMN = 14

MAP = """
   ams1 ── provider AS64501 ─┐                     ┌─ 198.18.0.0/24  Capital
   nyc1 ── provider AS64502 ─┼─ border of Labland ─┼─ 198.18.1.0/24  Coast
   sin1 ── provider AS64503 ─┘                     ├─ 198.18.2.0/24  North
    └── a line of each to the collector            └─ 198.18.3.0/24  Islands
"""
EXPLANATION = """\
Each name is a network namespace of its own, and there is no way out of them. Each vantage is a
daemon with a spool and a token; the collector keeps what they ship in SQLite and merges it."""


class World:
    """Three vantages with their providers, a country, and the collector's namespace."""

    def __init__(self, lab):
        self.lab = lab
        self.border, self.country, self.centre = map(lab.node, ("border", "country", "centre"))
        self.border.forward()
        lab.link(self.border, "land", self.country, "border", ("10.98.0.1/30",), ("10.98.0.2/30",))
        self.border.ip("route add 198.18.0.0/22 via 10.98.0.2")
        self.country.ip("route add default via 10.98.0.1")
        self.country.answer_for("198.18.0.0/22")
        pairs = [self._add(number, name) for number, (name, _asn) in enumerate(VANTAGES, 1)]
        self.vantages = [vantage for vantage, _provider in pairs]
        self.providers = [provider for _vantage, provider in pairs]

    def _add(self, number, name):
        """A vantage behind two routers of its provider, with a second line to the collector."""
        lab = self.lab
        vantage, access, core = (lab.node(name), lab.node(f"access{number}"),
                                 lab.node(f"core{number}"))
        net = f"10.9{number}"
        for router in (access, core):
            router.forward()
        lab.link(vantage, "up0", access, "inner", (f"{net}.0.2/30",), (f"{net}.0.1/30",))
        lab.link(access, "outer", core, "inner", (f"{net}.1.2/30",), (f"{net}.1.1/30",))
        lab.link(core, "outer", self.border, f"core{number}", (f"{net}.2.2/30",),
                 (f"{net}.2.1/30",))
        lab.link(vantage, "mgmt0", self.centre, f"mgmt{number}", (f"10.80.{number}.2/30",),
                 (f"10.80.{number}.1/30",))
        vantage.ip(f"route add default via {net}.0.1")
        access.ip(f"route add default via {net}.1.1")
        core.ip(f"route add default via {net}.2.1", f"route add {net}.0.0/30 via {net}.1.2")
        self.border.ip(f"route add {net}.0.0/16 via {net}.2.2")
        return vantage, core


class Demo:
    """The programs in the world, and what they say."""

    def __init__(self, world, program, paint):
        self.world = world
        self.lab = world.lab
        self.program = program
        self.paint = paint
        self.daemons = []
        self.rows = []
        self.wrong = 0
        self.told = os.path.join(self.lab.folder, "told")
        self.begin = time.time()

    def folder(self, name):
        path = os.path.join(self.lab.folder, name)
        os.makedirs(path, exist_ok=True)
        return path

    def secret(self, name, text):
        path = self.lab.file(name, text + "\n")
        os.chmod(path, 0o600)
        return path

    def start_centre(self):
        """The collector, and a receiver that its webhook tells."""
        centre = self.world.centre
        centre.start(sys.executable, os.path.abspath(__file__), "--receiver", self.told,
                     stdout=None, stderr=None)
        config = self.lab.file("collector.json", json.dumps({
            "listen": f"0.0.0.0:{PORT}",
            "store": "sqlite:" + os.path.join(self.lab.folder, "collector.db"),
            "vantages": [{"name": name, "asn": asn, "token_file":
                          self.secret(f"{name}.token", f"token-of-{name}-" + "x" * 20)}
                         for name, asn in VANTAGES],
            "webhooks": [{"url": "http://127.0.0.1:9090/",
                          "secret_file": self.secret("webhook.secret", SECRET)}]}))
        return self.start(centre, "centre", "collect", "--config", config)

    def start_vantage(self, number):
        name = VANTAGES[number][0]
        config = {
            "vantage": name, "allow_reserved": True, "targets": [self.target()],
            "round": "5s", "confirm": "2s", "timeout": "1s", "rate": 500,
            "state_directory": self.folder(f"{name}/state"),
            "sinks": [{"type": "http", "name": "centre",
                       "url": f"http://10.80.{number + 1}.1:{PORT}/v1/records",
                       "token_file": os.path.join(self.lab.folder, f"{name}.token")}]}
        path = self.lab.file(f"{name}/run.json", json.dumps(config))
        return self.start(self.world.vantages[number], name, "run", "--config", path)

    def start(self, node, name, *arguments):
        with open(os.path.join(self.lab.folder, f"{name}.log"), "wb") as log:
            process = node.start(self.program, *arguments, stdout=log, stderr=log)
        self.daemons.append((name, process))
        return process

    def target(self):
        day = time.strftime("%Y-%m-%d", time.gmtime())
        networks = [{"prefix": f"198.18.{number}.0/24", "name": name, "asn": 64510 + number,
                     "hosts": [{"address": f"198.18.{number}.{10 + host}", "seen": day}
                               for host in range(12)]} for number, name in enumerate(NETWORKS)]
        return self.lab.file("labland.json", json.dumps(
            {"schema": "blockwatch/target/1", "name": "labland", "title": "Labland",
             "source": "packaging/demo", "methods": ["icmp"], "networks": networks}))

    def get(self, path):
        """What the collector answers, as bytes."""
        with self.world.centre.inside():
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}{path}", timeout=10) as answer:
                return answer.read()

    def state(self):
        """What the collector says of the country and of the vantages; None: nothing yet."""
        try:
            state = json.loads(self.get("/v1/targets/labland"))
            state["silent"] = [one["name"] for one in json.loads(self.get("/v1/vantages"))
                               if one["silent"]]
            return state
        except OSError:
            return None

    def check_alive(self):
        for name, process in self.daemons:
            if process.poll() is not None:
                with open(os.path.join(self.lab.folder, f"{name}.log"), encoding="utf-8") as log:
                    raise LabError(f"{name} has ended with {process.returncode}: {log.read()}")

    def step(self, heading, action, fits, words):
        """Does ACTION, waits until what the collector says FITS, and shows it."""
        number = len(self.rows) + 1
        print(self.paint.bold(f"{number}/5  {heading}\n"), flush=True)
        begin = time.monotonic()
        action()
        state = None
        while time.monotonic() - begin < PATIENCE:
            state = self.state()
            if state and fits(state):
                break
            self.check_alive()
            time.sleep(0.2)
        else:
            self.wrong += 1
        self.rows.append((words, state))
        time.sleep(SHOWN)
        self.show(state, time.monotonic() - begin)

    def show(self, state, seconds):
        if not state:
            print("     The collector has heard of nothing.\n", flush=True)
            return
        cells = []
        for one in state["vantages"]:
            note = " (island)" if one["island"] else " (silent)" if one["name"] in state["silent"] \
                else ""
            cells.append(f"{one['name']} says {one['verdict']}{note}")
        print(f"     {', '.join(cells)}.\n     Merged: Labland is "
              f"{self.paint.bold(state['verdict'])} ({state['networks']['up']} of "
              f"{state['networks']['total']} networks up), after {seconds:.0f} s.\n", flush=True)

    def messages(self):
        """What the webhook was told: (whether its signature is right, message)."""
        if not os.path.exists(self.told):
            return []
        with open(self.told, encoding="utf-8") as file:
            return [(mark == "+", json.loads(body))
                    for mark, body in (line.split(" ", 1) for line in file)]

    def with_style(self, page):
        """The page as a file that stands alone: its style sheet in it, and no script."""
        page = re.sub(rb'<link rel="stylesheet" href="([^"]+)">',
                      lambda found: b"<style>" + self.get(found[1].decode()) + b"</style>", page)
        return re.sub(rb"<script src=.*?</script>", b"", page)

    def save(self, place):
        """Keeps the picture and the page. Returns the paths."""
        span = f"from={int(self.begin)}&until={int(time.time()) + 1}"
        paths = []
        for name, path in (("labland.svg", f"/t/labland.svg?{span}"),
                           ("labland.html", f"/t/labland?{span}")):
            paths.append(os.path.join(place, name))
            with open(paths[-1], "wb") as file:
                file.write(self.with_style(self.get(path)))
            if "SUDO_UID" in os.environ:
                os.chown(paths[-1], int(os.environ["SUDO_UID"]), int(os.environ["SUDO_GID"]))
        return paths


def vantage_of(state, number):
    return next((one for one in state["vantages"] if one["name"] == VANTAGES[number][0]), None)


def all_say(state, verdict):
    return len(state["vantages"]) == len(VANTAGES) and state["verdict"] == verdict and all(
        one["verdict"] == verdict and one["fresh"] for one in state["vantages"])


def story(demo):
    world, rules = demo.world, []

    def begin():
        demo.start_centre()
        for number in range(len(VANTAGES)):
            demo.start_vantage(number)

    def cut():
        # Its routers still answer: what is dark begins behind them.
        rules.append(world.providers[LONELY].rules("cut", "forward",
                                                   "ip daddr 198.18.0.0/15 drop"))

    def darken():
        rules.append(world.country.silence("198.18.0.0/15"))

    def restore():
        while rules:
            rules.pop().remove()

    def switch_off():
        name, process = demo.daemons.pop()
        process.terminate()
        process.wait(10)

    demo.step("All is well: three vantages, and all of them see Labland.", begin,
              lambda state: all_say(state, "up"), "all up")
    demo.step("The provider of sin1 loses its way to the world. To sin1 all of Labland is dark;\n"
              "     the others get answers, so that it is sin1 that is cut off: an island.", cut,
              lambda state: state["verdict"] == "up" and vantage_of(state, LONELY)["island"] and
              vantage_of(state, LONELY)["verdict"] == "dark", "sin1 is cut off")
    demo.step("Labland goes dark. Two vantages behind two networks say so: that is the quorum.",
              darken, lambda state: state["verdict"] == "dark", "the country is dark")
    demo.step("All lines are restored.", restore, lambda state: all_say(state, "up") and not
              vantage_of(state, LONELY)["island"], "restored")
    demo.step("The machine of sin1 is switched off.", switch_off,
              lambda state: state["verdict"] == "up" and state["silent"] == [VANTAGES[LONELY][0]],
              "sin1 is switched off")


def table(demo):
    print(demo.paint.bold("What the collector said\n"))
    names = [name for name, _asn in VANTAGES]
    print(f"  {'':<22}" + "".join(f" {name:<13}" for name in names + ["merged"]).rstrip())
    for words, state in demo.rows:
        said = {one["name"]: one["verdict"] for one in state["vantages"]} if state else {}
        cells = [said.get(name, "unknown") for name in names]
        cells.append(state["verdict"] if state else "unknown")
        painted = [demo.paint.cell(verdict, verdict, COLUMN) for verdict in cells]
        print(f"  {words:<22}" + "".join(painted).rstrip())
    print()


def sentence_of(message):
    if "vantage" in message:
        return f"{message['vantage']} is {'silent' if message['silent'] else 'back'}"
    return f"{message['scope']} {message['subject']} is {message['to']}, was {message['from']}"


def tell_messages(demo):
    until = time.monotonic() + 10
    while time.monotonic() < until and not any("vantage" in one for _right, one in demo.messages()):
        time.sleep(0.2)
    messages = demo.messages()
    print(demo.paint.bold(f"What the webhook was told, {len(messages)} messages, "
                          f"{sum(right for right, _one in messages)} with the right signature\n"))
    for _right, message in messages:
        if message.get("scope") != "network":
            print(f"  {sentence_of(message)}")
    networks = sum(message.get("scope") == "network" for _right, message in messages)
    print(f"  and {networks} of single networks\n")
    if not messages or not all(right for right, _one in messages):
        demo.wrong += 1


def tell_outages(demo):
    outages = [one for one in json.loads(demo.get("/v1/outages?target=labland"))
               if one["scope"] == "target"]
    for one in outages:
        lasted = one["duration_s"]
        print(f"Verdict: Labland was dark from {one['start'][11:19]} to "
              f"{(one['end'] or 'now')[11:19]} UTC, {lasted or 0:.0f} s (to within "
              f"{one['uncertainty_s'] or 0:.1f} s), and one outage is in the history.")
    if len(outages) != 1:
        print(f"The history has {len(outages)} outages of Labland; one was expected.")
        demo.wrong += 1


def main(program, place):
    paint, begin = Paint(), time.monotonic()
    with Lab() as lab:
        print(paint.bold("\nA small country, three vantages and a collector inside this machine"))
        print(f"{MAP}\n{EXPLANATION}\n")
        demo = Demo(World(lab), program, paint)
        print(f"While it runs: ip netns exec {demo.world.centre.netns} curl -s "
              f"http://127.0.0.1:{PORT}/v1/targets/labland   (as root)\n", flush=True)
        story(demo)
        table(demo)
        tell_messages(demo)
        tell_outages(demo)
        picture, page = demo.save(place)
    print(f"\nThe picture is {picture}, the page {page}: open them in a browser.")
    if demo.wrong:
        print(f"{demo.wrong} of these are not what was to be expected.")
    print(f"Done in {time.monotonic() - begin:.0f} s; nothing else is left behind.")
    return 1 if demo.wrong else 0


class Receiver(http.server.BaseHTTPRequestHandler):
    """Who is told: keeps each message, with a mark whether its signature is right."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        right = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        mark = "+" if self.headers["X-Blockwatch-Signature"] == right else "-"
        with open(self.server.path, "a", encoding="utf-8") as file:
            file.write(f"{mark} {body.decode().strip()}\n")
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_arguments):
        pass


def receive(path):
    server = http.server.HTTPServer(("127.0.0.1", 9090), Receiver)
    server.path = path
    server.serve_forever()


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "--receiver":
        receive(sys.argv[2])
    if len(sys.argv) != 3 or not os.access(sys.argv[1], os.X_OK):
        sys.exit("usage: demo-collector.py BLOCKWATCH FOLDER (packaging/demo --collector does it)")
    play(main, os.path.abspath(sys.argv[1]), sys.argv[2])
