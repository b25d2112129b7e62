"""Runs each FOLDER/NAME.onnx in onnxruntime on the input in NAME.safetensors, and compares the outputs that stand there.

onnx's own checker looks at each file first. Arguments: the folder, and by how much a number may be off.
"""

import pathlib
import sys

import numpy as np
import onnx
import onnxruntime
from safetensors.numpy import load_file

folder, tolerance = pathlib.Path(sys.argv[1]), float(sys.argv[2])
onnxruntime.set_default_logger_severity(3)
failures, count, worst = [], 0, 0.0
for path in sorted(folder.glob("*.onnx")):
    onnx.checker.check_model(str(path), full_check=True)
    model = onnx.load(path)
    assert [(o.domain, o.version) for o in model.opset_import] == [("", 17)], model.opset_import
    tensors = load_file(path.with_suffix(".safetensors"))
    session = onnxruntime.InferenceSession(str(path))
    port = session.get_inputs()[0]
    x = tensors.pop("input").astype(np.uint8 if port.type == "tensor(uint8)" else np.float32)
    found = dict(zip([output.name for output in session.get_outputs()], session.run(None, {port.name: x})))
    if "orientation" in tensors:
        rows = np.arange(len(x))
        found["probability"] = found["orientation_probabilities"][rows, found["orientation"]]
    for name, expected in tensors.items():
        value = found[name].astype(np.float64)
        if value.shape != expected.shape:
            failures.append(f"{path.stem}: {name} has the shape {value.shape}, expected {expected.shape}")
            continue
        # A level of grey is as near as bytes come.
        allowed = 1 if found[name].dtype == np.uint8 else tolerance
        error = float(np.abs(value - expected).max())
        worst = max(worst, 0 if allowed == 1 else error)
        if not error <= allowed:
            failures.append(f"{path.stem}: {name} is off by {error}")
    count += 1
print("\n".join(failures) if failures else f"{count} models, worst {worst:.1e}")
sys.exit(1 if failures or count == 0 else 0)
