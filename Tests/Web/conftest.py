"""A service on a free port, and what the tests share."""

import base64
import http.client
import io
import json
import os
import pathlib
import socket
import subprocess
import threading
import urllib.parse

import numpy
import pytest
from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = ROOT / ".build/release/tiddu-serve"


class Service:
    """One process; `address` is without the slash at its end."""

    def __init__(self, *arguments, environment=None):
        self.log = io.StringIO()
        self.process = subprocess.Popen(
            [PROGRAM, "--port", "0", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, **(environment or {})})
        self.address = self.process.stdout.readline().strip().rstrip("/")
        assert self.address, self.process.stderr.read()
        self.host, self.port = urllib.parse.urlsplit(self.address).netloc.split(":")
        self.port = int(self.port)
        threading.Thread(target=lambda: self.log.write(self.process.stderr.read()), daemon=True).start()

    def ask(self, method, path, body=None, headers=None, timeout=30):
        """Status, headers and body."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=timeout)
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        result = response.status, dict(response.getheaders()), response.read()
        connection.close()
        return result

    def json(self, method, path, body=None, headers=None):
        status, _, answer = self.ask(method, path, body, {"Accept": "application/json", **(headers or {})})
        return status, json.loads(answer)

    def connect(self):
        return socket.create_connection((self.host, self.port), timeout=30)

    def memory(self):
        """Bytes that the process holds."""
        pages = pathlib.Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGESIZE")

    def files(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def stop(self):
        self.process.terminate()
        return self.process.wait(20)


@pytest.fixture(scope="session")
def service():
    service = Service()
    yield service
    assert service.process.poll() is None, "the service has ended"
    assert service.stop() == 0


@pytest.fixture(scope="session")
def gallery(service):
    """A hundred digits: labels, and pixels (100, 28, 28), 0 for paper."""
    images = service.json("GET", "/gallery")[1]["images"]
    pixels = [numpy.frombuffer(base64.b64decode(one["image"]), numpy.uint8).reshape(28, 28) for one in images]
    return numpy.array([one["label"] for one in images]), numpy.stack(pixels)


def image_file(pixels, format="PNG", **options):
    """As a file: dark ink on light paper."""
    file = io.BytesIO()
    Image.fromarray(255 - pixels).save(file, format, **options)
    return file.getvalue()


def pixels_of(file):
    return 255 - numpy.asarray(Image.open(io.BytesIO(file)).convert("L"))
