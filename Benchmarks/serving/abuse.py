"""What an attacker tries on `tiddu serve`, beside healthy requests: how much longer those then take.

    .venv-web/bin/python Benchmarks/serving/abuse.py --minutes 10 [--connections 10000]

Healthy clients ask 20 times a second, first alone, then beside each attack: connections that say nothing, requests that come a byte a second,
pipelines, requests that two readers would cut differently, images that unfold a thousandfold, and for most of the time 1,000 connections a
second with random bytes. Prints the healthy requests' p50, p99 and losses beside each, and memory and open files; ends with 1 where
one is lost, p99 is over twice that without attack (beside random bytes), or the service has ended. Needs `make service`, numpy and Pillow."""

import argparse
import asyncio
import io
import os
import pathlib
import random
import resource
import struct
import subprocess
import sys
import time
import zlib

import numpy
from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parents[2]
PER_SECOND = 20


def image():
    pixels = numpy.full((28, 28), 255, numpy.uint8)
    pixels[6:22, 12:16] = 0
    data = io.BytesIO()
    Image.fromarray(pixels).save(data, "PNG")
    return data.getvalue()


def request(body, path="/classify", more=""):
    return f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n{more}\r\n".encode() + body


def bomb(side=8000):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(bytes((side + 1) * side), 9)) + chunk(b"IEND", b""))


