"""What strangers send: each gets its 4xx, memory stays flat, and others are answered meanwhile."""

import concurrent.futures
import io
import json
import socket
import struct
import threading
import time
import zlib

import numpy
import pytest
from PIL import Image

from conftest import Service, image_file


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, data=b""):
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def bomb(side):
    """A valid image of zeros, packed a thousandfold."""
    return png(side, side, zlib.compress(bytes((side + 1) * side), 9))


def is_well(service, gallery):
    began = time.monotonic()
    status, answer = service.json("POST", "/classify", image_file(gallery[1][53]))
    return status == 200 and answer["label"] == gallery[0][53] and time.monotonic() - began < 2


BAD = {
    "empty": (b"", 415), "text": (b"hello", 415), "cut": (None, 422), "claims 60,000 x 60,000": (png(60_000, 60_000), 413),
    "claims 16,000 x 16,000": (png(16_000, 16_000), 413), "bomb": (bomb(9_000), 413), "html": (b"<html>" * 99, 415),
    "half a form": (b"--x\r\n\r\n", 415), "noise": (bytes(range(256)) * 40, 415), "gif": (b"GIF89a" + bytes(99), 415),
}


@pytest.mark.parametrize("path", ["/restore", "/classify", "/read", "/restore?keep_place=true"])
@pytest.mark.parametrize("name", BAD)
def test_bad_images(service, gallery, path, name):
    body, wanted = BAD[name]
    if name == "cut":
        body = image_file(gallery[1][0])[:120]
    status, headers, answer = service.ask("POST", path, body)
    assert status == wanted and headers["Content-Type"] == "application/problem+json", (status, answer)
    problem = json.loads(answer)
    assert problem["status"] == wanted and problem["detail"]
    for word in ("/work", ".swift", "spng", "libtiff", "Fatal", "0x"):
        assert word not in problem["detail"]


def test_bombs_leave_memory_flat(service, gallery):
    for _ in range(3):
        service.ask("POST", "/read", bomb(6_000))
    before = service.memory()
    for _ in range(6):
        assert service.ask("POST", "/read", bomb(9_000))[0] == 413
        assert service.ask("POST", "/read", bomb(6_000))[0] == 200
    assert service.memory() < before + (150 << 20)
    assert is_well(service, gallery)


def test_many_pages(service):
    file = io.BytesIO()
    pages = [Image.new("L", (30, 30), 255) for _ in range(40)]
    pages[0].save(file, "TIFF", save_all=True, append_images=pages[1:])
    assert service.ask("POST", "/read", file.getvalue())[0] == 413
    assert service.ask("POST", "/restore", file.getvalue())[0] == 422


@pytest.mark.parametrize("path", ["/compare", "/v2/models/tiddu-small/infer"])
@pytest.mark.parametrize("body", [
    "[" * 10_000, "[" * 10_000 + "]" * 10_000, '{"inputs":' * 10_000, "", "{", "null", "[]", '"x"', "{}", '{"image":5}',
    '{"inputs":[{"data":' + "[" * 400 + "]" * 400 + "}]}", "\x00\xff", '{"inputs": []}', '{"image":"' + "A" * 50_000 + '"}',
], ids=lambda value: repr(value)[:20])
def test_bad_json(service, path, body):
    status, headers, answer = service.ask("POST", path, body.encode())
    assert status == (413 if len(body) > 1 << 16 and path == "/compare" else 400), answer
    assert "json" in headers["Content-Type"]
    assert json.loads(answer)


@pytest.mark.parametrize("body", [
    {"distortions": {"rotation": 2}}, {"distortions": {"rotation": -0.1}}, {"distortions": {"no-such": 0.5}},
    {"distortions": {"rotation": "x"}}, {"seed": -1}, {"seed": 2**32}, {"seed": 1.5}, {"seed": 1e300}, {"expect": "/etc/passwd"},
    {"expect": "no-such"}, {"image": "AAAA"}, {"image": "?" * 1048},
])
def test_bad_wishes(service, gallery, body):
    import base64
    whole = {"image": base64.b64encode(gallery[1][0].tobytes()).decode(), **body}
    assert service.json("POST", "/compare", json.dumps(whole))[0] == 400


@pytest.mark.parametrize("path", [
    "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/app.js/../../Package.swift", "/%00", "/%ff%fe",
    "/index_html", "/v2/models/..%2f..%2fetc%2fpasswd", "/v2/models/%00/ready", "/" + "a" * 5000, "/style.css%00.png",
], ids=lambda value: repr(value)[:20])
def test_no_way_out(service, path):
    connection = service.connect()
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    answer = read_all(connection)
    assert answer.split(b" ")[1] in (b"404", b"400"), answer[:200]


def test_unknown_parameters(service, gallery):
    for query in ["size=3", "expect=/etc/passwd", "only_if_sure=nan", "only_if_sure=2", "only_if_sure=1.0000000001", "only_if_sure=-1e-60", "keep_place=maybe",
                  "model=tiddu-small&model=tiddu-best", "only_if_sure="]:
        assert service.ask("POST", f"/restore?{query}", image_file(gallery[1][0]))[0] == 400, query
    assert service.ask("POST", "/restore?model=no-such", image_file(gallery[1][0]))[0] == 404
    assert service.ask("POST", "/restore", image_file(gallery[1][0]), {"Accept": "text/html"})[0] == 406


