"""The page in a real browser: Debian's Chromium, headless."""

import base64
import pathlib
import time

import axe_core_python
import numpy
import pytest
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

from conftest import ROOT, Service, image_file

AXE = pathlib.Path(axe_core_python.__file__).parent / "axe.min.js"
PHONE = (390, 844)


class Browser:
    def __init__(self):
        options = webdriver.ChromeOptions()
        for argument in ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1280,900"]:
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options, webdriver.ChromeService("/usr/bin/chromedriver"))

    def open(self, address):
        self.driver.get("about:blank")
        self.driver.get(address)
        self.wait(lambda: len(self.all("#cards .card")) >= 5 and self.text("#status"))

    def wait(self, condition, seconds=10):
        return WebDriverWait(self.driver, seconds, 0.02).until(lambda _: condition())

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def text(self, selector):
        return self.one(selector).text

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def pixels(self, card):
        """What a card's canvas shows, (28, 28), 0 for paper."""
        data = self.run("const c = document.querySelectorAll('#cards .card > canvas:not(.difference)')[arguments[0]];"
                        "return Array.from(c.getContext('2d').getImageData(0, 0, 28, 28).data)", card)
        return 255 - numpy.array(data).reshape(28, 28, 4)[..., 0]

    def does(self, action):
        """Does something, and waits until its images are there."""
        before = self.run("return window.tidduMilliseconds.length")
        action()
        self.wait(lambda: self.run("return window.tidduMilliseconds.length") > before)
        time.sleep(0.1)

    def set_slider(self, name, value):
        self.run("const s = document.getElementById('d-' + arguments[0]); s.value = arguments[1];"
                 "s.dispatchEvent(new Event('input', { bubbles: true }))", name, value)

    def complaints(self):
        """What the page does wrong; that the tests look at its images often is not its fault."""
        return [one["message"] for one in self.driver.get_log("browser")
                if one["level"] in ("SEVERE", "WARNING") and not one["message"].startswith("rendering ")]

    def colors(self, scheme):
        self.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})

    def screen(self, width, height, is_phone=False):
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 2 if is_phone else 1, "mobile": is_phone})

    def violations(self):
        self.run(AXE.read_text())
        found = self.driver.execute_async_script(
            "const done = arguments[0]; axe.run({ resultTypes: ['violations'] }).then((r) => done(r.violations))")
        return [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found]


@pytest.fixture(scope="module")
def browser():
    browser = Browser()
    yield browser
    browser.driver.quit()


@pytest.fixture(autouse=True)
def page(browser, service):
    browser.colors("light")
    browser.screen(1280, 900)
    browser.open(service.address + "/")
    yield browser
    assert browser.complaints() == []


def test_first_sight(page):
    """A damaged digit that is misread, and read again once it is corrected, without a click, above the fold."""
    titles = [one.text for one in page.all("#cards .card h3")]
    assert titles == ["Clean", "Damaged", "The report's model", "tiddu-small", "tiddu-best"]
    status = page.text("#status")
    assert "Clean: read as 3" in status and "tiddu-best: read as 3" in status and "Damaged: read as 3" not in status
    for card in page.all("#cards .card > canvas:not(.difference)"):
        assert card.rect["y"] + card.rect["height"] < 900 and card.rect["width"] > 100
    assert [one.text for one in page.all("#cards .card")[0].find_elements(By.CSS_SELECTOR, ".bars li span[lang=kn]")] == list("೦೧೨೩೪೫೬೭೮೯")
    assert "turned by 180°" in page.all("#cards .undone")[4].text
    # Crisp pixels, not a smear.
    assert page.run("return getComputedStyle(document.querySelector('.card > canvas')).imageRendering") == "pixelated"


