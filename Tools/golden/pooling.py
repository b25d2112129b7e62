"""pooling.safetensors: max-pooling and nearest upsampling, outputs and gradients (Keras and PyTorch, float64).

"same" rounds the extents up; what lies outside an image never is the largest, so most inputs are below zero. No two
inputs are the same, so that the largest of a window is one alone. Padding that is odd has one more behind.
"""

import golden
import judges

import keras
import numpy as np
import torch.nn.functional as F

# name: (N, H, W, C), pool, strides, padding
POOLS = {
    "two": ((2, 8, 6, 5), 2, None, "valid"),
    "two-odd": ((2, 7, 5, 3), 2, None, "valid"),
    "two-same-odd": ((2, 7, 5, 16), 2, None, "same"),
    "two-same-odd-one": ((4, 7, 5, 1), 2, None, "same"),
    "three-by-two-same": ((2, 8, 7, 5), 3, 2, "same"),
    "three-by-two-same-blocked": ((2, 5, 6, 16), 3, 2, "same"),
    "three-by-one": ((2, 6, 7, 5), 3, 1, "valid"),
}
# name: (N, H, W, C), size
UPSAMPLINGS = {"up-two": ((2, 5, 4, 3), 2), "up-two-blocked": ((2, 5, 3, 16), 2), "up-three": ((2, 5, 4, 7), 3)}


def pool(size, strides, padding):
    strides = strides or size

    def function(x):
        if padding == "same":
            more = [max((-(-extent // strides) - 1) * strides + size - extent, 0) for extent in x.shape[2:]]
            around = (more[1] // 2, more[1] - more[1] // 2, more[0] // 2, more[0] - more[0] // 2)
            x = F.pad(x, around, value=-np.inf)
        return F.max_pool2d(x, size, strides)

    return function


def values(name, seed, shape, layer, torch_function):
    x = golden.numbers(seed, *shape, low=-2, high=0.5)
    assert np.unique(x).size == x.size, f"{name} has ties"
    dy = golden.numbers(seed + 1, *layer.compute_output_shape(shape))
    result = judges.by_keras(layer, {}, x, dy)
    judges.agree(name, result, judges.by_torch(torch_function, {}, x, dy))
    return judges.prefixed(name, {"x": x, "dy": dy} | result)


tensors = {}
for number, (name, (shape, *settings)) in enumerate(POOLS.items()):
    tensors |= values(name, 3000 + 10 * number, shape, keras.layers.MaxPooling2D(*settings), pool(*settings))
for number, (name, (shape, size)) in enumerate(UPSAMPLINGS.items()):
    tensors |= values(
        name, 3500 + 10 * number, shape, keras.layers.UpSampling2D(size),
        lambda x, size=size: F.interpolate(x, scale_factor=size, mode="nearest"))
golden.save("pooling", tensors, **judges.VERSIONS)
