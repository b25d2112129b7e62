"""/restore, /classify, /read and /compare, as programs use them."""

import base64
import concurrent.futures
import io
import json
import ssl
import subprocess
import urllib.request

import numpy
import pytest
from PIL import Image

from conftest import ROOT, Service, image_file, pixels_of

PHOTOGRAPH = ROOT / "Documentation/photograph.jpg"


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "TIFF", "BMP"])
def test_restores_as_the_command_does(service, gallery, format, tmp_path):
    turned = numpy.rot90(gallery[1][33], 2)
    file = image_file(turned, format)
    status, headers, answer = service.ask("POST", "/restore?expect=report-multiple", file)
    assert status == 200 and headers["Content-Type"] == "image/png"
    assert headers["Tiddu-Undone"] == "rotation-180" and float(headers["Tiddu-Probability"]) > 0.5
    source, target = tmp_path / f"in.{format.lower()}", tmp_path / "out.png"
    source.write_bytes(file)
    subprocess.run(
        [ROOT / ".build/release/tiddu", "restore", source, "--into", target, "--expect", "report-multiple"], check=True)
    assert numpy.array_equal(pixels_of(answer), pixels_of(target.read_bytes()))


def test_forms_and_json(service, gallery):
    file = image_file(gallery[1][7])
    boundary = "a-boundary"
    form = (f'--{boundary}\r\nContent-Disposition: form-data; name="note"\r\n\r\nhello\r\n'
            f'--{boundary}\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n'
            'Content-Type: image/png\r\n\r\n').encode() + file + f"\r\n--{boundary}--\r\n".encode()
    status, answer = service.json(
        "POST", "/restore", form, {"Content-Type": f"multipart/form-data; boundary={boundary}"})
    assert status == 200 and answer["model"] == "tiddu-best" and answer["restored"] is False
    assert numpy.array_equal(pixels_of(base64.b64decode(answer["image"])), gallery[1][7])


def test_classifies(service, gallery):
    found = [service.json("POST", "/classify", image_file(pixels))[1] for pixels in gallery[1]]
    assert numpy.mean([int(one["class"]) for one in found] == gallery[0]) >= 0.97
    assert all(abs(sum(one["probabilities"]) - 1) < 1e-3 for one in found)
    turned = [image_file(numpy.rot90(pixels)) for pixels in gallery[1]]
    plain = [service.json("POST", "/classify", file)[1]["label"] for file in turned]
    address = "/classify?corrector=tiddu-best&expect=report-multiple"
    corrected = [service.json("POST", address, file)[1]["label"] for file in turned]
    assert numpy.mean(plain == gallery[0]) < 0.4 and numpy.mean(corrected == gallery[0]) > 0.9


def test_reads_photographs(service, tmp_path):
    photograph = PHOTOGRAPH.read_bytes()
    status, answer = service.json("POST", "/read?numbers=true&crops=true", photograph)
    assert status == 200
    page = answer["pages"][0]
    assert [one["number"] for one in page["numbers"]] == ["1947", "560001", "98450"]
    assert len(answer["crops"][0]) == len(page["digits"]) == 15
    command = subprocess.run(
        [ROOT / ".build/release/tiddu", "read", PHOTOGRAPH, "--json"], check=True, capture_output=True)
    for ours, theirs in zip(page["digits"], json.loads(command.stdout)[0]["digits"]):
        del ours["file"], theirs["file"]
        assert ours.pop("probability") == pytest.approx(theirs.pop("probability"), abs=1e-5)
        assert ours == theirs
    status, headers, drawing = service.ask("POST", "/read", photograph, {"Accept": "image/png"})
    assert status == 200 and Image.open(io.BytesIO(drawing)).width == 2400
    status, _, whole = service.ask("POST", "/restore?keep_place=true", photograph)
    assert status == 200 and Image.open(io.BytesIO(whole)).size == Image.open(PHOTOGRAPH).size
    status, problem = service.json("POST", "/restore", photograph)
    assert status == 422 and "15 digits" in problem["detail"]


