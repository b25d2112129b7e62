"""adam.safetensors: ten steps of Keras' Adam on given gradients, in float64, with Keras as the judge.

m += (1 − β₁)(g − m);  v += (1 − β₂)(g² − v);  p −= α m / (√v + ε)  with  α = lr √(1 − β₂ᵗ) / (1 − β₁ᵗ), t = 1, 2, …
The ε stands outside the correction, as in Keras and unlike PyTorch. Some gradients are as small as ε, some are zero.
"""

import golden

import keras
import numpy as np

STEPS, SIZE = 10, 24
RATE, BETA1, BETA2, EPSILON = 1e-3, 0.9, 0.999, 1e-7

start = golden.numbers(1, SIZE)
scales = np.float32(10.0) ** np.float32(np.linspace(-9, 1, SIZE - 1))
gradients = np.zeros((STEPS, SIZE))
gradients[:, 1:] = (golden.numbers(2, STEPS, SIZE - 1) * scales).astype(np.float32)
gradients[::2, 5] = 0

keras.config.set_floatx("float64")
variable = keras.Variable(start)
optimizer = keras.optimizers.Adam(RATE, BETA1, BETA2, EPSILON)
optimizer.build([variable])

p, m, v = start.copy(), np.zeros(SIZE), np.zeros(SIZE)
after = []
for step, g in enumerate(gradients, start=1):
    optimizer.apply([keras.ops.convert_to_tensor(g)], [variable])
    m += (1 - BETA1) * (g - m)
    v += (1 - BETA2) * (g * g - v)
    p -= RATE * np.sqrt(1 - BETA2**step) / (1 - BETA1**step) * m / (np.sqrt(v) + EPSILON)
    # Keras rounds β to float32 even here, hence the tolerance.
    # The change is compared, not the value, or small steps would hide behind large parameters.
    golden.check(f"step {step}", p - start, keras.ops.convert_to_numpy(variable) - start, 1e-5)
    after.append(p.copy())
golden.save(
    "adam",
    {"start": start, "gradients": gradients, "parameters": np.stack(after), "m": m, "v": v,
     "change": after[-1] - start},
    keras=keras.__version__,
)  # fmt: skip
