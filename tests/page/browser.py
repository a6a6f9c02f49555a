# SPDX-License-Identifier: Apache-2.0
"""A headless Chromium, driven through chromedriver's HTTP interface (W3C WebDriver)."""
import base64
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--disable-dev-shm-usage", "--hide-scrollbars"]


def is_there():
    return bool(shutil.which("chromium") and shutil.which("chromedriver"))


class Browser:
    """One window. All of it is ended by leaving the context."""

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="blockwatch-chromium-")
        log = os.path.join(self.folder, "log")
        with open(log, "wb") as file:
            self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=file,
                                           stderr=subprocess.STDOUT, start_new_session=True)
        self.session = None
        try:
            self.begin(log)
        except BaseException:
            self.__exit__()
            raise
        return self

    def begin(self, log):
        self.port = self.find_port(log)
        made = self.call("POST", "/session", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "goog:loggingPrefs": {"browser": "ALL"},
            "goog:chromeOptions": {
                "binary": shutil.which("chromium"),
                "args": FLAGS + ["--user-data-dir=" + os.path.join(self.folder, "profile")]}}}})
        self.session = made["sessionId"]

    def find_port(self, log):
        for _ in range(600):
            with open(log, encoding="utf-8") as file:
                found = re.search(r"successfully on port (\d+)", file.read())
            if found:
                return int(found[1])
            time.sleep(0.05)
        raise RuntimeError("chromedriver does not start")

    def __exit__(self, *unused):
        try:
            if self.session:
                self.call("DELETE", "")
        finally:
            os.killpg(self.driver.pid, signal.SIGTERM)
            self.driver.wait(10)
            shutil.rmtree(self.folder, ignore_errors=True)

    def call(self, method, path, body=None):
        if self.session:
            path = f"/session/{self.session}{path}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request(method, path, json.dumps(body if body is not None else {})
                           if method == "POST" else None)
        value = json.loads(connection.getresponse().read())["value"]
        connection.close()
        if isinstance(value, dict) and "error" in value:
            raise RuntimeError(f"{path}: {value['error']}: {value['message'][:500]}")
        return value

    def devtools(self, command, **parameters):
        return self.call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def look_as(self, width, dark=False, height=900):
        """The window's size in CSS pixels, and the colours that its user prefers."""
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height,
                      deviceScaleFactor=1, mobile=width < 600)
        self.devtools("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def allow_scripts(self, allowed):
        self.devtools("Emulation.setScriptExecutionDisabled", value=not allowed)

    def open(self, url):
        self.call("POST", "/url", {"url": url})

    def run(self, script, *arguments):
        """The value that a function body returns."""
        return self.call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def run_async(self, script, *arguments):
        """The value that is given to the last argument of a function body."""
        return self.call("POST", "/execute/async", {"script": script, "args": list(arguments)})

    def messages(self):
        """What the console has got since the last call: errors, violations of the policy."""
        return [entry["message"] for entry in self.call("POST", "/se/log", {"type": "browser"})]

    def picture(self, path):
        """Saves all of the page as a PNG file."""
        size = self.devtools("Page.getLayoutMetrics")["cssContentSize"]
        data = self.devtools("Page.captureScreenshot", captureBeyondViewport=True, clip={
            "x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1})["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))