def test_compares(service, gallery):
    body = {"image": base64.b64encode(gallery[1][42].tobytes()).decode(), "seed": 3,
            "distortions": {"rotation": 1 / 3, "gaussian-noise": 0.3}, "expect": "report-multiple"}
    status, answer = service.json("POST", "/compare", json.dumps(body))
    assert status == 200
    assert [one["model"] for one in answer["restored"]] == ["report-final", "tiddu-small", "tiddu-best"]
    assert [one["distortion"] for one in answer["distortions"]] == ["rotation", "gaussian-noise"]
    assert answer["distortions"][0]["parameters"] == {"angle": 90}
    assert answer["restored"][1]["undone"] == "rotation-90" and answer["restored"][1]["is_changed"]
    again = service.json("POST", "/compare", json.dumps(body))[1]
    assert again == answer
    # More noise is more of the same noise, and leaves the rotation as it was.
    body["distortions"]["gaussian-noise"] = 0.6
    louder = service.json("POST", "/compare", json.dumps(body))[1]
    images = [numpy.frombuffer(base64.b64decode(one["distorted"]["image"]), numpy.uint8).astype(int)
              for one in (answer, louder)]
    turned = numpy.rot90(gallery[1][42]).ravel().astype(int)
    inside = (turned == 0) & (images[0] > 0) & (images[1] < 255)
    assert inside.sum() > 100
    assert numpy.allclose(images[1][inside], 2 * images[0][inside], atol=2)


def test_lets_in_who_has_the_token(tmp_path, gallery):
    token = tmp_path / "token"
    token.write_text("0123456789abcdef-secret\n")
    service = Service("tiddu-small", "--token-file", str(token))
    file = image_file(gallery[1][0])
    for headers in [{}, {"Authorization": "Bearer 0123456789abcdef-secreT"}, {"Authorization": "Basic abc"}]:
        status, answered, _ = service.ask("POST", "/classify", file, headers)
        assert status == 401 and answered["WWW-Authenticate"] == "Bearer"
        assert service.ask("GET", "/metrics", None, headers)[0] == 401
    known = {"Authorization": "Bearer 0123456789abcdef-secret"}
    assert service.ask("POST", "/classify", file, known)[0] == 200
    assert service.ask("GET", "/v2/health/ready")[0] == service.ask("GET", "/")[0] == 200
    assert service.stop() == 0


def test_speaks_tls(tmp_path, gallery):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
         "subjectAltName=IP:127.0.0.1", "-keyout", tmp_path / "key.pem", "-out", tmp_path / "cert.pem"],
        check=True, capture_output=True)
    service = Service(
        "tiddu-small", "--tls-certificate", str(tmp_path / "cert.pem"), "--tls-key", str(tmp_path / "key.pem"))
    assert service.address.startswith("https://")
    trusting = ssl.create_default_context(cafile=tmp_path / "cert.pem")
    request = urllib.request.Request(service.address + "/classify", image_file(gallery[1][0]))
    with urllib.request.urlopen(request, context=trusting) as response:
        assert json.load(response)["class"] == "0"
    assert service.stop() == 0


def test_each_gets_its_own(service, gallery):
    """Requests that come together share a batch, and none gets another's answer."""
    files = [image_file(numpy.rot90(pixels, 2)) for pixels in gallery[1]]
    address = "/restore?expect=report-multiple"
    alone = [service.ask("POST", address, file)[2] for file in files]
    with concurrent.futures.ThreadPoolExecutor(32) as pool:
        together = list(pool.map(lambda file: service.ask("POST", address, file)[2], files * 3))
    # A batch of other images may round a pixel otherwise.
    for number, answer in enumerate(together):
        assert abs(pixels_of(answer).astype(int) - pixels_of(alone[number % len(files)])).max() <= 1
    metrics = service.ask("GET", "/metrics")[2].decode()
    batches = {line.split('le="')[1].split('"')[0]: int(line.split()[-1]) for line in metrics.splitlines()
               if line.startswith('tiddu_batch_images_bucket{task="restore",model="tiddu-best"')}
    assert batches["+Inf"] > batches["2.0"], "some went together"
