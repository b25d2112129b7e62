"""onnxruntime's and OpenVINO's side: networks that PyTorch exports, with weights as training starts."""

import os
import tempfile

import numpy as np

import images
from models import CORRECTORS, MODELS
from with_torch import export, takes_rows


def restorers(options):
    """Of each network of the corrector: the call that takes a batch, array to array, and the images for it.

    One at a time, so that one session's threads do not spin beside the other's."""
    pixels = images.load(options.images, "distorted")
    for name in CORRECTORS[options.model]:
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "model.onnx")
            export(name, path)
            run = (onnxruntime_session if options.framework == "onnxruntime" else openvino_model)(path, options.threads)
        yield run, pixels.reshape(-1, 784) if takes_rows(MODELS[name]) else pixels.reshape(-1, 1, 28, 28)


def onnxruntime_session(path, threads):
    import onnxruntime

    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads, settings.inter_op_num_threads = threads, 1
    session = onnxruntime.InferenceSession(path, settings, providers=["CPUExecutionProvider"])
    return lambda chosen: session.run(None, {"x": np.ascontiguousarray(chosen)})[0]


def openvino_model(path, threads):
    import openvino

    core = openvino.Core()
    model = core.compile_model(core.read_model(path), "CPU",
                               {"INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY",
                                "INFERENCE_PRECISION_HINT": "f32"})
    request = model.create_infer_request()
    return lambda chosen: request.infer({"x": np.ascontiguousarray(chosen)})[model.output(0)]