def read_all(connection):
    data = b""
    try:
        while part := connection.recv(65536):
            data += part
    except (ConnectionResetError, TimeoutError):
        pass
    return data


def test_large_bodies(service, gallery):
    connection = service.connect()
    connection.sendall(b"POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n" + bytes(100_000))
    assert read_all(connection).startswith(b"HTTP/1.1 413")
    # Without a length: the limit holds all the same.
    connection = service.connect()
    connection.sendall(b"POST /read HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    before, block = service.memory(), b"100000\r\n" + bytes(1 << 20) + b"\r\n"
    try:
        for _ in range(60):
            connection.sendall(block)
    except OSError:
        pass
    assert b" 413 " in read_all(connection)[:30]
    assert service.memory() < before + (120 << 20)
    assert is_well(service, gallery)


def test_many_large_bodies_at_once(service, gallery):
    """Together they take no more than they may; who comes then is told to come again, and a small image is served."""
    before, connections = service.memory(), []
    head, block = b"POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 33000000\r\n\r\n", bytes(1 << 20)
    for _ in range(24):
        connection = service.connect()
        connections.append(connection)
        try:
            connection.sendall(head)
            for _ in range(30):
                connection.sendall(block)
        except OSError:
            pass
    assert service.memory() < before + (420 << 20)
    assert is_well(service, gallery)
    answers = []
    for connection in connections:
        connection.settimeout(0.2)
        answers.append(read_all(connection)[:12])
        connection.close()
    assert 4 < answers.count(b"HTTP/1.1 429") < 20, answers
    time.sleep(0.5)
    assert service.ask("POST", "/read", image_file(numpy.zeros((400, 400), numpy.uint8), "BMP"))[0] == 200


@pytest.mark.parametrize("head", [
    "Content-Length: 5\r\nTransfer-Encoding: chunked", "Content-Length: 5\r\nContent-Length: 6",
    "Content-Length: -5", "Content-Length: 5x", "Transfer-Encoding: chunked, identity", "Content Length: 5",
    "Transfer-Encoding: xchunked", "Content-Length: 99999999999999999999999",
])
def test_smuggling(service, head):
    """A second request hidden in the first one's body must never be answered."""
    connection = service.connect()
    connection.sendall(
        f"POST /compare HTTP/1.1\r\nHost: x\r\n{head}\r\n\r\n0\r\n\r\nGET /gallery HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    connection.settimeout(3)
    answer = read_all(connection)
    assert answer.count(b"HTTP/1.1 200") == 0 and answer[:12] in (b"HTTP/1.1 400", b"HTTP/1.1 501"), answer[:300]


@pytest.mark.parametrize("text", [
    b"\x16\x03\x01\x02\x00\x01\x00", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\r\n" * 50 + b"x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: " + b"b" * 100_000 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\n" + b"".join(b"A%d: b\r\n" % n for n in range(5000)) + b"\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
], ids=lambda value: repr(value)[:20])
def test_no_http(service, gallery, text):
    connection = service.connect()
    connection.settimeout(5)
    try:
        connection.sendall(text)
        answer = read_all(connection)
    except OSError:
        answer = b""
    assert answer == b"" or answer.split(b" ")[1].startswith((b"4", b"5")), answer[:200]
    assert is_well(service, gallery)


def test_clients_that_go_away(service, gallery):
    photograph = image_file(numpy.zeros((2500, 2500), numpy.uint8), "PNG")
    before = service.files()
    for number in range(40):
        connection = service.connect()
        body = photograph if number % 2 else image_file(gallery[1][number])
        connection.sendall(b"POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body) + body[:len(body) // 2])
        if number % 4 > 1:
            connection.sendall(body[len(body) // 2:])
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
    deadline = time.monotonic() + 20
    while service.files() > before + 2 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert service.files() <= before + 2
    assert is_well(service, gallery)


def test_silent_and_slow_connections(gallery):
    service = Service("tiddu-small", "--timeout", "4")
    silent = [service.connect() for _ in range(1000)]
    slow = service.connect()
    slow.sendall(b"POST /classify HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")

    def drip():
        try:
            for _ in range(60):
                slow.sendall(b"x")
                time.sleep(0.25)
        except OSError:
            pass

    threading.Thread(target=drip, daemon=True).start()
    for _ in range(5):
        assert is_well(service, gallery)
    began = time.monotonic()
    assert read_all(slow).startswith(b"HTTP/1.1 408")
    assert 1 < time.monotonic() - began < 6
    for connection in silent:
        connection.settimeout(15)
    assert read_all(silent[0]) == b"" and read_all(silent[-1]) == b""
    time.sleep(0.5)
    assert service.files() < 100
    assert service.stop() == 0


def test_a_full_queue_says_so(gallery):
    service = Service("tiddu-best", "--queue", "4", "--threads", "1", "--batch", "1")
    file = image_file(numpy.rot90(gallery[1][3]))
    with concurrent.futures.ThreadPoolExecutor(48) as pool:
        answers = list(pool.map(lambda _: service.ask("POST", "/restore", file), range(800)))
    statuses = {status for status, _, _ in answers}
    assert statuses == {200, 429}
    assert all("Retry-After" in headers for status, headers, _ in answers if status == 429)
    assert service.ask("POST", "/restore", file)[0] == 200
    assert service.stop() == 0
