"""The report's final model, built and trained in Keras 3, used by Tiddu; and Tiddu's, used by Keras.

    python report_model_keras.py DIGITS.npz [--epochs 3]

Needs keras with a backend, numpy, tiddu's Python package, and the command tiddu on the PATH. DIGITS.npz is what
`tiddu data synthesize --into digits.npz` or `tiddu data convert` writes.
"""
import argparse
import subprocess
import tempfile

import keras
import numpy as np
import tiddu
from keras import layers

arguments = argparse.ArgumentParser()
arguments.add_argument("digits")
arguments.add_argument("--epochs", type=int, default=3)
options = arguments.parse_args()

with np.load(options.digits) as file:
    clean = next(file[name] for name in file.files if file[name].ndim >= 3).reshape(-1, 28, 28, 1)
distorted = tiddu.distort(clean, "report-multiple", seed=1).astype(np.float32) / 255

model = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Flatten(),
    layers.Dense(512, activation="relu"),
    layers.Dense(512, activation="relu"),
    layers.Dense(256, activation="relu"),
    layers.Dense(64, activation="relu"),
    layers.Dense(784, activation="sigmoid"),
    layers.Reshape((28, 28, 1)),
])
model.compile(keras.optimizers.Adam(1e-3), "binary_crossentropy")
model.fit(distorted, clean.astype(np.float32) / 255, batch_size=32, epochs=options.epochs, verbose=2)

seen = distorted[:1000]
with tempfile.TemporaryDirectory() as folder:
    # From Keras to Tiddu.
    model.save(f"{folder}/mine.keras")
    subprocess.run(["tiddu", "import", f"{folder}/mine.keras", "--into", f"{folder}/mine.safetensors"], check=True)
    restored = tiddu.restore(seen, f"{folder}/mine.safetensors")
    there = np.abs(restored - model.predict(seen, verbose=0)).max()

    # From Tiddu to Keras: the model just imported, and the one that comes with Tiddu.
    back = []
    for name in (f"{folder}/mine.safetensors", "report-final"):
        subprocess.run(["tiddu", "export", name, "--into", f"{folder}/back.keras"], check=True)
        back.append(np.abs(keras.models.load_model(f"{folder}/back.keras").predict(seen, verbose=0)
                           - tiddu.restore(seen, name)).max())
print(f"trained in Keras, restored by Tiddu: differs by {there:.1e} at most; back in Keras: {back[0]:.1e}; "
      f"report-final in Keras: {back[1]:.1e}")
assert max(there, *back) < 1e-5
