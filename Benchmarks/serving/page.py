"""From a slider's move to its images, in a real browser (Debian's Chromium, headless), on the page that `tiddu serve` gives.

    .venv-web/bin/python Benchmarks/serving/page.py

Needs `make service` and `make test-web`'s environment. --screenshot FILE also takes a picture of the page."""

import argparse
import pathlib
import subprocess
import time

from selenium import webdriver
from selenium.webdriver.support.ui import WebDriverWait

ROOT = pathlib.Path(__file__).resolve().parents[2]
SLIDERS = ["gaussian-noise", "occlusion", "shear", "blur", "rotation", "handwriting", "salt-and-pepper", "elastic"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moves", type=int, default=400)
    parser.add_argument("--screenshot")
    options = parser.parse_args()
    process = subprocess.Popen([ROOT / ".build/release/tiddu-serve", "--port", "0"], stdout=subprocess.PIPE, text=True)
    address = process.stdout.readline().strip()
    settings = webdriver.ChromeOptions()
    for argument in ["--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1280,900"]:
        settings.add_argument(argument)
    driver = webdriver.Chrome(settings, webdriver.ChromeService("/usr/bin/chromedriver"))
    driver.get(address)
    count = lambda: driver.execute_script("return window.tidduMilliseconds.length")
    WebDriverWait(driver, 20, 0.05).until(lambda _: count() > 0)
    if options.screenshot:
        time.sleep(1)
        driver.set_window_size(1280, driver.execute_script("return document.documentElement.scrollHeight") + 140)
        time.sleep(0.5)
        driver.save_screenshot(options.screenshot)
    for move in range(options.moves):
        before = count()
        driver.execute_script(
            "const s = document.getElementById('d-' + arguments[0]);"
            "s.value = (Number(s.value) + 7) % Number(s.max); s.dispatchEvent(new Event('input', { bubbles: true }))",
            SLIDERS[move // 10 % len(SLIDERS)])
        WebDriverWait(driver, 10, 0.005).until(lambda _: count() > before)
    times = sorted(driver.execute_script("return window.tidduMilliseconds")[1:])
    driver.quit()
    process.terminate()
    at = lambda share: times[min(len(times) - 1, int(share * len(times)))]
    print(f"{len(times)} moves, milliseconds: least {times[0]:.1f}, p50 {at(0.5):.1f}, p95 {at(0.95):.1f}, p99 {at(0.99):.1f}, "
          f"most {times[-1]:.1f}")


main()