def test_every_distortion_has_its_control(page, service):
    names = [one["name"] for one in service.json("GET", "/distortions")[1]["distortions"]]
    assert len(names) >= 20
    page.does(lambda: page.one("#reset").click())
    clean = page.pixels(0)
    assert numpy.array_equal(page.pixels(1), clean)
    for name in names:
        control = page.one(f"#d-{name}")
        assert page.all(f"label[for=d-{name}]")[0].text
        if control.get_attribute("type") == "checkbox":
            page.does(control.click)
        else:
            page.does(lambda: page.set_slider(name, int(control.get_attribute("max")) * 2 // 3))
        assert not numpy.array_equal(page.pixels(1), clean), name
        page.does(lambda: page.one("#reset").click())
        assert numpy.array_equal(page.pixels(1), clean), name


def test_drawing(page):
    pad = page.one("#pad")
    page.does(lambda: page.one("#reset").click())
    page.does(lambda: ActionChains(page.driver).move_to_element_with_offset(pad, -40, -60).click_and_hold().pause(0.05)
              .move_by_offset(80, 0).move_by_offset(0, 120).release().perform())
    time.sleep(0.3)
    ink = page.pixels(0)
    assert ink.max() == 255 and 30 < (ink > 128).sum() < 200
    # The stroke lies where it was drawn: first to the right, then down.
    assert (ink[4:9, 8:20] > 128).sum() > 15 and (ink[8:20, 17:22] > 128).sum() > 15
    page.does(lambda: page.one("#clear").click())
    assert page.pixels(0).max() == 0


def test_gallery(page, gallery):
    page.one("#classes button[aria-label='7']").click()
    examples = page.all("#examples button")
    assert len(page.all("#classes button")) == 10 and len(examples) == 10
    page.does(examples[4].click)
    assert numpy.array_equal(page.pixels(0), gallery[1][gallery[0] == 7][4])
    assert examples[4].get_attribute("aria-pressed") == "true"
    assert page.all("#cards .glyph")[0].text == "೭ 7"


def test_surprise_and_seed(page):
    page.does(lambda: page.one("#surprise").click())
    seed = page.one("#seed").get_attribute("value")
    first = page.pixels(1)
    page.does(lambda: page.one("#surprise").click())
    assert page.one("#seed").get_attribute("value") != seed and not numpy.array_equal(page.pixels(1), first)
    page.does(lambda: page.one("#reset").click())
    page.does(lambda: page.set_slider("occlusion", 60))
    hidden = page.pixels(1)
    page.one("#seed").clear()
    page.does(lambda: page.one("#seed").send_keys("12345"))
    page.wait(lambda: not numpy.array_equal(page.pixels(1), hidden))


def test_upload(page):
    page.does(lambda: page.one("#file").send_keys(str(ROOT / "Documentation/photograph.jpg")))
    page.wait(lambda: page.all("#picture-digits button"))
    assert len(page.all("#picture-digits button")) == 15 and "15 digits found" in page.text("#picture-text")
    canvas = page.run("const c = document.getElementById('picture-canvas');"
                      "return [c.width, Array.from(c.getContext('2d').getImageData(0, 0, c.width, c.height).data)]")
    data = numpy.array(canvas[1]).reshape(-1, canvas[0], 4)[..., :3].astype(int)
    green = (abs(data - [0x16, 0x65, 0x34]).sum(axis=2) < 30).sum()
    assert green > 2000, "boxes are drawn"
    page.does(page.all("#picture-digits button")[1].click)
    assert page.all("#cards .glyph")[0].text == "೯ 9"


def test_upload_of_no_picture(page, tmp_path):
    (tmp_path / "no.png").write_bytes(b"no picture")
    page.one("#file").send_keys(str(tmp_path / "no.png"))
    page.wait(lambda: "no PNG" in page.text("#problem"))
    # The browser logs each 4xx by itself.
    assert all("415" in one for one in page.complaints())


def test_link_holds_everything(page, service):
    pad = page.one("#pad")
    page.does(lambda: ActionChains(page.driver).move_to_element_with_offset(pad, -50, -50).click_and_hold().pause(0.05)
              .move_by_offset(90, 100).release().perform())
    page.does(lambda: page.set_slider("gaussian-noise", 37))
    page.does(lambda: Select(page.one("#expect")).select_by_value("everyday"))
    time.sleep(0.5)
    address = page.run("return location.href")
    before = [page.pixels(card) for card in range(5)]
    assert len(address) < 2000
    page.open(address)
    for card in range(5):
        assert numpy.array_equal(page.pixels(card), before[card])
    assert page.one("#expect").get_attribute("value") == "everyday"
    for nonsense in ["#p=@@@&d=x~9.y&s=-3&e=zzz", "#g=99999", "#p=AAAA", "#d=~.~&g=1.5", "#%%%"]:
        page.open(service.address + "/" + nonsense)
        assert page.text("#problem") == ""


def test_keyboard_alone(page):
    page.run("document.activeElement.blur()")
    def press(*keys):
        for key in keys:
            ActionChains(page.driver).send_keys(key).perform()
    def focused():
        return page.run("return document.activeElement.id || document.activeElement.getAttribute('aria-label') || document.activeElement.tagName")
    seen = []
    for _ in range(80):
        press(Keys.TAB)
        seen.append(focused())
        if seen[-1] == "pad":
            press(Keys.DELETE, " ", *[Keys.ARROW_DOWN] * 6, " ")
            page.wait(lambda: page.pixels(0).max() == 255)
            assert (page.pixels(0) > 128).sum() > 8
        if seen[-1] == "d-rotation":
            press(Keys.HOME, Keys.ARROW_RIGHT)
            page.wait(lambda: numpy.array_equal(page.pixels(1).shape, (28, 28)))
            assert page.one("#d-rotation").get_attribute("aria-valuetext") == "90°"
        if seen[-1] == "expect":
            break
    for wanted in ["pad", "clear", "file", "surprise", "reset", "seed", "copy", "d-up-down-flip", "d-handwriting", "expect", "3", "3, example 1"]:
        assert wanted in seen, (wanted, seen)
    outline = page.run("return getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


def test_status_is_a_live_region(page):
    assert page.one("#status").get_attribute("aria-live") == "polite"
    page.does(lambda: page.one("#reset").click())
    page.wait(lambda: "Damaged: read as 3" in page.text("#status"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 900), PHONE, (320, 600)], ids=["desktop", "phone", "small"])
def test_accessible(page, size, scheme):
    page.colors(scheme)
    page.screen(*size, is_phone=size[0] < 600)
    page.one("#file").send_keys(str(ROOT / "Documentation/photograph.jpg"))
    page.wait(lambda: page.all("#picture-digits button"))
    time.sleep(0.2)
    assert page.violations() == []
    assert page.run("return document.documentElement.scrollWidth") <= size[0]
    paper = page.run("return getComputedStyle(document.body).backgroundColor")
    assert (sum(int(part) for part in paper[4:-1].split(",")) < 200) == (scheme == "dark")
    if size[0] < 600:
        strip = page.one("#strip")
        assert strip.is_displayed() and len(strip.find_elements(By.TAG_NAME, "canvas")) == 5


def test_says_that_the_service_is_gone(browser):
    service = Service("tiddu-small")
    browser.driver.get(service.address)
    browser.wait(lambda: browser.all("#cards .card"))
    assert service.stop() == 0
    browser.one("#surprise").click()
    browser.wait(lambda: "does not answer" in browser.text("#problem"))
    browser.complaints()


def test_asks_for_the_token(browser, tmp_path):
    (tmp_path / "token").write_text("0123456789abcdef-secret")
    service = Service("tiddu-small", "--token-file", str(tmp_path / "token"))
    browser.driver.get(service.address)
    browser.wait(lambda: browser.one("#token-form").is_displayed())
    browser.one("#token").send_keys("0123456789abcdef-secret" + Keys.ENTER)
    browser.wait(lambda: len(browser.all("#cards .card")) == 3)
    assert service.stop() == 0
    browser.complaints()
