"""dense.safetensors: PyTorch's values and gradients of dense layers, one for each activation, and of a chain.

`softmax_of_images`: softmax alone on images; it is over the last axis, a pixel's channels, as in Keras.

Kernels are (inputs, outputs), images (N, H, W, C). Computed in float64.
"""

import torch

import golden

ACTIVATIONS = {
    "linear": lambda z: z,
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
    "softmax": lambda z: torch.softmax(z, dim=-1),
}


def parameter(seed, *shape):
    return torch.tensor(golden.numbers(seed, *shape), requires_grad=True)


def layer(seed, inputs, outputs):
    return parameter(seed, inputs, outputs), parameter(seed + 1, outputs)


def one_layer(activation, seed):
    x = parameter(seed, 5, 7)
    kernel, bias = layer(seed + 1, 7, 6)
    y = ACTIVATIONS[activation](x @ kernel + bias)
    dy = torch.tensor(golden.numbers(seed + 3, 5, 6))
    y.backward(dy)
    return {
        "x": x, "kernel": kernel, "bias": bias, "y": y, "dy": dy,
        "dx": x.grad, "dkernel": kernel.grad, "dbias": bias.grad,
    }  # fmt: skip


def chain():
    """Images 2×3×2, flattened to 12, dense 7 relu, dense 24 sigmoid, reshaped to 4×3×2."""
    x = parameter(50, 5, 2, 3, 2)
    kernel1, bias1 = layer(51, 12, 7)
    kernel2, bias2 = layer(53, 7, 24)
    hidden = torch.relu(x.reshape(5, 12) @ kernel1 + bias1)
    y = torch.sigmoid(hidden @ kernel2 + bias2).reshape(5, 4, 3, 2)
    dy = torch.tensor(golden.numbers(55, 5, 4, 3, 2))
    y.backward(dy)
    return {
        "x": x, "kernel1": kernel1, "bias1": bias1, "kernel2": kernel2, "bias2": bias2, "y": y, "dy": dy,
        "dx": x.grad, "dkernel1": kernel1.grad, "dbias1": bias1.grad, "dkernel2": kernel2.grad, "dbias2": bias2.grad,
    }  # fmt: skip


def softmax_of_images():
    x = parameter(60, 4, 5, 3, 6)
    y = ACTIVATIONS["softmax"](x)
    dy = torch.tensor(golden.numbers(61, 4, 5, 3, 6))
    y.backward(dy)
    return {"x": x, "y": y, "dy": dy, "dx": x.grad}


parts = {name: one_layer(name, 10 * number) for number, name in enumerate(ACTIVATIONS)}
parts |= {"chain": chain(), "softmax_of_images": softmax_of_images()}
tensors = {f"{part}/{name}": value.detach().numpy() for part, values in parts.items() for name, value in values.items()}
golden.save("dense", tensors, torch=torch.__version__)
