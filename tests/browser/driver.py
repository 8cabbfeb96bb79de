"""A browser by the WebDriver protocol: https://www.w3.org/TR/webdriver2/. Nothing to install."""

import base64
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Self

import urllib3

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
TAB, ENTER = "\ue004", "\ue007"


def missing() -> str:
    """What this machine lacks; empty where there is all."""
    absent = [name for name in ("chromium", "chromedriver") if shutil.which(name) is None]
    return f"{' and '.join(absent)} not found; `make test-browser` installs them" if absent else ""


class Browser:
    """A headless Chromium of its own."""

    def __init__(self, home: Path) -> None:
        self._process = subprocess.Popen(
            ["chromedriver", "--port=0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._http = urllib3.PoolManager(timeout=60.0, retries=False)
        self._url = f"http://127.0.0.1:{self._port()}/session"
        arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        options = {"args": [*arguments, f"--user-data-dir={home}", "--window-size=1200,1000"]}
        wanted = {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}}
        session = self._send("POST", "", wanted)["sessionId"]
        self._url += f"/{session}"

    def _port(self) -> int:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if "successfully on port" in line:
                return int(line.rpartition("on port ")[2].strip(" .\n"))
        raise AssertionError("chromedriver did not start")

    def _send(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        content = json.dumps(body or {}).encode() if method == "POST" else None
        answer = self._http.request(method, self._url + path, body=content)
        value = json.loads(answer.data)["value"]
        assert answer.status == 200, value
        return value

    def open(self, url: str) -> None:
        self._send("POST", "/url", {"url": url})

    def run(self, script: str) -> Any:  # noqa: ANN401 - whatever the script returns
        return self._send("POST", "/execute/sync", {"script": script, "args": []})

    def click(self, selector: str) -> None:
        self._send("POST", f"/element/{self._find(selector)}/click")

    def type(self, selector: str, text: str) -> None:
        element = self._find(selector)
        self._send("POST", f"/element/{element}/clear")
        self._send("POST", f"/element/{element}/value", {"text": text})

    def press(self, key: str) -> None:
        """A key, wherever the focus is."""
        steps = [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        self._send("POST", "/actions", {"actions": [{"type": "key", "id": "k", "actions": steps}]})

    def text(self, selector: str) -> str:
        return str(self.run(f"return document.querySelector({json.dumps(selector)}).textContent"))

    def picture(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(self._send("GET", "/screenshot")))

    def _find(self, selector: str) -> str:
        found = self._send("POST", "/element", {"using": "css selector", "value": selector})
        return str(found[ELEMENT])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._send("DELETE", "")
        self._process.terminate()
        self._process.communicate()
        self._http.clear()
