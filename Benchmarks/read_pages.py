"""What `tiddu read` and `tiddu data sheet` make of pages whose truth is known.

  read_pages.py scans FOLDER    grey-0.tif … of Kannada-MNIST's scanned sheets (40 rows of 32 cells, row r has the digit
                                r mod 10): as they are, turned, flipped, skewed, unevenly lit, noisy, as JPEG, at half the
                                resolution, and as a fax in 1 bit with printed lines
  read_pages.py photographs     fifty photographs of digits in Debian's Kannada fonts, made from a seed
  read_pages.py picture FILE    a photograph of numbers by the synthetic writer, as README shows it
  read_pages.py forms           forms filled in by the synthetic writer, "scanned" and photographed

Needs numpy, opencv-python-headless and pillow (Benchmarks/setup.sh); the fonts of fonts-lohit-knda, fonts-noto-core,
fonts-gubbi and fonts-navilu; pdftoppm (poppler-utils) for forms.
"""

import csv
import difflib
import io
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

TIDDU = Path(__file__).parent.parent / ".build/release/tiddu"
FONTS = [
    "lohit-kannada/Lohit-Kannada", "noto/NotoSansKannada-Regular", "noto/NotoSansKannada-Bold",
    "noto/NotoSerifKannada-Regular", "Gubbi/Gubbi", "Navilu/Navilu",
]


def tiddu(*arguments):
    return subprocess.run([TIDDU, *map(str, arguments)], capture_output=True, text=True, check=True).stdout


# Scans


def skewed(page, degrees):
    height, width = page.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    sine, cosine = abs(turn[0, 1]), abs(turn[0, 0])
    wide, high = int(width * cosine + height * sine), int(height * cosine + width * sine)
    turn[:, 2] += [(wide - width) / 2, (high - height) / 2]
    return cv2.warpAffine(page, turn, (wide, high), borderValue=255)


def fax(page, digits):
    """At 300 dpi in black and white, with printed lines of three pixels between the cells."""
    scale = 1.5
    out = np.where(cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC) < 128, 0, 255)
    out = out.astype(np.uint8)

    def edges(places):
        slope, start = np.polyfit(range(len(places)), places, 1)
        return [(slope * (number - 0.5) + start) * scale for number in range(len(places) + 1)]

    def middles(side, count, key):
        return [np.median([d[side] for d in digits if d[key] == number + 1]) for number in range(count)]

    xs, ys = edges(middles("x", 32, "column")), edges(middles("y", 40, "row"))
    def line(place):
        return slice(max(0, int(place) - 1), max(0, int(place) + 2))

    for x in xs:
        out[max(0, int(ys[0])):int(ys[-1]), line(x)] = 0
    for y in ys:
        out[line(y), max(0, int(xs[0])):int(xs[-1])] = 0
    return out