class Attack:
    def __init__(self, host, port, connections):
        self.host, self.port, self.connections = host, port, connections
        self.random = random.Random(1)
        self.tally, self.rate = {}, ""

    def note(self, what):
        self.tally[what] = self.tally.get(what, 0) + 1

    async def send(self, data, waits=5.0):
        """One connection with these bytes, and the answer's status."""
        try:
            reader, writer = await asyncio.open_connection(self.host, self.port)
            writer.write(data)
            answer = await asyncio.wait_for(reader.read(64), waits)
            self.note(answer.split(b" ")[1].decode() if answer.startswith(b"HTTP") else "closed")
            writer.close()
        except (OSError, asyncio.TimeoutError, IndexError):
            self.note("closed")

    async def paced(self, per_second, make, end):
        running = set()
        start, sent = time.monotonic(), 0
        while time.monotonic() < end:
            while sent < (time.monotonic() - start) * per_second:
                task = asyncio.ensure_future(self.send(make(), waits=1.0))
                running.add(task)
                task.add_done_callback(running.discard)
                sent += 1
            await asyncio.sleep(0.002)
        await asyncio.gather(*running)
        self.rate = f" ({sent / (time.monotonic() - start):.0f} a second)"

    async def nothing(self, end):
        await asyncio.sleep(end - time.monotonic())

    async def silence(self, end):
        """As many connections as wanted, none of which says anything."""
        held = []
        while len(held) < self.connections and time.monotonic() < end:
            some = await asyncio.gather(*(asyncio.open_connection(self.host, self.port) for _ in range(100)), return_exceptions=True)
            held += [one for one in some if not isinstance(one, BaseException)]
            for one in some:
                self.note("refused" if isinstance(one, BaseException) else "opened")
        await asyncio.sleep(max(0, end - time.monotonic()))
        for _, writer in held:
            writer.close()

    async def slow_loris(self, end):
        """A byte a second, of the head or of the body."""
        async def one(number):
            data = request(image()) if number % 2 else b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 500
            try:
                _, writer = await asyncio.open_connection(self.host, self.port)
                for byte in data:
                    writer.write(bytes([byte]))
                    await writer.drain()
                    await asyncio.sleep(1)
                    if time.monotonic() > end:
                        break
                writer.close()
                self.note("held to the end")
            except OSError:
                self.note("closed")
        await asyncio.gather(*(one(number) for number in range(500)))

    async def pipelines(self, end):
        """Forty requests at once in one connection, the answers not read."""
        await self.paced(5, lambda: request(image()) * 20 + b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n" * 20, end)

    async def smuggling(self, end):
        heads = ["Content-Length: 3\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", "Content-Length: 5\r\nContent-Length: 3",
                 "Content-Length: +3", "Content-Length: 0x3", "Transfer-Encoding : chunked", "Content-Length: 3\r\n Content-Length: 9", "Transfer-Encoding: xchunked"]
        await self.paced(200, lambda: f"POST /classify HTTP/1.1\r\nHost: x\r\n{self.random.choice(heads)}\r\n\r\nabcGET /metrics HTTP/1.1\r\nHost: x\r\n\r\n".encode(), end)

    async def bombs(self, end):
        data = request(bomb(), "/read")
        await self.paced(2, lambda: data, end)

    async def random_bytes(self, end):
        def make():
            noise = self.random.randbytes(self.random.randrange(1, 400))
            match self.random.randrange(3):
                case 0: return noise
                case 1: return request(noise)
                case _:
                    whole = bytearray(request(image()))
                    for _ in range(self.random.randrange(1, 9)):
                        whole[self.random.randrange(len(whole))] = self.random.randrange(256)
                    return bytes(whole)
        await self.paced(1000, make, end)


async def healthy(host, port, end, times, lost):
    """Asks at a steady pace, whatever the answers take; a connection each for as long as it lasts."""
    body, connections = request(image()), []

    async def ask():
        start = time.monotonic()
        try:
            reader, writer = connections.pop() if connections else await asyncio.open_connection(host, port)
            writer.write(body)
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
            assert head.startswith(b"HTTP/1.1 200"), head
            times.append(time.monotonic() - start)
            connections.append((reader, writer))
        except Exception as error:
            lost.append(f"{type(error).__name__} {error}"[:80])
    asked, start = [], time.monotonic()
    while time.monotonic() < end:
        await asyncio.sleep(max(0, start + len(asked) / PER_SECOND - time.monotonic()))
        asked.append(asyncio.ensure_future(ask()))
    await asyncio.gather(*asked)


def beside(kind, address, seconds, connections):
    """The attacker is a process of its own, so that he does not hold up who is measured."""
    host, port = address
    end = time.monotonic() + seconds
    child = os.fork()
    if child == 0:
        attack = Attack(host, port, connections)
        asyncio.run(getattr(attack, kind)(end))
        print(f"    {kind}: " + ", ".join(f"{value} {name}" for name, value in sorted(attack.tally.items())) + attack.rate, file=sys.stderr, flush=True)
        os._exit(0)
    times, lost = [], []
    asyncio.run(healthy(host, port, end, times, lost))
    os.waitpid(child, 0)
    return sorted(times), lost


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--connections", type=int, default=10_000)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    service = subprocess.Popen([ROOT / ".build/release/tiddu-serve", "--port", "0", "--timeout", "10"], stdout=subprocess.PIPE, text=True)
    host, port = service.stdout.readline().strip().removeprefix("http://").rstrip("/").split(":")
    beside("nothing", (host, int(port)), 5, 0)
    base, bad = None, False
    print("| beside | requests | lost | p50, ms | p99, ms | memory, MB | open files |\n|---|---|---|---|---|---|---|")
    for kind in ("nothing", "silence", "slow_loris", "pipelines", "smuggling", "bombs", "random_bytes", "nothing"):
        seconds = 60 * options.minutes if kind == "random_bytes" else 30
        times, lost = beside(kind, (host, int(port)), seconds, options.connections)
        p50, p99 = times[len(times) // 2] * 1000, times[len(times) * 99 // 100] * 1000
        base = base or p99
        bad |= bool(lost) or kind == "random_bytes" and p99 > 2 * base
        pages = int(pathlib.Path(f"/proc/{service.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") / 2**20
        files = len(os.listdir(f"/proc/{service.pid}/fd"))
        print(f"| {kind.replace('_', ' ')} | {len(times)} | {len(lost)} | {p50:.1f} | {p99:.1f} | {pages:.0f} | {files} |", flush=True)
        for one in sorted(set(lost)):
            print(f"    lost: {one}", file=sys.stderr)
    service.terminate()
    bad |= service.wait(30) != 0
    sys.exit(bad)


main()
