"""Models saved by Keras and by PyTorch, with what they answer: files that `tiddu import` is to read.

keras-graph.keras, keras-graph.weights.h5   a network with a skip connection, every layer that both have
keras-chain.keras                           a Sequential model
pytorch-chain.safetensors                   a Sequential module: names are numbers
pytorch-modules.safetensors                 a module of named modules; dense layers between images and vectors
frameworks.safetensors                      the input of each, (N, H, W, C), and its output
"""

import golden

import keras
import numpy as np
import safetensors.torch
import torch
from keras import layers

keras.utils.set_random_seed(5)
torch.manual_seed(5)
TENSORS = {}


def strange(model):
    """Weights that are not special: no zeros and ones."""
    for number, variable in enumerate(model.weights):
        if "kernel" not in variable.path:
            low = 0.5 if "variance" in variable.path or "gamma" in variable.path else -0.2
            variable.assign(golden.numbers(number, *variable.shape, low=low, high=low + 0.6))
    return model


def keep(name, x, y):
    TENSORS[f"{name}/input"], TENSORS[f"{name}/output"] = x, y


def keras_graph():
    inputs = keras.Input((6, 7, 2), name="picture")
    first = layers.Conv2D(4, 3, padding="same", activation="relu", name="first")(inputs)
    x = layers.BatchNormalization(epsilon=0.01)(first)
    x = layers.MaxPooling2D(2, padding="same")(x)
    x = layers.Conv2DTranspose(4, 3, strides=2, padding="same")(x)
    x = layers.Cropping2D(((0, 0), (1, 0)))(x)
    x = layers.Add(name="sum")([x, first])
    x = layers.Concatenate()([x, inputs])
    x = layers.ReLU()(x)
    x = layers.Dropout(0.2)(x)
    x = layers.ZeroPadding2D(((1, 0), (0, 2)))(x)
    x = layers.UpSampling2D(2)(x)
    x = layers.Conv2D(3, 4, strides=3, activation="sigmoid")(x)
    x = layers.Flatten()(x)
    x = layers.Dense(12, activation="relu", name="hidden")(x)
    x = layers.Reshape((-1, 4))(x)
    x = layers.Activation("sigmoid")(x)
    x = layers.Flatten()(x)
    return strange(keras.Model(inputs, layers.Dense(3, activation="softmax", name="classes")(x), name="graph"))


def keras_chain():
    return strange(keras.Sequential(
        [keras.Input((5, 4, 1)), layers.Flatten(), layers.Dense(9, activation="relu"),
         layers.Dense(20, activation="sigmoid"), layers.Reshape((5, 4, 1))], name="chain"))


class Modules(torch.nn.Module):
    """An autoencoder whose dense layers stand between images of several channels and vectors."""

    def __init__(self):
        super().__init__()
        self.down = torch.nn.Conv2d(1, 3, 3, padding=1)
        self.norm = torch.nn.BatchNorm2d(3, eps=1e-3)
        self.encode = torch.nn.Linear(3 * 3 * 2, 7)
        self.decode = torch.nn.Linear(7, 3 * 3 * 2)
        self.norm2 = torch.nn.BatchNorm1d(3 * 3 * 2, eps=1e-3)
        self.up = torch.nn.ConvTranspose2d(3, 1, 2, stride=2)
        for bank in (self.norm, self.norm2):
            bank.running_mean.uniform_(-0.3, 0.3)
            bank.running_var.uniform_(0.5, 1.5)
            torch.nn.init.uniform_(bank.weight, 0.5, 1.5)
            torch.nn.init.uniform_(bank.bias, -0.2, 0.2)

    def forward(self, x):
        x = torch.nn.functional.max_pool2d(torch.relu(self.norm(self.down(x))), 2)
        x = torch.relu(self.encode(x.flatten(1)))
        x = self.norm2(self.decode(x)).view(-1, 3, 3, 2)
        return torch.sigmoid(self.up(x))


def by_torch(module, x):
    with torch.no_grad():
        y = module.eval()(torch.tensor(x, dtype=torch.float32).permute(0, 3, 1, 2)).numpy()
    return y.transpose(0, 2, 3, 1) if y.ndim == 4 else y


def main():
    for name, model, shape in [("keras-graph", keras_graph(), (4, 6, 7, 2)), ("keras-chain", keras_chain(), (4, 5, 4, 1))]:
        x = golden.numbers(11, *shape, low=0)
        keep(name, x, model.predict(x, verbose=0))
        model.save(golden.FOLDER / f"{name}.keras")
        if name == "keras-graph":
            model.save_weights(golden.FOLDER / f"{name}.weights.h5")
    chain = torch.nn.Sequential(
        torch.nn.Flatten(), torch.nn.Linear(20, 11), torch.nn.ReLU(), torch.nn.Linear(11, 20), torch.nn.Sigmoid(),
        torch.nn.Unflatten(1, (1, 5, 4)))
    for name, module, shape in [("pytorch-chain", chain, (4, 5, 4, 1)), ("pytorch-modules", Modules(), (4, 6, 4, 1))]:
        x = golden.numbers(12, *shape, low=0)
        keep(name, x, by_torch(module, x))
        safetensors.torch.save_file(module.state_dict(), golden.FOLDER / f"{name}.safetensors")
    golden.save("frameworks", TENSORS, keras=keras.__version__, torch=torch.__version__)


main()
