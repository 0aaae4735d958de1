"""Networks as web pages, in a real browser: every layer's numbers, and pages that do no harm."""

import base64
import re
from pathlib import Path

import numpy as np
import pytest

import nn.layers
from nn import presets
from nn.data.examples import hands
from nn.formats import web_page
from nn.network import Network
from tests.browser import Browser
from tests.test_nn.exported import TEXTS, assert_same, random_network, random_pictures
from tests.web_pages import draw_on_paper, percents, shown

# -- what a page is ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names", "about", "kind"),
    [
        ("input 6x6x1", ["X", "O"], {}, "sketch"),
        ("input 24x24x1", ["0", "1"], {}, "pen"),
        ("input 32x32x3", ["a", "b"], {}, "photo"),
        ("input 32x32x1", ["a", "b"], {"fit": "fit"}, "photo"),
        ("input 1x1x2", ["a", "b"], {}, "numbers"),
        ("input 1x1x1", ["a", "b"], {}, "numbers"),
        ("input 4x6x3", ["a", "b"], {}, "numbers"),
        ("input 8x8x5", ["a", "b"], {}, "numbers"),
    ],
)
def test_the_input_tells_what_page_a_network_gets(text, names, about, kind):
    network = Network.from_text(f"{text}\nflatten\ndense 2\nloss softmax", class_names=names)
    assert web_page.kind_of(network, about) == kind


def test_a_kind_that_does_not_fit_is_refused_in_a_sentence():
    network = presets.build("sketch")
    with pytest.raises(
        ValueError, match="'photo' needs a network for square pictures of 1 or 3"
    ) as told:
        web_page.page(
            Network.from_text("input 4x4x2\nflatten\ndense 2\nloss softmax"), kind="photo"
        )
    assert "4×4×2" in str(told.value)
    with pytest.raises(ValueError, match="kind must be one of sketch, pen, photo, numbers, got"):
        web_page.page(network, kind="film")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="picture_size must be 6 to 4096 pixels, got 5"):
        web_page.page(network, picture_size=5)
    with pytest.raises(ValueError, match='"fit" must be "crop" or "fit"'):
        web_page.page(presets.build("badger"), about={"fit": "stretch"})
    known = {"mean": [0.0], "centres": [[1.0]], "threshold": 1}
    with pytest.raises(ValueError, match="features, got shapes"):
        web_page.page(presets.build("badger"), about={"familiarity": known})


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("beard or badger", "beardOrBadger"),
        ("Beard or badger?", "beardOrBadger"),
        ("Café, thé or eau?", "cafeTheOrEau"),
        ("X or O?", "xOrO"),
        ("🦡 or 🧔?", None),
        ("7 or 9?", None),
        ("alert(1)", None),
    ],
)
def test_the_console_function_is_named_after_the_classes(title, name):
    assert web_page.function_name(title) == name


def test_the_page_allows_its_own_script_and_style_and_nothing_else(pages):
    text = pages["beard-or-badger"].read_text("utf-8")
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    assert "http" not in policy
    assert not re.search(r"""(src|href)\s*=\s*["']|@import|url\(|https?:""", text)


# -- the same numbers ----------------------------------------------------------------------------


def test_every_layer_is_among_the_networks_tried_in_the_browser():
    tried = {layer.kind for text in TEXTS for layer in Network.from_text(text).layers}
    assert tried == {
        found.kind
        for found in vars(nn.layers).values()
        if isinstance(found, type) and issubclass(found, nn.layers.Layer) and hasattr(found, "kind")
    }


def check_numbers(browser: Browser, network: Network, path: Path, count: int) -> None:
    """The page of a network gives, for numbers at random, what the network gives."""
    web_page.save(network, path, kind="numbers")
    browser.open(path)
    x = random_pictures(network, count)
    numbers = x.reshape(count, -1).astype(float).tolist()
    told = browser.run("return arguments[0].map((numbers) => predict(numbers))", numbers)
    scores = [[one["probabilities"][name] for name in network.class_names] for one in told]
    wanted = network.predict(x)
    assert_same(np.array(scores), wanted)
    assert [one["label"] for one in told] == [network.class_names[i] for i in wanted.argmax(axis=1)]


@pytest.mark.browser
def test_every_layer_gives_our_numbers(browser, tmp_path):
    for text in TEXTS:
        check_numbers(browser, random_network(text), tmp_path / "net.html", 5)


@pytest.mark.browser
def test_our_presets_give_our_numbers(browser, tmp_path):
    for name in presets.ALL_NAMES:
        network = random_network(presets.build(name).to_text(), seed=4)
        check_numbers(browser, network, tmp_path / "net.html", 2)


@pytest.mark.browser
def test_numbers_are_typed_and_a_wrong_count_is_told(browser, tmp_path):
    network = random_network("input 1x1x2\nflatten\ndense 2\nloss softmax")
    web_page.save(network, tmp_path / "net.html")
    browser.open(tmp_path / "net.html")
    browser.type("#numbers", "0.5;\n-1")
    x = np.array([[[[0.5]], [[-1]]]], np.float32)
    assert shown(browser) == percents(network, x)
    browser.type("#numbers", " 3")
    trouble = "return document.getElementById('trouble').innerText"
    assert browser.run(trouble) == "The network reads 2 numbers, got 3."
    browser.click("#clear")
    browser.type("#numbers", "a b")
    assert browser.run(trouble).startswith("Every one of them should be a number")


