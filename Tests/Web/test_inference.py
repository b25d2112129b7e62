"""The Open Inference Protocol, spoken by Triton's own client; and the OpenAPI document, by schemathesis."""

import json
import pathlib
import subprocess
import sys

import numpy
import pytest
import tritonclient.http as triton

HERE = pathlib.Path(__file__).parent


@pytest.fixture(scope="module")
def client(service):
    return triton.InferenceServerClient(f"{service.host}:{service.port}")


def test_metadata(client):
    assert client.is_server_live() and client.is_server_ready()
    assert client.is_model_ready("tiddu-small") and client.is_model_ready("tiddu-reader", "1")
    assert not client.is_model_ready("tiddu-small", "2")
    assert client.get_server_metadata()["extensions"] == ["binary_tensor_data"]
    metadata = client.get_model_metadata("tiddu-best")
    assert metadata["inputs"] == [{"name": "image", "datatype": "FP32", "shape": [-1, 28, 28, 1]}]
    assert [one["name"] for one in metadata["outputs"]] == ["restored", "undone", "probability"]
    with pytest.raises(triton.InferenceServerException, match="no such model"):
        client.get_model_metadata("tiddu-huge")


@pytest.mark.parametrize("binary", [False, True])
@pytest.mark.parametrize("datatype", ["UINT8", "FP32"])
def test_infer(client, gallery, binary, datatype):
    labels, pixels = gallery[0], numpy.rot90(gallery[1], axes=(1, 2))
    images = numpy.ascontiguousarray(pixels[..., None])
    if datatype == "FP32":
        images = images.astype(numpy.float32) / 255
    tensor = triton.InferInput("image", images.shape, datatype)
    tensor.set_data_from_numpy(images, binary_data=binary)
    outputs = [triton.InferRequestedOutput(name, binary_data=binary) for name in ("undone", "restored", "probability")]
    answer = client.infer("tiddu-small", [tensor], outputs=outputs, request_id="mine")
    assert answer.get_response()["id"] == "mine"
    restored = answer.as_numpy("restored")
    assert restored.shape == (100, 28, 28, 1) and restored.dtype == images.dtype
    undone = [one.decode() if isinstance(one, bytes) else one for one in answer.as_numpy("undone")]
    # Without being told, the corrector turns nothing unless it is sure.
    assert 0.3 < numpy.mean([one == "rotation-90" for one in undone]) < 1
    assert answer.as_numpy("probability").dtype == numpy.float32
    tensor.set_data_from_numpy(restored, binary_data=binary)
    found = client.infer("tiddu-reader", [tensor])
    assert found.as_numpy("probabilities").shape == (100, 10)
    assert numpy.mean(found.as_numpy("label") == labels) > 0.5


def test_batches_are_the_same_as_single_images(client, gallery):
    images = gallery[1][..., None]
    def infer(part):
        tensor = triton.InferInput("image", part.shape, "UINT8")
        tensor.set_data_from_numpy(part)
        return client.infer("tiddu-reader", [tensor]).as_numpy("probabilities")
    single = numpy.concatenate([infer(images[number:number + 1]) for number in range(20)])
    assert numpy.allclose(infer(images)[:20], single, atol=1e-5)


def infer(service, body, headers=None):
    return service.json("POST", "/v2/models/tiddu-small/infer", body, headers)


@pytest.mark.parametrize("change, said", [
    ({"shape": [1, 28, 28]}, "shape"), ({"shape": [2, 28, 28, 1]}, "1568 numbers"), ({"shape": [-1, 28, 28, 1]}, "shape"),
    ({"shape": [2**62, 28, 28, 1]}, "shape"), ({"shape": [0, 28, 28, 1]}, "shape"), ({"datatype": "FP16"}, "datatype"),
    ({"name": "picture"}, "image"), ({"data": [float("nan")] * 784}, "JSON"), ({"data": [2.0] * 784}, "0 (paper) to 1"),
    ({"data": None}, "784 numbers"), ({"data": "abc"}, "data"), ({"data": [[1, 2], 3]}, "data"),
    ({"datatype": "UINT8", "data": [0.5] * 784}, "whole"), ({"datatype": "UINT8", "data": [256] * 784}, "whole"),
    ({"parameters": {"binary_data_size": 784}}, "bytes are expected"), ({"shape": "many"}, "shape"),
    ({"parameters": {"binary_data_size": -5}, "data": None}, "bytes are expected"),
])
def test_refuses_what_does_not_agree(service, change, said):
    tensor = {"name": "image", "shape": [1, 28, 28, 1], "datatype": "FP32", "data": [0.0] * 784, **change}
    status, answer = infer(service, json.dumps({"inputs": [tensor]}))
    assert status == 400 and list(answer) == ["error"] and said in answer["error"], answer


@pytest.mark.parametrize("length", ["-1", "99999999", "abc", "9223372036854775808", ""])
def test_refuses_wrong_lengths(service, length):
    status, answer = infer(service, b"{}", {"Inference-Header-Content-Length": length})
    assert status == 400 and "Inference-Header-Content-Length" in answer["error"]


def test_refuses_nan_in_binary(service):
    header = json.dumps({"inputs": [{"name": "image", "shape": [1, 28, 28, 1], "datatype": "FP32",
                                     "parameters": {"binary_data_size": 3136}}]}).encode()
    body = header + numpy.full(784, numpy.nan, numpy.float32).tobytes()
    status, answer = infer(service, body, {"Inference-Header-Content-Length": str(len(header))})
    assert status == 400 and "NaN" in answer["error"]


def test_document_is_true(service):
    run = subprocess.run(
        [pathlib.Path(sys.executable).parent / "schemathesis", "--config-file", HERE / "schemathesis.toml", "run",
         service.address + "/openapi.json", "--max-examples", "25", "--seed", "18", "--no-color"], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout[-6000:]
