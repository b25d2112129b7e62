"""merging.safetensors: a graph in which tensors go several ways, outputs and gradients (Keras and PyTorch, float64).

x (N, H, W, 3); a = convolution of x, relu; b = convolution of a, sigmoid; c = a + b; y = convolution of the
concatenation of c, a and x. So a is used three times and x twice, and the parts differ in their number of channels.
All kernels 3×3, "same", with as many filters as the case's name says; the last has 2.
"""

import golden
import judges

import keras
import torch
import torch.nn.functional as F

SHAPE = (4, 6, 5, 3)
CASES = {"5": 5, "16": 16}


def by_keras(channels, x, dy, weights):
    def convolution(filters, activation):
        return keras.layers.Conv2D(filters, 3, padding="same", activation=activation)

    layers = [convolution(channels, "relu"), convolution(channels, "sigmoid"), convolution(2, "linear")]
    start = keras.Input(SHAPE[1:])
    a = layers[0](start)
    c = keras.layers.Add()([a, layers[1](a)])
    model = keras.Model(start, layers[2](keras.layers.Concatenate()([c, a, start])))
    model.set_weights(list(weights.values()))
    return judges.by_keras(model, dict(zip(weights, model.trainable_variables)), x, dy)


def by_torch(x, dy, weights):
    def function(x, kernel1, bias1, kernel2, bias2, kernel3, bias3):
        def convolution(z, kernel, bias):
            return F.conv2d(z, kernel.permute(3, 2, 0, 1).contiguous(), bias, padding=1)

        a = torch.relu(convolution(x, kernel1, bias1))
        c = a + torch.sigmoid(convolution(a, kernel2, bias2))
        return convolution(torch.cat([c, a, x], dim=1), kernel3, bias3)

    return judges.by_torch(function, weights, x, dy)


def values(name, seed, channels):
    extents = [(SHAPE[3], channels), (channels, channels), (2 * channels + SHAPE[3], 2)]
    weights = {}
    for number, (inputs, outputs) in enumerate(extents, start=1):
        limit = (3 / (9 * inputs)) ** 0.5
        weights[f"kernel{number}"] = golden.numbers(seed + 2 * number, 3, 3, inputs, outputs, low=-limit, high=limit)
        weights[f"bias{number}"] = golden.numbers(seed + 2 * number + 1, outputs, low=-0.5, high=0.5)
    x = golden.numbers(seed, *SHAPE)
    dy = golden.numbers(seed + 1, *SHAPE[:3], 2)
    result = by_keras(channels, x, dy, weights)
    judges.agree(name, result, by_torch(x, dy, weights))
    return judges.prefixed(name, {"x": x, "dy": dy} | weights | result)


tensors = {}
for number, (name, channels) in enumerate(CASES.items()):
    tensors |= values(name, 5000 + 20 * number, channels)
golden.save("merging", tensors, **judges.VERSIONS)
