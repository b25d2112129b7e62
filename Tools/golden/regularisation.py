"""regularisation.safetensors: Keras' L1, L2 and both, on kernels, biases and outputs ("activity") of a two-layer net.

Net: 6 inputs, dense 5 relu, dense 4 sigmoid; loss: binary cross-entropy, mean over all elements, plus the penalties of
both layers. A penalty is l1 Σ|w| + l2 Σw² (no ½), that on outputs is divided by the number of examples (Keras 3.15 as
seen here; the loss that `fit` and `evaluate` report contains all penalties). Keras computes in float64.
"""

import golden

import keras
import numpy as np
import tensorflow as tf

keras.config.set_floatx("float64")
N = 8
L1, L2 = 0.03125, 0.0625

x = golden.numbers(1, N, 6)
targets = np.float64(golden.numbers(2, N, 4) > 0)
initial = [golden.numbers(3, 6, 5), golden.numbers(4, 5), golden.numbers(5, 5, 4), golden.numbers(6, 4)]
NAMES = ["kernel1", "bias1", "kernel2", "bias2"]
PLACES = ["kernel", "bias", "activity"]
KINDS = {"l1": (L1, 0.0), "l2": (0.0, L2), "l1_l2": (L1, L2)}


def run(l1, l2, places):
    options = {f"{place}_regularizer": keras.regularizers.L1L2(l1, l2) for place in places}
    model = keras.Sequential([
        keras.Input((6,)),
        keras.layers.Dense(5, activation="relu", **options),
        keras.layers.Dense(4, activation="sigmoid", **options),
    ])
    model.set_weights(initial)
    model.compile("sgd", "binary_crossentropy")
    with tf.GradientTape() as tape:
        loss = model.compute_loss(x, tf.constant(targets), model(x, training=True))
    gradients = [np.array(g) for g in tape.gradient(loss, model.trainable_variables)]
    golden.check("reported loss", loss, model.evaluate(x, targets, batch_size=N, verbose=0), 1e-9)
    return float(loss), gradients


def penalty_by_hand(l1, l2, places):
    def of(values):
        return l1 * np.sum(np.abs(values)) + l2 * np.sum(values**2)

    kernel1, bias1, kernel2, bias2 = initial
    hidden = np.maximum(x @ kernel1 + bias1, 0)
    y = 1 / (1 + np.exp(-(hidden @ kernel2 + bias2)))
    each = {"kernel": of(kernel1) + of(kernel2), "bias": of(bias1) + of(bias2), "activity": (of(hidden) + of(y)) / N}
    return sum(each[place] for place in places)


tensors = {"x": x, "targets": targets, "l1": L1, "l2": L2} | dict(zip(NAMES, initial))
plain, plain_gradients = run(0.0, 0.0, [])
cases = [("none", 0.0, 0.0, [])]
cases += [(f"{kind}/{place}", *weights, [place]) for kind, weights in KINDS.items() for place in PLACES]
cases += [(f"{kind}/all", *weights, PLACES) for kind, weights in KINDS.items()]
for name, l1, l2, places in cases:
    loss, gradients = run(l1, l2, places)
    golden.check(name, plain + penalty_by_hand(l1, l2, places), loss, 1e-9)
    tensors[f"{name}/loss"] = loss
    tensors |= {f"{name}/d{parameter}": gradient for parameter, gradient in zip(NAMES, gradients)}
golden.save("regularisation", tensors, keras=keras.__version__, tensorflow=tf.__version__)