# -- harmless, offline, for everybody ------------------------------------------------------------

NASTY = [
    '"',
    "</script><script>window.harm = 1</script>",
    "🦡 or 🧔",
    "<img src=x onerror=harm=1>",
    "__proto__",
    "\ud800",
    "${harm}",
    "a'b\\n",
]


@pytest.mark.browser
def test_class_names_are_shown_as_they_are_and_do_nothing(browser, tmp_path):
    text = f"input 6x6x1\nflatten\ndense {len(NASTY)}\nloss softmax"
    network = Network.from_text(text, class_names=NASTY)
    web_page.save(network, tmp_path / "net.html", title=NASTY[1], about={"what": NASTY[3]})
    browser.open(tmp_path / "net.html")
    draw_on_paper(browser, hands("X", 1, seed=5)[0].strokes, "mouse")
    names = browser.run(
        "return [...document.querySelectorAll('#classes li span:first-child')]"
        ".map((name) => name.textContent.toWellFormed())"
    )
    assert names == [*NASTY[:5], "\ufffd", *NASTY[6:]]
    assert browser.run("return document.title") == NASTY[1]
    assert browser.run("return document.querySelector('header p').textContent") == NASTY[3]
    assert browser.run("return typeof harm") == "undefined"
    told = browser.run("return Object.keys(predict([[[0, 0], [1, 1]]]).probabilities).length")
    assert told == len(NASTY)


DOT = (  # a white pixel, as PNG
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg=="
)


@pytest.mark.browser
def test_a_page_asks_for_nothing_and_could_not(browser, pages, tmp_path):
    path = tmp_path / "photo.png"
    path.write_bytes(base64.b64decode(DOT))
    browser.requests()
    browser.log()
    for page in pages.values():
        browser.open(page)
    browser.open(pages["beard-or-badger"])
    browser.type("#file", str(path))
    browser.wait("document.getElementById('name').textContent.startsWith('photo.png')")
    asked_for = [url for url in browser.requests() if not url.startswith(("chrome:", "blob:"))]
    assert asked_for
    assert all(url in [page.as_uri() for page in pages.values()] for url in asked_for)
    for attempt in (
        "return fetch('https://example.org').then(() => 'got it')",
        f"return fetch('{pages['sketch'].as_uri()}').then(() => 'got it')",
        "return import('data:text/javascript,0').then(() => 'got it')",
    ):
        with pytest.raises(RuntimeError, match="Failed to fetch"):
            browser.run(attempt)
    said = browser.log()
    assert any("beardOrBadger($0)" in line and "probabilities" in line for line in said)


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("page", ["sketch", "mnist", "beard-or-badger"])
def test_a_page_fits_phones_and_is_legible_in_both_themes(browser, pages, page, theme):
    features = [
        {"name": "prefers-color-scheme", "value": theme},
        {"name": "prefers-reduced-motion", "value": "reduce"},
    ]
    browser.devtools("Emulation.setEmulatedMedia", features=features)
    try:
        for width in (320, 768, 1400):
            browser.resize(width, 700)
            browser.open(pages[page])
            assert browser.run("return document.documentElement.scrollWidth") <= width
            assert browser.run(CONTRAST) >= 4.5
        assert browser.run(
            "return getComputedStyle(document.querySelector('.bar i')).transitionDuration"
        ) in ("0s", "")
        dark = browser.run("return getComputedStyle(document.body).backgroundColor")
        assert (dark == "rgb(17, 21, 28)") == (theme == "dark")
        labels = browser.run(
            "return [...document.querySelectorAll('canvas, button, input, textarea, section')]"
            ".filter((part) => !(part.ariaLabel || part.textContent.trim()"
            " || part.labels?.length || part.getAttribute('aria-labelledby'))).length"
        )
        assert labels == 0
    finally:
        browser.devtools("Emulation.setEmulatedMedia", features=[])
        browser.devtools("Emulation.clearDeviceMetricsOverride")


CONTRAST = """
const light = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map(Number)
    .map((v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
const behind = (part) => {
    const colour = getComputedStyle(part).backgroundColor;
    return colour === "rgba(0, 0, 0, 0)" ? behind(part.parentElement) : colour;
};
document.querySelectorAll("details").forEach((part) => (part.open = true));
document.getElementById("guess").hidden = false;
const parts = "h1, h2, p, button:enabled, .button, li span, dt, dd, summary, code";
return Math.min(...[...document.querySelectorAll(parts)]
    .filter((part) => part.checkVisibility() && part.textContent.trim())
    .map((part) => [light(getComputedStyle(part).color), light(behind(part))].sort((a, b) => b - a))
    .map(([more, less]) => (more + 0.05) / (less + 0.05)));
"""
