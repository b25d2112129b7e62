"""The models that are compared, in words that every framework here turns into its own. Needs no packages."""

from typing import NamedTuple

INPUT = (28, 28, 1)
RATE, BETA1, BETA2, EPSILON = 1e-3, 0.9, 0.999, 1e-7
MOMENTUM, VARIANCE_EPSILON = 0.99, 1e-3
SIDE = 3  # of every kernel
# What "several steps a call" means; divides the steps of a round.
STEPS_A_CALL = 50


class Flatten(NamedTuple):
    pass


class Reshape(NamedTuple):
    shape: tuple


class Dense(NamedTuple):
    units: int
    activation: str


class Convolution(NamedTuple):
    filters: int
    activation: str
    padding: str = "same"
    transposed: bool = False


class MaxPooling(NamedTuple):
    padding: str


class BatchNormalization(NamedTuple):
    pass


class Dropout(NamedTuple):
    rate: float


class ReLU(NamedTuple):
    pass


class UpSampling(NamedTuple):
    """Twice as high and wide, each pixel a square."""


class Keep(NamedTuple):
    """Sets what comes here aside."""


class AddKept(NamedTuple):
    """Adds what was set aside last."""


class Model(NamedTuple):
    summary: str
    layers: list
    # "clean": images, with binary cross-entropy; "labels": 0 to 9, with categorical cross-entropy; both from logits.
    targets: str

    def shapes(self):
        """The shape of each layer's input, (H, W, C) or (units,), and at the end that of the output."""
        shapes = [INPUT]
        for layer in self.layers:
            shapes.append(output_shape(layer, shapes[-1]))
        return shapes

    def operations(self, batch):
        """Of one training step: forward, the weights' gradients, and the inputs' gradients of all layers but the first,
        2 · batch · products each, as a direct convolution makes them; all else is not counted."""
        products = []
        for layer, inputs, outputs in zip(self.layers, self.shapes(), self.shapes()[1:]):
            if isinstance(layer, Dense):
                products.append(inputs[0] * layer.units)
            elif isinstance(layer, Convolution):
                products.append(outputs[0] * outputs[1] * SIDE**2 * inputs[2] * layer.filters)
        return 2 * batch * (3 * sum(products) - products[0])


def output_shape(layer, shape):
    if isinstance(layer, Flatten):
        size = 1
        for extent in shape:
            size *= extent
        return (size,)
    if isinstance(layer, Reshape):
        return layer.shape
    if isinstance(layer, Dense):
        return (layer.units,)
    if isinstance(layer, Convolution):
        lost = SIDE - 1 if layer.padding == "valid" else 0
        return (shape[0] - lost, shape[1] - lost, layer.filters)
    if isinstance(layer, MaxPooling):
        extra = 1 if layer.padding == "same" else 0
        return ((shape[0] + extra) // 2, (shape[1] + extra) // 2, shape[2])
    if isinstance(layer, UpSampling):
        return (2 * shape[0], 2 * shape[1], shape[2])
    return shape


def classifier():
    layers = [Convolution(128, "relu", "valid")]
    for _ in range(2):
        layers += [Convolution(128, "relu", "valid"), MaxPooling("valid"), Dropout(0.2)]
    return layers + [Flatten(), Dense(512, "relu"), Dense(10, "linear")]


def convolutional_autoencoder(depth, filters):
    encoder = [Convolution(filters, "relu"), MaxPooling("same")] * depth
    decoder = [Convolution(filters, "relu", transposed=True), BatchNormalization()] * depth
    return (encoder + [Flatten(), Dense(784, "softmax"), Reshape(INPUT)] + decoder
            + [Convolution(1, "linear")])


def orientation_network(filters, units):
    layers = []
    for level, width in enumerate(filters):
        layers += [MaxPooling("valid")] * (level > 0) + [Convolution(width, "relu")] * 2
    return layers + [Flatten(), Dropout(0.1), Dense(units, "relu"), Dropout(0.1), Dense(80, "linear")]


def u_net(filters):
    def convolution(width):
        return [Convolution(width, "linear"), BatchNormalization(), ReLU()]

    layers = []
    for level, width in enumerate(filters):
        layers += [MaxPooling("valid")] * (level > 0) + convolution(width) * 2
        layers += [Keep()] * (width != filters[-1])
    for width in reversed(filters[:-1]):
        layers += convolution(width) + [UpSampling(), AddKept()] + convolution(width)
    return layers + [Convolution(1, "linear")]


MODELS = {
    "report-final": Model(
        "784-512-512-256-64-784",
        [Flatten(), *(Dense(units, "relu") for units in (512, 512, 256, 64)), Dense(784, "linear"), Reshape(INPUT)],
        "clean"),
    "report-classifier": Model("3 convolutions of 128 filters, 2 dense layers", classifier(), "labels"),
    "report-conv-3-64-bce": Model(
        "7 convolutions, 6 of them of 64 filters, 1 dense layer", convolutional_autoencoder(3, 64), "clean"),
    "tiddu-small-orientation": Model(
        "6 convolutions, 2 dense layers", orientation_network([16, 32, 48], 192), "labels"),
    "tiddu-small-restoration": Model("a U-Net of 16, 32 and 64 filters", u_net([16, 32, 64]), "clean"),
    "tiddu-best-orientation": Model(
        "6 convolutions, 2 dense layers", orientation_network([32, 64, 128], 256), "labels"),
    "tiddu-best-restoration": Model("a U-Net of 32, 64 and 128 filters", u_net([32, 64, 128]), "clean"),
}
# What restores images: networks one behind the other.
CORRECTORS = {
    "report-final": ["report-final"],
    "tiddu-small": ["tiddu-small-orientation", "tiddu-small-restoration"],
    "tiddu-best": ["tiddu-best-orientation", "tiddu-best-restoration"],
}
