"""Mixed load on `tiddu serve` for a long time, a tenth of it bad requests; memory and open files stay flat.

    .venv-web/bin/python Benchmarks/serving/soak.py --minutes 30 --into Documentation/serving-soak.svg

Needs `make service`, and numpy and Pillow (Tests/Web/requirements.txt)."""

import argparse
import base64
import collections
import http.client
import io
import json
import os
import pathlib
import random
import socket
import struct
import subprocess
import threading
import time
import zlib

import numpy
from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parents[2]
CLIENTS = 8


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--into", default="soak.svg")
    options = parser.parse_args()
    process = subprocess.Popen([ROOT / ".build/release/tiddu-serve", "--port", "0", "--timeout", "10"],
                               stdout=subprocess.PIPE, text=True)
    address = process.stdout.readline().strip().removeprefix("http://").rstrip("/")
    end, counts = time.monotonic() + 60 * options.minutes, collections.Counter()
    clients = [threading.Thread(target=client, args=[address, number, end, counts]) for number in range(CLIENTS)]
    for one in clients:
        one.start()
    samples = watch(process, end)
    for one in clients:
        one.join()
    process.terminate()
    assert process.wait(20) == 0
    pathlib.Path(options.into).write_text(plot(samples))
    print(json.dumps({"requests": counts.total(), **dict(sorted(counts.items())), "first": samples[0], "after a fifth":
                      samples[len(samples) // 5], "last": samples[-1]}, indent=1))


def watch(process, end):
    """Minutes, megabytes and open files, every few seconds."""
    samples, start = [], time.monotonic()
    while time.monotonic() < end:
        pages = int(pathlib.Path(f"/proc/{process.pid}/statm").read_text().split()[1])
        samples.append((round((time.monotonic() - start) / 60, 3), round(pages * os.sysconf("SC_PAGESIZE") / 2**20, 1),
                        len(os.listdir(f"/proc/{process.pid}/fd"))))
        time.sleep(3)
    return samples


def client(address, number, end, counts):
    generator, digits = random.Random(number), gallery(address)
    photograph = (ROOT / "Documentation/photograph.jpg").read_bytes()
    host, port = address.split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=30)
    while time.monotonic() < end:
        if generator.random() < 0.1:
            counts[f"bad: {bad(generator, host, int(port), digits)}"] += 1
            continue
        method, path, body = good(generator, digits, photograph)
        try:
            connection.request(method, path, body)
            answer = connection.getresponse()
            answer.read()
            counts[f"good: {answer.status}"] += 1
        except (OSError, http.client.HTTPException) as error:
            counts[f"lost: {type(error).__name__}"] += 1
            connection.close()


def gallery(address):
    host, port = address.split(":")
    connection = http.client.HTTPConnection(host, int(port))
    connection.request("GET", "/gallery")
    return [numpy.frombuffer(base64.b64decode(one["image"]), numpy.uint8).reshape(28, 28)
            for one in json.loads(connection.getresponse().read())["images"]]


def file(pixels, format="PNG"):
    data = io.BytesIO()
    Image.fromarray(255 - pixels).save(data, format)
    return data.getvalue()


def good(generator, digits, photograph):
    digit = generator.choice(digits)
    match generator.randrange(60):
        case 0: return "POST", "/read", photograph
        case 1: return "POST", "/restore?keep_place=true", photograph
        case number if number < 15: return "POST", "/restore", file(digit, generator.choice(["PNG", "JPEG", "WEBP", "TIFF"]))
        case number if number < 30: return "POST", "/classify?corrector=tiddu-small", file(numpy.rot90(digit))
        case number if number < 40:
            body = {"image": base64.b64encode(digit.tobytes()).decode(), "seed": generator.randrange(2**32),
                    "distortions": {"rotation": generator.random(), "occlusion": 0.4}}
            return "POST", "/compare", json.dumps(body)
        case number if number < 55:
            tensor = {"name": "image", "shape": [1, 28, 28, 1], "datatype": "UINT8", "data": digit.ravel().tolist()}
            return "POST", f"/v2/models/{generator.choice(['tiddu-best', 'tiddu-reader'])}/infer", json.dumps({"inputs": [tensor]})
        case number if number < 58: return "GET", generator.choice(["/", "/app.js", "/gallery", "/openapi.json"]), None
        case _: return "GET", "/metrics", None


def bad(generator, host, port, digits):
    """Does one, and says what came of it."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    def raw(data, waits=True):
        with socket.create_connection((host, port), timeout=20) as connection:
            connection.sendall(data)
            return connection.recv(64).split(b" ")[1].decode() if waits else "gone"

    bomb = (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 9000, 9000, 8, 0, 0, 0, 0))
            + chunk(b"IDAT", b"x" * 99))
    head = "POST /read HTTP/1.1\r\nHost: x\r\n"
    try:
        match generator.randrange(8):
            case 0: return raw(f"{head}Content-Length: 9999999999\r\n\r\n".encode())
            case 1: return raw(f"{head}Content-Length: {len(bomb)}\r\n\r\n".encode() + bomb)
            case 2: return raw(f"{head}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc".encode())
            case 3: return raw(f"{head}Content-Length: 5000\r\n\r\nhalf".encode(), waits=False)
            case 4: return raw(b"\x16\x03\x01 no http\r\n\r\n")
            case 5: return raw(b"POST /compare HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n" + b"[" * 9000)
            case 6:
                body = file(generator.choice(digits))[:80]
                return raw(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            case _: return raw(b"GET /no/such/thing HTTP/1.1\r\nHost: x\r\n\r\n")
    except (OSError, IndexError):
        return "closed"


def plot(samples):
    """Memory and open files over time, one above the other."""
    width, height, left = 720, 150, 60
    minutes = samples[-1][0] or 1
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width + left + 20}" height="{2 * height + 90}" '
             'font-family="sans-serif" font-size="13"><rect width="100%" height="100%" fill="#fff"/>']
    for row, (name, column) in enumerate([("memory, MB", 1), ("open files and connections", 2)]):
        top, most = 25 + row * (height + 30), max(sample[column] for sample in samples) * 1.1
        points = " ".join(f"{left + width * sample[0] / minutes:.1f},{top + height * (1 - sample[column] / most):.1f}"
                          for sample in samples)
        parts.append(f'<text x="{left}" y="{top - 7}">{name}</text>'
                     f'<path d="M{left},{top}v{height}h{width}" fill="none" stroke="#888"/>'
                     f'<text x="{left - 6}" y="{top + 10}" text-anchor="end">{most:.0f}</text>'
                     f'<text x="{left - 6}" y="{top + height}" text-anchor="end">0</text>'
                     f'<polyline points="{points}" fill="none" stroke="#9a3412" stroke-width="1.5"/>')
    parts.append(f'<text x="{left + width}" y="{2 * height + 78}" text-anchor="end">{minutes:.0f} minutes</text></svg>\n')
    return "\n".join(parts)


main()
