"""Keras' side, on TensorFlow."""

import os

os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="3")

import keras
import tensorflow as tf

import images
from models import INPUT, MODELS, RATE, SIDE, STEPS_A_CALL
from models import BatchNormalization, Convolution, Dense, Dropout, Flatten, MaxPooling, Reshape
from rounds import Rounds


def prepare(options):
    tf.config.threading.set_intra_op_parallelism_threads(options.threads)
    tf.config.threading.set_inter_op_parallelism_threads(options.threads)


def network_of(model):
    return keras.Sequential([keras.Input(INPUT), *map(layer_of, model.layers)])


def layer_of(layer):
    match layer:
        case Flatten():
            return keras.layers.Flatten()
        case Reshape(shape):
            return keras.layers.Reshape(shape)
        case Dense(units, activation):
            return keras.layers.Dense(units, activation=activation)
        case Convolution(filters, activation, padding, transposed):
            kind = keras.layers.Conv2DTranspose if transposed else keras.layers.Conv2D
            return kind(filters, SIDE, padding=padding, activation=activation)
        case MaxPooling(padding):
            return keras.layers.MaxPooling2D(2, padding=padding)
        case BatchNormalization():
            return keras.layers.BatchNormalization()
        case Dropout(rate):
            return keras.layers.Dropout(rate)


def train(options):
    """keras: `fit` with XLA. keras-default: with "auto", which is without. keras-tuned: XLA, several steps a call."""
    prepare(options)
    model = MODELS[options.model]
    network = network_of(model)
    loss = (keras.losses.SparseCategoricalCrossentropy if model.targets == "labels"
            else keras.losses.BinaryCrossentropy)(from_logits=True)
    network.compile(optimizer=keras.optimizers.Adam(RATE), loss=loss,
                    jit_compile="auto" if options.framework == "keras-default" else True,
                    steps_per_execution=STEPS_A_CALL if options.framework == "keras-tuned" else 1)
    # The sum is TensorFlow's own; a constant alone keeps a copy of the array in memory as well.
    x, y = (tf.constant(images.load(options.images, name)) + 0 for name in ("distorted", model.targets))
    whole = len(x) // options.batch * options.batch
    # What `fit` makes of arrays, but without an end: shuffled indices, gathered in batches, one batch ahead.
    batches = (tf.data.Dataset.range(1).repeat()
               .flat_map(lambda _: tf.data.Dataset.from_tensor_slices(
                   tf.reshape(tf.random.shuffle(tf.range(len(x)))[:whole], (-1, options.batch))))
               .map(lambda chosen: (tf.gather(x, chosen), tf.gather(y, chosen))).prefetch(tf.data.AUTOTUNE))
    rounds = Rounds(options)

    class Clock(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            rounds.begin()

        def on_epoch_end(self, epoch, logs=None):
            rounds.loss = float(logs["loss"])
            rounds.end()

    network.fit(batches, steps_per_epoch=options.steps, epochs=rounds.total, verbose=0, callbacks=[Clock()])


def restorers(options):
    """The call that restores a batch with report-final, array to array, and the images for it."""
    prepare(options)
    network = network_of(MODELS["report-final"])
    restore = tf.function(lambda chosen: tf.sigmoid(network(chosen, training=False)), jit_compile=True)
    yield lambda chosen: restore(chosen).numpy(), tf.constant(images.load(options.images, "distorted"))
