"""convolution.safetensors and transposed-convolution.safetensors: outputs and gradients (Keras and PyTorch, float64).

Kernels (H, W, I, O), transposed ones (H, W, O, I). "same" pads, where the padding is odd, one more behind than before;
a transposed convolution is the gradient of the plain one by its input, so it crops what that one pads.
"""

import golden
import judges

import keras
import torch
import torch.nn.functional as F

# name: (N, H, W), I, O, kernel, strides, padding, activation
PLAIN = {
    "same-relu": ((2, 8, 6), 1, 5, 3, 1, "same", "relu"),
    "same-relu-blocked": ((2, 6, 5), 16, 32, 3, 1, "same", "relu"),
    "valid": ((2, 6, 4), 20, 24, 3, 1, "valid", "linear"),
    "valid-strided": ((4, 8, 9), 3, 7, 3, 2, "valid", "linear"),
    "five-strided": ((2, 8, 9), 3, 7, 5, 2, "same", "relu"),
    "three-strided-odd": ((2, 7, 5), 6, 16, 3, 2, "same", "linear"),
    "three-strided-even": ((2, 8, 6), 4, 5, 3, 2, "same", "linear"),
    "one": ((2, 6, 5), 3, 7, 1, 1, "valid", "relu"),
    "one-strided": ((2, 7, 6), 16, 5, 1, 2, "same", "linear"),
    "even": ((4, 6, 5), 3, 7, 2, 1, "same", "relu"),
    "sigmoid": ((2, 7, 5), 6, 1, 3, 1, "same", "sigmoid"),
    # One channel on one side and more than a block of 16 on the other: loops of their own.
    "to-one": ((2, 7, 5), 20, 1, 3, 1, "same", "sigmoid"),
    "to-one-five": ((2, 7, 6), 17, 1, 5, 1, "valid", "relu"),
    "from-one": ((2, 7, 5), 1, 20, 3, 1, "same", "relu"),
    "from-one-even": ((2, 6, 5), 1, 17, 2, 1, "same", "linear"),
}
TRANSPOSED = {
    "same-relu": ((2, 6, 4), 1, 5, 3, 1, "same", "relu"),
    "same-relu-blocked": ((2, 5, 4), 24, 16, 3, 1, "same", "relu"),
    "valid": ((2, 6, 4), 5, 7, 3, 1, "valid", "linear"),
    "strided": ((2, 4, 3), 16, 24, 3, 2, "same", "relu"),
    "strided-valid": ((2, 6, 4), 5, 7, 3, 2, "valid", "sigmoid"),
    "strided-five": ((2, 6, 4), 3, 7, 5, 2, "same", "linear"),
    "two": ((3, 6, 4), 7, 5, 2, 2, "same", "relu"),
    "two-strided-by-three": ((2, 5, 4), 3, 7, 2, 3, "valid", "linear"),
    "from-one": ((2, 6, 4), 1, 20, 3, 1, "valid", "relu"),
    "to-one": ((2, 6, 4), 18, 1, 3, 1, "same", "linear"),
}
ACTIVATIONS = {"linear": lambda z: z, "relu": torch.relu, "sigmoid": torch.sigmoid}


def extended(z, before, height, width):
    """The window of that size that starts `before` rows and columns in; zeros where z has no values."""
    rows, columns = height + before - z.shape[2], width + before - z.shape[3]
    return F.pad(z, (-before, columns, -before, rows))


def plain(kernel_size, strides, padding, activation):
    def function(x, kernel, bias):
        if padding == "same":
            size = [max((-(-extent // strides) - 1) * strides + kernel_size - extent, 0) for extent in x.shape[2:]]
            x = F.pad(x, (size[1] // 2, size[1] - size[1] // 2, size[0] // 2, size[0] - size[0] // 2))
        z = F.conv2d(x, kernel.permute(3, 2, 0, 1).contiguous(), bias, strides)
        return ACTIVATIONS[activation](z)

    return function


def transposed(kernel_size, strides, padding, activation):
    def function(x, kernel, bias):
        overlap = max(kernel_size - strides, 0)
        z = F.conv_transpose2d(x, kernel.permute(3, 2, 0, 1).contiguous(), None, strides)
        more, before = (0, overlap // 2) if padding == "same" else (overlap, 0)
        z = extended(z, before, *(extent * strides + more for extent in x.shape[2:]))
        return ACTIVATIONS[activation](z + bias.reshape(1, -1, 1, 1))

    return function


def values(what, layer_type, torch_function, seed, extents, inputs, outputs, kernel_size, *options):
    strides, padding, activation = options
    layer = layer_type(outputs, kernel_size, strides=strides, padding=padding, activation=activation)
    layer.build((*extents, inputs))
    # Weights of the size that training has, or sums of many would say little about small errors.
    limit = (3 / (inputs * kernel_size**2)) ** 0.5
    weights = {
        "kernel": golden.numbers(seed, *layer.kernel.shape, low=-limit, high=limit),
        "bias": golden.numbers(seed + 1, outputs, low=-0.5, high=0.5),
    }
    layer.set_weights(list(weights.values()))
    x = golden.numbers(seed + 2, *extents, inputs)
    dy = golden.numbers(seed + 3, *layer.compute_output_shape(x.shape))
    result = judges.by_keras(layer, {"kernel": layer.kernel, "bias": layer.bias}, x, dy)
    judges.agree(what, result, judges.by_torch(torch_function(kernel_size, *options), weights, x, dy))
    return {"x": x, "dy": dy} | weights | result


def write(name, cases, layer_type, torch_function, seed):
    tensors = {}
    for number, (case, settings) in enumerate(cases.items()):
        what = f"{name}/{case}"
        tensors |= judges.prefixed(
            case, values(what, layer_type, torch_function, seed + 10 * number, *settings))
    golden.save(name, tensors, **judges.VERSIONS)


write("convolution", PLAIN, keras.layers.Conv2D, plain, 1000)
write("transposed-convolution", TRANSPOSED, keras.layers.Conv2DTranspose, transposed, 2000)
