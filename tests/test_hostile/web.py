"""What comes from the web, the settings, and JSON as such."""

import json
from pathlib import Path

from gui import commons_api, web_drop
from gui.settings import Settings, SettingsFile
from nn.formats import json_text
from tests.test_hostile import bend
from tests.test_hostile.json_cases import JSON_BAD
from tests.test_hostile.reader import Makers, Reader, of_text

ANSWER = json.dumps(
    {
        "continue": {"gsroffset": 24, "continue": "-||"},
        "query": {
            "pages": [
                {
                    "index": i,
                    "title": f"File:Badger {i}.jpg",
                    "imageinfo": [
                        {
                            "thumburl": "https://upload.wikimedia.org/a.jpg",
                            "mime": "image/jpeg",
                            "descriptionurl": "//commons.wikimedia.org/wiki/x",
                            "extmetadata": {
                                "Artist": {"value": "<a href='x'>someone</a><script>x</script>"},
                                "LicenseShortName": {"value": "CC BY 4.0"},
                                "LicenseUrl": {"value": "https://creativecommons.org/"},
                            },
                        }
                    ],
                }
                for i in range(3)
            ]
        },
    }
).encode()
HTML = (
    "<html><!-- c --><body class='a'><p>Some <b>words</b> &amp; &#x1F600;<img alt=x "
    "src='https://example.org/a.png'></p><![CDATA[x]]><?php x ?></body></html>"
)
HTML_BAD: Makers = {
    "comments": lambda: b"<!--" * 50_000,
    "declarations": lambda: b"<!" * 100_000,
    "sections": lambda: b"<![foo[" * 28_000,
    "tags": lambda: b"<a " * 66_000,
    "open": lambda: b"<" * 200_000,
    "attributes": lambda: b"<img " + b"a=" * 97_000,
    "quotes": lambda: b"<a b='" * 33_000,
    "spaces": lambda: b"<a" + b" " * 190_000,
    "slashes": lambda: b"<a" + b"/" * 190_000,
    "entities": lambda: b"&#" * 100_000 + b"9" * 5000 + b";",
    "ends": lambda: b"</" * 100_000,
    "instructions": lambda: b"<?" * 100_000,
    "script": lambda: b"<script>" + b"</" * 90_000,
    "script-comment": lambda: b"<script><!--" + b"<script>" * 24_000,
    "cdata": lambda: b"<![CDATA[" * 22_000,
    "textarea": lambda: b"<textarea>" * 20_000,
}
URLS = (
    "https://user:pw@example.org:80/a/../b.png?x=1#y",
    "http://[::1]:99/x",
    "http://2130706433/",
    "data:image/png;base64,iVBORw0KGgo=",
    "http://0x7f.1/",
    "https://münchen.de/ä",
    "file:///etc/passwd",
)
URLS_BAD: Makers = {
    "long": lambda: b"http://" + b"a" * 5_000_000,
    "digits": lambda: b"http://" + b"9" * 8000 + b"/",
    "hex": lambda: b"http://0x" + b"f" * 8000 + b"/",
    "brackets": lambda: b"http://[" * 900,
    "port": lambda: b"http://example.org:" + b"9" * 5000 + b"/",
    "signs": lambda: "http://\u2100.example.org/℀".encode(),
    "data": lambda: b"data:image/png;base64," + b"A" * 50_000_000,
    "data-marks": lambda: b"data:image/png," + b"%41" * 3_000_000,
    "data-spaces": lambda: b"data:image/png;base64," + b" " * 3_000_000 + b"=",
}


def _url(text: str) -> None:
    try:
        moved = web_drop.redirected("https://example.org/a", text[:5000])
        for rules in (web_drop.Rules(), web_drop.Rules(hosts=("example.org",))):
            web_drop.problem_with_address(text[:200], rules)
            for address in (text, moved):
                problem = web_drop.problem_with(address, rules)
                assert len(problem) < 500
                assert problem.isprintable()
    except ValueError as error:
        raise AssertionError("an address is judged, whatever it is") from error
    web_drop.data_of(text, 30_000_000)


def _settings(path: Path) -> None:
    settings = Settings(SettingsFile(path))
    assert isinstance(settings.theme, str)
    assert isinstance(settings.motion, bool)
    assert isinstance(settings.hints_seen, bool)


READERS: dict[str, Reader] = {
    "commons": Reader(
        lambda path: commons_api.read(path.read_bytes()[: commons_api.MOST_BYTES]),
        lambda rng: ANSWER,
        bend.bent_json,
        {**JSON_BAD, **HTML_BAD},
        named=False,
    ),
    "html": Reader(
        of_text(lambda text: (web_drop.picture_in(text), commons_api.plain(text))),
        lambda rng: HTML.encode(),
        bend.bent,
        HTML_BAD,
        named=False,
    ),
    "url": Reader(
        of_text(_url), lambda rng: rng.choice(URLS).encode(), bend.bent, URLS_BAD, named=False
    ),
    "settings": Reader(
        _settings,
        lambda rng: b'{"theme": "dark", "motion": false, "hints_seen": true}',
        bend.bent_json,
        JSON_BAD,
        file="settings.json",
    ),
    "json-text": Reader(
        lambda path: json_text.parse(path.read_bytes()),
        lambda rng: ANSWER,
        bend.bent_json,
        JSON_BAD,
        named=False,
    ),
}
