"""A real browser for the tests: Chromium without a window, driven by the WebDriver protocol.

Only the standard library is needed here; chromium and chromedriver come from the system.
"""

import base64
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")

_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the protocol's own word for an element
_ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--touch-events=enabled",
)


class Browser:
    """One Chromium with a fresh profile; close it, or use it in ``with``."""

    def __init__(self, width: int = 1280, height: int = 900) -> None:
        self._open = build_opener(ProxyHandler({})).open
        self._profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self._driver = subprocess.Popen(
            [str(DRIVER), "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self._session = ""
        try:
            self._base = f"http://127.0.0.1:{self._port()}"
            options = {
                "binary": CHROMIUM,
                "args": [
                    *_ARGUMENTS,
                    f"--window-size={width},{height}",
                    f"--user-data-dir={self._profile.name}",
                ],
            }
            capabilities = {
                "goog:chromeOptions": options,
                "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
                "timeouts": {"script": 60_000},
            }
            found = self._ask("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})
            self._session = f"/session/{found['sessionId']}"
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> "Browser":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the browser."""
        try:
            if self._session:
                self._ask("DELETE", self._session)
        finally:
            self._driver.terminate()
            self._driver.wait(10)
            assert self._driver.stdout is not None
            self._driver.stdout.close()
            self._profile.cleanup()

    def _port(self) -> int:
        assert self._driver.stdout is not None
        for line in self._driver.stdout:
            if "started successfully on port" in line:
                return int(line.rstrip(" .\n").split()[-1])
        raise RuntimeError("chromedriver did not start")

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if method in ("GET", "DELETE") else json.dumps(body or {}).encode()
        request = Request(
            self._base + path, data, {"Content-Type": "application/json"}, method=method
        )
        try:
            with self._open(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except HTTPError as error:
            with error:
                raise RuntimeError(json.load(error)["value"]["message"]) from None
        except URLError as error:
            raise RuntimeError(f"the browser does not answer: {error.reason}") from None

    def _do(self, command: str, body: dict[str, Any] | None = None, method: str = "POST") -> Any:
        return self._ask(method, f"{self._session}/{command}", body)

    # -- pages -------------------------------------------------------------------------------

    def open(self, path: Path) -> None:
        """Open a file and wait until it has loaded."""
        self._do("url", {"url": path.as_uri()})

    def run(self, script: str, *arguments: Any) -> Any:
        """Return what a function's body in JavaScript returns; a promise is waited for."""
        return self._do("execute/sync", {"script": script, "args": list(arguments)})

    def wait(self, condition: str, *arguments: Any, seconds: float = 30) -> Any:
        """Return the value of an expression as soon as it is true."""
        end = time.monotonic() + seconds
        while not (value := self.run(f"return {condition}", *arguments)):
            if time.monotonic() > end:
                raise AssertionError(f"not within {seconds} s: {condition}")
            time.sleep(0.02)
        return value

    def log(self) -> list[str]:
        """Return what the console said since this was asked last."""
        return [entry["message"] for entry in self._do("se/log", {"type": "browser"})]

    def requests(self) -> list[str]:
        """Return the addresses of all that was asked for since this was asked last."""
        entries = self._do("se/log", {"type": "performance"})
        messages = [json.loads(entry["message"])["message"] for entry in entries]
        return [
            message["params"]["request"]["url"]
            for message in messages
            if message["method"] == "Network.requestWillBeSent"
        ]

    def screenshot(self, path: Path) -> None:
        """Write a picture of what is in sight."""
        path.write_bytes(base64.b64decode(self._do("screenshot", method="GET")))

    def devtools(self, command: str, **parameters: Any) -> Any:
        """Do something that a person could, but the protocol has no word for."""
        return self._do("goog/cdp/execute", {"cmd": command, "params": parameters})

    def resize(self, width: int, height: int, **emulated: Any) -> None:
        """Give the page another size, in CSS pixels; mobile and touch if told."""
        given = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.devtools("Emulation.setDeviceMetricsOverride", **(given | emulated))

    # -- hands -------------------------------------------------------------------------------

    def element(self, selector: str) -> str:
        """Return the protocol's name for the first element that fits a CSS selector."""
        found = self._do("element", {"using": "css selector", "value": selector})
        return str(found[_ELEMENT])

    def click(self, selector: str) -> None:
        """Click an element's middle."""
        self._do(f"element/{self.element(selector)}/click")

    def type(self, selector: str, text: str) -> None:
        """Type into an element; for a file's field, choose the file of that path."""
        self._do(f"element/{self.element(selector)}/value", {"text": text})

    def keys(self, *keys: str) -> None:
        """Press and release keys one after the other, wherever the focus is."""
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self._do("actions", {"actions": [{"type": "key", "id": "keys", "actions": actions}]})

    def keys_together(self, *keys: str) -> None:
        """Press keys one after the other while the earlier ones are held, then let go of all."""
        pressed = [{"type": "keyDown", "value": key} for key in keys]
        released = [{"type": "keyUp", "value": key} for key in reversed(keys)]
        self._do(
            "actions", {"actions": [{"type": "key", "id": "keys", "actions": pressed + released}]}
        )

    def draw(self, strokes: Sequence[Sequence[tuple[float, float]]], pointer: str) -> None:
        """Draw strokes, in CSS pixels of the page, with "mouse", "touch" or "pen"."""
        actions: list[dict[str, Any]] = []
        for first, *others in strokes:
            actions += [_move(first), {"type": "pointerDown", "button": 0}]
            actions += [_move(point) for point in others]
            actions.append({"type": "pointerUp", "button": 0})
        device = {"type": "pointer", "id": pointer, "parameters": {"pointerType": pointer}}
        self._do("actions", {"actions": [device | {"actions": actions}]})

    def drop(self, path: Path, x: int, y: int) -> None:
        """Drop a file at a place of the page, in CSS pixels, as from a file manager."""
        data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            self.devtools("Input.dispatchDragEvent", type=kind, x=x, y=y, data=data)


def _move(point: tuple[float, float]) -> dict[str, Any]:
    x, y = (round(part) for part in point)
    return {"type": "pointerMove", "duration": 0, "x": x, "y": y, "origin": "viewport"}
