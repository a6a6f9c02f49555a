#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The page of the collector in a real headless Chromium: at 1280 and 390 pixels, light and dark.

usage: test_page.py BLOCKWATCH

Where npm is there, axe-core looks for what keeps people out; it is installed for the run and not
kept. With BLOCKWATCH_PICTURES set to a folder, each page is saved there as a picture.
"""
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "cli"))

from cli import Mismatch, Skip, main  # noqa: E402
from test_collect import OTHER, Collector, block, comeback, expect, lines, story, \
    targets, wait_for  # noqa: E402

from browser import Browser, is_there  # noqa: E402

WIDTHS = (1280, 390)
PATHS = ("/", "/t/kp", "/t/kp?from=0", "/t/none")


def feed(collector):
    collector.post(story("fra1", True))
    collector.post(story("sgp1", True), token=OTHER)
    targets(collector, "partly-dark")
    collector.post(lines({**block(5000, "fra1", 9, "up", -1800, -2),
                          "target": "<b>&\u202e" + "long-name-" * 12}))


def looks():
    return [(width, dark) for width in WIDTHS for dark in (False, True)]


def save(browser, name):
    folder = os.environ.get("BLOCKWATCH_PICTURES")
    if folder:
        browser.picture(os.path.join(folder, name + ".png"))


def begin(place):
    if not is_there():
        raise Skip("chromium or chromedriver is not installed")
    return Collector(place)


def url(collector, path):
    return f"http://127.0.0.1:{collector.port}{path}"


def test_it_fits_and_breaks_no_policy(place):
    with begin(place) as collector, Browser() as browser:
        feed(collector)
        for path in PATHS:
            for width, dark in looks():
                browser.look_as(width, dark)
                browser.open(url(collector, path))
                wide = browser.run("return document.documentElement.scrollWidth")
                expect((path, width, wide <= width), (path, width, True))
                expect(browser.run("return [...document.querySelectorAll('.scroll')].filter("
                                   "table => table.scrollWidth > table.clientWidth).length"), 0)
                ground = browser.run("return getComputedStyle(document.body).backgroundColor")
                expect((path, ground), (path, "rgb(20, 24, 28)" if dark else "rgb(255, 255, 255)"))
                save(browser, f"{PATHS.index(path)}-{width}-{'dark' if dark else 'light'}")
        known = [text for text in browser.messages() if "/t/none - Failed to load" not in text]
        expect(known, [])


def test_states_differ_in_colour_and_pattern(place):
    script = """
        const found = {};
        for (const group of document.querySelectorAll("#content figure:first-of-type g")) {
          const box = group.querySelector("rect");
          if (!box) continue;
          const id = (group.getAttribute("fill") || "").slice(5, -1);
          const pattern = id && document.getElementById(id);
          found[group.getAttribute("class")] = [
            pattern ? getComputedStyle(pattern.querySelector("rect")).fill
                    : getComputedStyle(box).fill,
            pattern ? pattern.lastElementChild.outerHTML : ""];
        }
        return found;"""
    with begin(place) as collector, Browser() as browser:
        feed(collector)
        for _, dark in looks():
            browser.look_as(1280, dark)
            browser.open(url(collector, "/t/kp?from=0"))
            found = browser.run(script)
            expect(set(found) >= {"up", "dark", "partly-dark", "no-data"}, True)
            for at in 0, 1:
                expect(len({look[at] for look in found.values()}), len(found))


def point_at_dark(browser):
    """What a part says that is dark; a refresh may have come between."""
    where = browser.run("""
        const part = [...document.querySelectorAll("figure g.dark rect")].pop();
        part.scrollIntoView({block: "center"});
        const box = part.getBoundingClientRect();
        return [box.x + box.width / 2, box.y + box.height / 2]""")
    for x in 1, where[0]:
        browser.devtools("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=where[1])
    return browser.run("const tip = document.querySelector('.tip'); return tip && tip.textContent")


def test_keyboard_and_tips(place):
    with begin(place) as collector, Browser() as browser:
        feed(collector)
        browser.look_as(1280)
        browser.open(url(collector, "/t/kp"))
        seen = []
        for _ in range(40):
            for kind in "keyDown", "keyUp":
                browser.devtools("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab",
                                 windowsVirtualKeyCode=9)
            seen.append(browser.run("const e = document.activeElement;"
                                    "return e.tagName + '|' + e.textContent.slice(0, 30)"))
        expect(seen[0], "A|Skip to the content")
        expect("SUMMARY|The timeline as a table" in seen, True)
        expect(wait_for(lambda: point_at_dark(browser)).startswith("dark: "), True)
        expect(browser.messages(), [])


def test_it_follows_events(place):
    with begin(place) as collector, Browser() as browser:
        feed(collector)
        browser.look_as(1280)
        browser.open(url(collector, "/t/kp"))
        wait_for(lambda: browser.run("return document.getElementById('live').textContent")
                 == "live")
        browser.run("document.getElementById('timeline-table').open = true")
        text = "return document.querySelector('.headline').textContent"
        expect("is partly dark since" in browser.run(text), True)
        collector.post(comeback("fra1", 1000))
        wait_for(lambda: "is up since" in browser.run(text))
        expect(browser.run("return document.getElementById('timeline-table').open"), True)
        expect(browser.messages(), [])


def test_it_works_without_script(place):
    with begin(place) as collector, Browser() as browser:
        feed(collector)
        browser.allow_scripts(False)
        browser.open(url(collector, "/t/kp"))
        browser.allow_scripts(True)
        for part in "h1", "#timeline", "svg[role=img]", "table", "#outages", "#vantages":
            expect((part, browser.run("return !!document.querySelector(arguments[0])", part)),
                   (part, True))


def read_axe(place):
    if not shutil.which("npm"):
        raise Skip("there is no npm")
    made = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "axe-core"], check=False,
                          cwd=place.folder, capture_output=True)
    path = place.path("node_modules/axe-core/axe.min.js")
    if made.returncode != 0 or not os.path.exists(path):
        raise Skip("npm cannot install axe-core here")
    with open(path, encoding="utf-8") as file:
        return file.read()


def test_nobody_is_kept_out(place):
    collector, axe = begin(place), read_axe(place)
    with collector, Browser() as browser:
        feed(collector)
        for path in PATHS:
            for width, dark in looks():
                browser.look_as(width, dark)
                browser.open(url(collector, path))
                browser.run("document.querySelectorAll('details').forEach(d => d.open = true)")
                browser.run(axe)
                found = browser.run_async(
                    "axe.run().then(r => arguments[arguments.length - 1](r.violations.map("
                    "v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 120)).join(' | '))))")
                if found:
                    raise Mismatch(f"{path} at {width}, {'dark' if dark else 'light'}: {found}")


if __name__ == "__main__":
    main([value for name, value in sorted(globals().items()) if name.startswith("test_")])
