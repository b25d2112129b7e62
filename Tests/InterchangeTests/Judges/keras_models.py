"""Lets Keras load each FOLDER/NAME.keras and compares its answer with the `output` in NAME.safetensors to the `input` there.

What was loaded is saved again as NAME-again.keras and NAME-again.weights.h5. Arguments: the folder, and by how much a
number may be off.
"""

import os
import pathlib
import sys

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np
from safetensors.numpy import load_file

folder, tolerance = pathlib.Path(sys.argv[1]), float(sys.argv[2])
failures, paths, worst = [], sorted(folder.glob("*.keras")), 0.0
for path in paths:
    tensors = load_file(path.with_suffix(".safetensors"))
    model = keras.models.load_model(path)
    error = float(np.abs(np.asarray(model(tensors["input"])) - tensors["output"]).max())
    worst = max(worst, error)
    if not error <= tolerance:
        failures.append(f"{path.stem} is off by {error}")
    model.save(folder / f"{path.stem}-again.keras")
    model.save_weights(folder / f"{path.stem}-again.weights.h5")
print("\n".join(failures) if failures else f"{len(paths)} models, worst {worst:.1e}")
sys.exit(1 if failures or not paths else 0)
