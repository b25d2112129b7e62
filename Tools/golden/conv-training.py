"""conv-training.safetensors: the losses of a few training steps of two small convolutional nets (Keras, float64).

`classifier`: of the kind that judges restored images, without dropout; categorical cross-entropy from logits.
`autoencoder`: of the report's convolutional kind; mean squared error.
Adam as Keras has it, rate 0.001. `losses` are those before each step's update, the last one after all steps on the
last step's images. The same in float32 must come near, or the case would be too ticklish to hold anyone against.
Weights are named as in the Swift network; `after/` holds the moving statistics that the training leaves.
"""

import golden
import judges

import keras
import numpy as np
import tensorflow as tf
from keras import layers

RATE = 1e-3


def classifier():
    return [
        keras.Input((12, 10, 1)),
        layers.Conv2D(6, 3, activation="relu", name="conv2d"),
        layers.Conv2D(8, 3, activation="relu", name="conv2d_1"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(16, activation="relu", name="dense"),
        layers.Dense(10, name="dense_1"),
    ]


def autoencoder():
    return [
        keras.Input((9, 7, 1)),
        layers.Conv2D(6, 3, padding="same", activation="relu", name="conv2d"),
        layers.MaxPooling2D(2, padding="same"),
        layers.Flatten(),
        layers.Dense(63, activation="softmax", name="dense"),
        layers.Reshape((9, 7, 1)),
        layers.Conv2DTranspose(5, 3, padding="same", activation="relu", name="conv2d_transpose"),
        layers.BatchNormalization(name="batch_normalization"),
        layers.Conv2D(1, 3, padding="same", activation="sigmoid", name="conv2d_1"),
    ]


def start(model, seed):
    """Kernels uniform in Glorot's range, biases in ±0.1, the factor of the normalization near 1."""
    weights = {}
    for number, variable in enumerate(model.weights):
        shape = tuple(variable.shape)
        if variable.name == "kernel":
            limit = (6 / (np.prod(shape[:-2]) * (shape[-2] + shape[-1]))) ** 0.5
            values = golden.numbers(seed + number, *shape, low=-limit, high=limit)
        else:
            middle = {"gamma": 1.0, "moving_variance": 0.5}.get(variable.name, 0.0)
            values = golden.numbers(seed + number, *shape, low=middle - 0.1, high=middle + 0.1)
        weights[variable.path.removeprefix("sequential/")] = values
    return weights


def train(make, loss_function, weights, x, targets, floats):
    keras.config.set_floatx(floats)
    keras.config.set_dtype_policy(floats)
    model = keras.Sequential(make())
    model.set_weights(list(weights.values()))
    optimizer = keras.optimizers.Adam(RATE)
    losses = []
    for images, wanted in zip(x.astype(floats), targets.astype(floats)):
        with tf.GradientTape() as tape:
            loss = loss_function(tf.constant(wanted), model(tf.constant(images), training=True))
        losses.append(float(loss))
        optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
    names = [name for name in weights if "moving" in name]
    after = {f"after/{v.path.split('/', 1)[1]}": v.numpy() for v in model.weights if "moving" in v.path}
    assert len(names) == len(after)
    losses.append(float(loss_function(tf.constant(wanted), model(tf.constant(images), training=True))))
    return {"losses": np.array(losses)} | after


def values(name, make, loss_function, seed, x, targets):
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    keras.utils.clear_session()
    weights = start(keras.Sequential(make(), name="sequential"), seed)
    result = train(make, loss_function, weights, x, targets, "float64")
    judges.agree(name, result, train(make, loss_function, weights, x, targets, "float32"), 5e-6)
    print(name, result["losses"])
    return judges.prefixed(name, {"x": x, "targets": targets} | weights | result)


def categorical(targets, logits):
    return keras.ops.mean(keras.losses.categorical_crossentropy(targets, logits, from_logits=True))


def squared(targets, outputs):
    return keras.ops.mean(keras.ops.square(targets - outputs))


labels = np.random.default_rng(6000).integers(0, 10, (3, 5))
tensors = values(
    "classifier", classifier, categorical, 6100, golden.numbers(6001, 3, 5, 12, 10, 1, low=0), np.eye(10)[labels])
tensors |= values(
    "autoencoder", autoencoder, squared, 6200, golden.numbers(6002, 2, 5, 9, 7, 1, low=0),
    np.float64(golden.numbers(6003, 2, 5, 9, 7, 1) > 0))  # fmt: skip
golden.save("conv-training", tensors, **{name: judges.VERSIONS[name] for name in ["keras", "tensorflow"]})
