"""What whoever runs the service sees: metrics, logs, messages."""

import shutil
import socket
import subprocess

import prometheus_client.parser

from conftest import ROOT, Service, image_file

TOOL = ROOT / ".build/release/tiddu"


def test_metrics(gallery):
    service = Service("tiddu-small")
    for number in range(5):
        service.ask("POST", "/classify", image_file(gallery[1][number]))
    service.ask("POST", "/classify", b"no image")
    service.ask("PUT", "/classify", b"")
    service.ask("GET", "/no/such/thing")
    families = {one.name: one for one in prometheus_client.parser.text_string_to_metric_families(
        service.ask("GET", "/metrics")[2].decode())}
    requests = {(one.labels["route"], one.labels["method"], one.labels["status"]): one.value
                for one in families["tiddu_requests"].samples}
    assert requests["/classify", "POST", "200"] == 5 and requests["/classify", "POST", "415"] == 1
    assert requests["/classify", "PUT", "405"] == 1 and requests["unknown", "GET", "404"] == 1
    latency = {one.labels["le"]: one.value for one in families["tiddu_request_seconds"].samples
               if one.name.endswith("_bucket") and one.labels["route"] == "/classify"}
    assert latency["+Inf"] == 7 and latency["30.0"] == 7
    assert families["tiddu_images"].samples[0].value == 5
    assert families["process_resident_memory_bytes"].samples[0].value > 10e6
    assert families["process_open_fds"].samples[0].value > 5
    assert {one.labels["line"] for one in families["tiddu_queue_requests"].samples} == {"batches", "pages"}
    assert service.stop() == 0


def test_log_has_the_requests_ids(gallery):
    service = Service("tiddu-small", "--log-level", "info")
    _, headers, _ = service.ask("POST", "/classify", image_file(gallery[1][0]), {"X-Request-ID": "my-own-id"})
    assert headers["X-Request-ID"] == "my-own-id"
    _, headers, _ = service.ask("POST", "/classify", image_file(gallery[1][0]), {"X-Request-ID": "bad\tid <x>"})
    made = headers["X-Request-ID"]
    assert made.isalnum()
    assert service.stop() == 0
    log = service.log.getvalue()
    assert "request=my-own-id" in log and f"request={made}" in log and "status=200" in log
    # Nothing of what was sent.
    assert "PNG" not in log


def run(*words, **options):
    return subprocess.run([*words], capture_output=True, text=True, timeout=30, **options)


def test_tiddu_serve_hands_over(tmp_path):
    assert "--port" in run(TOOL, "serve", "--help").stdout
    assert run(TOOL, "serve", "--port", "99999").returncode == 64
    lonely = tmp_path / "tiddu"
    shutil.copy(TOOL, lonely)
    answer = run(lonely, "serve")
    assert answer.returncode == 64 and "make serve" in answer.stderr


def test_says_what_is_wrong(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        answer = run(TOOL, "serve", "--port", str(taken.getsockname()[1]))
        assert answer.returncode == 74 and "in use" in answer.stderr and "--port" in answer.stderr
    (tmp_path / "short").write_text("abc")
    (tmp_path / "no.safetensors").write_text("abc")
    for words, status, said in [
        (["no-such-model"], 74, "no-such-model"), ([str(tmp_path / "no.safetensors")], 65, "no.safetensors"),
        (["tiddu-small", "tiddu-small"], 64, "two models"), (["--classifier", "tiddu-small"], 64, "names no classes"),
        (["--token-file", str(tmp_path / "short")], 65, "16 printable characters"),
        (["--token-file", str(tmp_path / "absent")], 74, "absent"), (["--tls-key", "x"], 64, "go together"),
        (["--tls-key", str(tmp_path / "short"), "--tls-certificate", str(tmp_path / "short")], 64, "no certificate"),
        (["--batch", "0"], 64, "--batch"), (["--host", "300.1.2.3"], 74, "300.1.2.3"),
    ]:
        answer = run(TOOL, "serve", "--port", "0", *words)
        assert answer.returncode == status and said in answer.stderr, (words, answer)