def variants(page, digits):
    random = np.random.default_rng(7)
    height, width = page.shape
    y, x = np.mgrid[:height, :width]
    yield "upright", page
    for turns in (1, 2, 3):
        yield f"turned by {90 * turns}", np.rot90(page, turns)
    yield "flipped up-down", page[::-1]
    yield "flipped left-right", page[:, ::-1]
    for degrees in (1, 2, 3, 4, 5, -3):
        yield f"skewed by {degrees}", skewed(page, degrees)
    yield "light from 100 to 30 %", (page * (0.3 + 0.7 * (0.6 * x / width + 0.4 * y / height))).astype(np.uint8)
    yield "noise, sigma 25", np.clip(page + random.normal(0, 25, page.shape), 0, 255).astype(np.uint8)
    yield "JPEG, quality 40", cv2.imdecode(cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, 40])[1], 0)
    yield "half resolution", cv2.resize(page, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    yield "fax", fax(page, digits)


def read_table(path):
    rows = list(csv.DictReader(io.StringIO(tiddu("read", path, "--csv"))))
    for row in rows:
        row["x"] = int(row["left"]) + int(row["width"]) / 2
        row["y"] = int(row["top"]) + int(row["height"]) / 2
        row["row"], row["column"] = int(row["row"] or 0), int(row["column"] or 0)
    return rows


ORIENTATIONS = {
    "turned by 90": "rotation-90", "turned by 180": "rotation-180", "turned by 270": "rotation-270",
    "flipped up-down": "up-down-flip", "flipped left-right": "left-right-flip",
}


def scans(folder):
    sums = {}
    with tempfile.TemporaryDirectory() as scratch:
        for scan in sorted(Path(folder).glob("grey-*.tif")):
            page = np.asarray(Image.open(scan).convert("L"))
            for name, variant in variants(page, read_table(scan)):
                file = Path(scratch) / "page.png"
                cv2.imwrite(str(file), np.ascontiguousarray(variant))
                rows = read_table(file)
                cells = {(row["row"], row["column"]) for row in rows if row["table"] == "1"}
                inside = [row for row in rows if row["table"] == "1" and row["row"] <= 40 and row["column"] <= 32]
                right = sum((row["row"] - 1) % 10 == int(row["digit"]) for row in inside)
                lies = {row["orientation"] for row in inside} == {ORIENTATIONS.get(name, "upright")}
                own = sums.setdefault(name, [0, 0, 0, []])
                own[0] += len({cell for cell in cells if cell[0] <= 40 and cell[1] <= 32})
                own[1] += right
                own[2] += len(rows) - len(inside)
                own[3].append("yes" if lies else "no")
    print("| variant | found in their cells | found outside | read right | orientation |\n|---|---|---|---|---|")
    for name, (found, right, outside, lies) in sums.items():
        every = 1280 * len(lies)
        print(f"| {name} | {found} of {every} | {outside} | {100 * right / every:.2f} % | {', '.join(lies)} |")


# Photographs


def rendered(random, height, width, font, size):
    """The digits' ink from 0 to 1, and what they are."""
    ink = Image.new("L", (width, height), 0)
    draw = ImageDraw.Draw(ink)
    face = ImageFont.truetype(font, size)
    x, y = int(random.uniform(0.12, 0.2) * width), int(random.uniform(0.2, 0.5) * height - size * 0.5)
    digits = []
    for _ in range(int(random.integers(1, 7))):
        digit = int(random.integers(0, 10))
        across = draw.textlength(chr(0xCE6 + digit), font=face)
        if x + across > width * 0.86:
            x, y = int(width * 0.15), y + int(size * 1.6)
        if y + size * 1.4 > height * 0.9:
            break
        bold = int(random.choice([0, 0, 0, max(1, size // 60)]))
        draw.text((x, y), chr(0xCE6 + digit), font=face, fill=255, stroke_width=bold)
        digits.append(digit)
        x += int(across + size * random.uniform(0.15, 0.8))
    ink, side = np.asarray(ink).astype(np.float32) / 255, max(1, size // 70)
    change = random.integers(-1, 2)
    if change > 0:
        ink = cv2.dilate(ink, np.ones((side, side)))
    if change < 0:
        ink = cv2.erode(ink, np.ones((max(1, side // 2),) * 2))
    return ink, digits


def paper(random, height, width):
    grain = cv2.GaussianBlur(random.normal(0, 1, (height, width)).astype(np.float32), (0, 0), 3)
    sheet = np.full((height, width), random.uniform(150, 245), np.float32) + grain * random.uniform(2, 12)
    kind = random.integers(0, 4)
    if kind == 1:
        step = int(height * random.uniform(0.05, 0.12))
        for y in range(int(random.integers(0, step)), height, step):
            sheet[y:y + max(1, height // 700)] -= random.uniform(25, 60)
    if kind == 2:
        step = int(height * random.uniform(0.04, 0.1))
        for y in range(step, height, step):
            sheet[y:y + max(1, height // 800)] -= 30
        for x in range(step, width, step):
            sheet[:, x:x + max(1, height // 800)] -= 30
    return sheet


def photograph(random, number):
    height, width = [(1200, 1600), (1536, 2048), (900, 1200), (2448, 3264)][number % 4]
    font = f"/usr/share/fonts/truetype/{FONTS[number % len(FONTS)]}.ttf"
    ink, digits = rendered(random, height, width, font, int(random.uniform(0.06, 0.28) * height))
    image = paper(random, height, width) * (1 - ink) + random.uniform(10, 90) * ink
    y, x = np.mgrid[:height, :width].astype(np.float32)
    angle = random.uniform(0, 2 * np.pi)
    toward = (x / width - 0.5) * np.cos(angle) + (y / height - 0.5) * np.sin(angle)
    light = 1 - random.uniform(0, 0.55) * np.clip(0.5 + toward, 0, 1)
    if random.random() < 0.5:
        across = (x / width - 0.5) * np.cos(angle + 1) + (y / height - 0.5) * np.sin(angle + 1)
        edge = across - random.uniform(-0.2, 0.2)
        light *= 1 - random.uniform(0.1, 0.4) / (1 + np.exp(-edge * random.uniform(20, 120)))
    image *= light
    corners = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    inwards = [[width, height], [-width, height], [-width, -height], [width, -height]]
    moved = corners + np.float32(random.uniform(0, random.uniform(0.01, 0.07), (4, 2)) * inwards)
    turn = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), random.uniform(-6, 6), 0.93), [0, 0, 1]])
    view = turn @ cv2.getPerspectiveTransform(corners, moved)
    grain = cv2.GaussianBlur(random.normal(0, 1, (height, width)).astype(np.float32), (0, 0), 2)
    table = random.uniform(20, 120) + grain * 25
    seen = cv2.warpPerspective(np.ones((height, width), np.float32), view, (width, height))
    image = cv2.warpPerspective(image.astype(np.float32), view, (width, height)) * seen + table * (1 - seen)
    image = cv2.GaussianBlur(image, (0, 0), random.uniform(0.4, 2.0) * height / 1200)
    image += random.normal(0, random.uniform(1, 9), image.shape)
    colours = np.stack([image * random.uniform(0.85, 1.05) for _ in range(3)], -1)
    return np.clip(colours, 0, 255).astype(np.uint8), int(random.integers(60, 95)), digits


def photographs(seed=2024, into=None):
    random = np.random.default_rng(int(seed))
    every = right = whole = invented = 0
    with tempfile.TemporaryDirectory() as scratch:
        for number in range(50):
            image, quality, digits = photograph(random, number)
            file = Path(into or scratch) / f"{number:02}.jpg"
            cv2.imwrite(str(file), image, [cv2.IMWRITE_JPEG_QUALITY, quality])
            found = [int(one["digit"]) for one in json.loads(tiddu("read", file, "--json"))[0]["digits"]]
            matches = difflib.SequenceMatcher(None, digits, found, autojunk=False).get_matching_blocks()
            same = sum(block.size for block in matches)
            every, right, whole = every + len(digits), right + same, whole + (found == digits)
            invented += max(0, len(found) - len(digits))
            if found != digits:
                print(f"photograph {number}: {digits} read as {found}")
    print(f"{right} of {every} digits right ({100 * right / every:.1f} %), {whole} of 50 photographs without a fault, "
          f"{invented} digits too many")


def picture(into):
    """Three numbers on ruled paper, lying askew on a table, half in the shadow."""
    random = np.random.default_rng(11)
    height, width = 900, 1200
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "digits.npz"
        tiddu("data", "synthesize", "--into", file, "--part", "test", "--count", "200", "--writers", "2")
        archive = np.load(file)
        images, labels = archive["images"].reshape(-1, 28, 28), archive["labels"]
    ink, used = np.zeros((height, width), np.float32), [0] * 10
    for line, number in enumerate(["1947", "560001", "98450"]):
        for place, digit in enumerate(map(int, number)):
            image = images[labels == digit][used[digit]].astype(np.float32) / 255
            used[digit] += 1
            side = int(random.uniform(118, 132))
            big = cv2.GaussianBlur(cv2.resize(image, (side, side), interpolation=cv2.INTER_CUBIC), (0, 0), 1.5)
            big = 1 / (1 + np.exp(-(big - 0.42) * 14))
            x, y = 150 + int(place * 116 + random.uniform(-6, 6)), 150 + line * 210 + int(random.uniform(-8, 8))
            ink[y:y + side, x:x + side] = np.maximum(ink[y:y + side, x:x + side], big)
    sheet = np.full((height, width, 3), (225, 236, 240), np.float32)
    for y in range(70, height, 70):
        sheet[y:y + 2] -= (10, 45, 60)
    sheet = sheet * (1 - ink[..., None]) + np.float32([120, 45, 25]) * ink[..., None]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    shadow = 1 / (1 + np.exp(-((x / width - 0.62) + 0.5 * (y / height - 0.5)) * 40))
    sheet *= ((1 - 0.4 * shadow) * (1 - 0.25 * y / height))[..., None]
    corners = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    moved = np.float32([[150, 70], [1130, 40], [1170, 880], [40, 800]])
    view = cv2.getPerspectiveTransform(corners, moved)
    grain = cv2.GaussianBlur(random.normal(0, 1, (height, width)).astype(np.float32), (0, 0), sigmaX=30, sigmaY=1.2)
    table = np.float32([48, 78, 110]) + grain[..., None] * 90
    seen = cv2.warpPerspective(np.ones((height, width), np.float32), view, (width, height))[..., None]
    image = cv2.warpPerspective(sheet, view, (width, height)) * seen + table * (1 - seen)
    image = cv2.GaussianBlur(image, (0, 0), 0.9) + random.normal(0, 3, image.shape)
    cv2.imwrite(into, np.clip(image, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 80])


# Forms


def forms():
    random = np.random.default_rng(1)
    rows, columns, points = 20, 15, 200 / 72
    left, top, width, height = 62, 84, (595 - 62 - 34) / columns, (842 - 84 - 58) / rows
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        tiddu("data", "sheet", "--print", scratch / "form.pdf")
        subprocess.run(["pdftoppm", "-r", "200", "-gray", "-png", scratch / "form.pdf", scratch / "blank"], check=True)
        tiddu("data", "synthesize", "--into", scratch / "digits.npz", "--count", "3000", "--writers", "10", "--seed", "5")
        blank = cv2.imread(str(next(scratch.glob("blank*.png"))), 0)
        digits = np.load(scratch / "digits.npz")
        truth = set()
        for writer in range(10):
            page = blank.astype(np.float32)
            own = digits["images"].reshape(-1, 28, 28)[writer * 300:][:300]
            labels = digits["labels"][writer * 300:][:300]
            for row in range(rows):
                for column in range(columns):
                    if writer == 3 and random.random() < 0.2:
                        continue
                    image = own[labels == row % 10][row // 10 * columns + column]
                    side = int(random.uniform(0.62, 0.85) * height * points)
                    ink = np.clip(cv2.resize(image, (side, side), interpolation=cv2.INTER_CUBIC) / 255.0, 0, 1)
                    x = int((left + (column + 0.5 + random.uniform(-0.12, 0.12)) * width) * points - side / 2)
                    y = int((top + (row + 0.5 + random.uniform(-0.1, 0.1)) * height) * points - side / 2)
                    page[y:y + side, x:x + side] *= 1 - ink * random.uniform(0.75, 0.95)
                    truth.add((row % 10, f"writer{writer}-row{row + 1:02}-column{column + 1:02}.png"))
            high, wide = page.shape
            turn = cv2.getRotationMatrix2D((wide / 2, high / 2), random.uniform(-3, 3), 0.97)
            page = cv2.warpAffine(page, turn, (wide, high), borderValue=250)
            page = np.rot90(page, {4: 1, 5: 2}.get(writer, 0)).copy()
            if writer == 6:
                corners = np.float32([[0, 0], [wide, 0], [wide, high], [0, high]])
                moved = corners + np.float32([[60, 40], [-30, 90], [-80, -60], [40, -20]])
                view = cv2.getPerspectiveTransform(corners, moved)
                light = 0.5 + 0.5 * np.arange(wide) / wide
                page = cv2.warpPerspective(page, view, (wide, high), borderValue=60) * light
            page = page * 0.97 + random.normal(0, random.uniform(2, 8), page.shape)
            cv2.imwrite(str(scratch / f"writer{writer}.{'jpg' if writer % 2 else 'png'}"), np.clip(page, 0, 255))
        tiddu("data", "sheet", *sorted(scratch.glob("writer*")), "--into", scratch / "set")
        found = {(int(path.parent.name), path.name) for path in (scratch / "set").glob("*/*.png")}
        print(f"{len(found & truth)} of {len(truth)} cells with their labels, {len(found - truth)} others")


if __name__ == "__main__":
    {"scans": scans, "photographs": photographs, "picture": picture, "forms": forms}[sys.argv[1]](*sys.argv[2:])
