"""normalisation.safetensors: batch normalization in training and in use (Keras, PyTorch and numpy, float64).

Momentum 0.99 and epsilon 0.001, as Keras has them. The moving variance follows the batch's variance Σ(x − mean)² / n
(Keras 3; PyTorch divides by n − 1 there). One channel varies less than epsilon, one stands far from zero.
"""

import golden
import judges

import keras
import numpy as np
import tensorflow as tf
import torch

MOMENTUM, EPSILON, STEPS = 0.99, 1e-3, 3
CASES = {"five": (2, 4, 3, 5), "thirty-two": (3, 4, 2, 32), "vectors": (6, 7)}


def by_torch(weights, x, dy):
    def normalise(x, gamma, beta):
        return torch.nn.functional.batch_norm(x, None, None, gamma, beta, training=True, eps=EPSILON)

    return judges.by_torch(normalise, weights, x, dy)


def values(case, seed, shape):
    channels = shape[-1]
    x = golden.numbers(seed, STEPS, *shape)
    x[..., 1] *= 2.0**-7
    x[..., 2] += 8
    # Each step's images have statistics of their own.
    x *= np.reshape([0.5, 1, 2], (STEPS,) + (1,) * len(shape))
    x = x.astype(np.float32).astype(np.float64)
    dy = golden.numbers(seed + 1, *shape)
    gamma, beta = golden.numbers(seed + 2, channels, low=0.5, high=1.5), golden.numbers(seed + 3, channels)
    weights = {"gamma": gamma, "beta": beta}
    mean = golden.numbers(seed + 4, channels)
    variance = golden.numbers(seed + 5, channels, low=0.25, high=2)
    result = {"x": x, "dy": dy} | weights | {"moving_mean": mean, "moving_variance": variance}

    layer = keras.layers.BatchNormalization(momentum=MOMENTUM, epsilon=EPSILON)
    layer.build(shape)
    layer.set_weights([*weights.values(), mean, variance])
    axes = tuple(range(len(shape) - 1))
    for step in range(STEPS):
        found = judges.by_keras(
            lambda x: layer(x, training=True), {"gamma": layer.gamma, "beta": layer.beta}, x[step], dy)
        judges.agree(f"{case}/step {step + 1}", found, by_torch(weights, x[step], dy), 1e-9)
        mean = MOMENTUM * mean + (1 - MOMENTUM) * x[step].mean(axes)
        variance = MOMENTUM * variance + (1 - MOMENTUM) * x[step].var(axes)
        after = {"moving_mean": layer.moving_mean.numpy(), "moving_variance": layer.moving_variance.numpy()}
        judges.agree(f"{case}/step {step + 1}", {"moving_mean": mean, "moving_variance": variance}, after)
        if step == 0:
            result |= found
        if step in (0, STEPS - 1):
            result |= {f"{name}_{step + 1}": value for name, value in after.items()}
    used = layer(tf.constant(x[0]), training=False).numpy()
    expected = (x[0] - mean) / np.sqrt(variance + EPSILON) * gamma + beta
    golden.check(f"{case}/inference", used, expected, 1e-9)
    return judges.prefixed(case, result | {"y_inference": used})


tensors = {}
for number, (case, shape) in enumerate(CASES.items()):
    tensors |= values(case, 4000 + 10 * number, shape)
golden.save("normalisation", tensors, **judges.VERSIONS)
