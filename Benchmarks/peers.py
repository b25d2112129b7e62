#!/usr/bin/env python3
"""The peers' side of the benchmarks: Keras, PyTorch and JAX at the same work as `tiddu-bench`, in the same words.

    peers.py images FILE.npz                                   makes the images that all train on
    peers.py train-step --framework torch --batch 32 --threads 2 --steps 200 --rounds 5 --warm-up 4 --images FILE.npz
    peers.py restore --framework torch --threads 2 --rounds 5 --images FILE.npz
    peers.py gemm --threads 2

Each prints one JSON object a line. `--warm-up` counts rounds that are run and not reported. With `--wait`, every line
on standard input starts one reported round (the first one: set-up and warm-up before it), so that compare.py can run
several programs in turn. Threads are settled before a framework is imported.
"""

import argparse
import json
import os
import sys
import time

SIZES = [784, 512, 512, 256, 64, 784]
RATE, BETA1, BETA2, EPSILON = 1e-3, 0.9, 0.999, 1e-7
# What "several steps a call" means below; divides the steps of a round.
STEPS_A_CALL = 50


class Rounds:
    """Says when a round begins and ends, and prints the time of a step."""

    def __init__(self, options):
        self.options = options
        self.total = options.warm_up + options.rounds
        self.index = 0

    def __iter__(self):
        for _ in range(self.total):
            self.begin()
            yield self.options.steps
            self.end()

    def begin(self):
        if self.options.wait and self.index > self.options.warm_up and not sys.stdin.readline():
            sys.exit(0)
        self.start = time.perf_counter()

    def end(self):
        seconds = time.perf_counter() - self.start
        if self.index >= self.options.warm_up:
            o = self.options
            say(framework=o.framework, batch=o.batch, threads=o.threads, steps=o.steps,
                ms_per_step=round(1e3 * seconds / o.steps, 4))
        self.index += 1


def say(**values):
    print(json.dumps(values), flush=True)


def make_images(path):
    """60,000 distorted and clean images, four fifths paper as Kannada-MNIST's are: shifted blobs, turned and noisy."""
    import numpy as np

    random = np.random.default_rng(1)
    field = np.fft.irfft2(np.fft.rfft2(random.normal(size=(200, 28, 28))) * np.exp(-np.arange(15) ** 2 / 30)
                          * np.exp(-np.minimum(np.arange(28), 28 - np.arange(28)) ** 2 / 30)[:, None], s=(28, 28))
    centre = np.hypot(*np.meshgrid(np.arange(28) - 13.5, np.arange(28) - 13.5)) < 10
    level = np.quantile(field[:, centre], 0.55)
    shapes = np.clip((field - level) * 600 / field.std(), 0, 255) * centre
    clean = shapes[random.integers(0, len(shapes), 60000)]
    down, across = random.integers(-3, 4, (2, 60000, 1))
    clean = clean[np.arange(60000)[:, None, None], ((np.arange(28) + down) % 28)[:, :, None],
                  ((np.arange(28) + across) % 28)[:, None, :]].astype(np.uint8)
    distorted = np.rot90(clean, axes=(1, 2)).astype(np.float32)
    distorted[::2] += random.normal(0, 30, distorted[::2].shape)
    distorted[::3, 14:24, 4:14] = 255
    np.savez(path, distorted=distorted.clip(0, 255).astype(np.uint8).reshape(-1, 784), clean=clean.reshape(-1, 784))
    say(what="images", count=60000, paper=round(float((clean == 0).mean()), 3))


def load_images(options):
    """(N, 784) float32 in 0…1: distorted, clean."""
    import numpy as np

    with np.load(options.images) as file:
        return [file[name].astype(np.float32) / 255 for name in ("distorted", "clean")]


# PyTorch ---------------------------------------------------------------------------------------------------------


def torch_network(options, flush=True):
    import torch

    torch.set_num_threads(options.threads)
    if flush:
        # Before any worker thread is born: they inherit the setting.
        torch.set_flush_denormal(True)
    layers = []
    for inputs, outputs in zip(SIZES, SIZES[1:]):
        layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
        torch.nn.init.xavier_uniform_(layers[-2].weight)
        torch.nn.init.zeros_(layers[-2].bias)
    return torch, torch.nn.Sequential(*layers[:-1])


def train_torch(options):
    """torch: fused Adam, denormals flushed. torch-default: neither. torch-compile: as torch, loss and network compiled."""
    tuned = options.framework != "torch-default"
    torch, network = torch_network(options, flush=tuned)
    optimizer = torch.optim.Adam(network.parameters(), lr=RATE, eps=EPSILON, fused=True if tuned else None)

    def loss_of(inputs, targets):
        return torch.nn.functional.binary_cross_entropy_with_logits(network(inputs), targets)

    if options.framework == "torch-compile":
        loss_of = torch.compile(loss_of)
    x, y = map(torch.from_numpy, load_images(options))
    batches = iter(())
    for steps in Rounds(options):
        for _ in range(steps):
            chosen = next(batches, None)
            if chosen is None:
                batches = iter(torch.randperm(len(x))[:len(x) // options.batch * options.batch].split(options.batch))
                chosen = next(batches)
            optimizer.zero_grad(set_to_none=True)
            loss_of(x[chosen], y[chosen]).backward()
            optimizer.step()


def restore_torch(options):
    torch, network = torch_network(options)
    images = torch.from_numpy(load_images(options)[0])
    with torch.inference_mode():
        report_restoring(options, lambda chosen: torch.sigmoid(network(chosen)).numpy(), images)


def gemm(options):
    torch, _ = torch_network(options)
    best = 0.0
    for size in (1024, 2048, 3072):
        a, b, c = (torch.rand(size, size) for _ in range(3))
        for _ in range(6):
            start = time.perf_counter()
            torch.mm(a, b, out=c)
            best = max(best, 2e-9 * size**3 / (time.perf_counter() - start))
    say(framework="torch", what="gemm", threads=options.threads, gflops=round(best, 1))


# Keras -----------------------------------------------------------------------------------------------------------


def keras_network(options):
    os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="3")
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(options.threads)
    tf.config.threading.set_inter_op_parallelism_threads(options.threads)
    import keras

    dense = keras.layers.Dense
    network = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten()]
                               + [dense(size, activation="relu") for size in SIZES[1:-1]]
                               + [dense(784), keras.layers.Reshape((28, 28, 1))])
    return tf, keras, network


def train_keras(options):
    """keras: `fit` with XLA. keras-default: with "auto", which is without. keras-tuned: several steps a call as well."""
    tf, keras, network = keras_network(options)
    network.compile(optimizer=keras.optimizers.Adam(RATE), loss=keras.losses.BinaryCrossentropy(from_logits=True),
                    jit_compile="auto" if options.framework == "keras-default" else True,
                    steps_per_execution=STEPS_A_CALL if options.framework == "keras-tuned" else 1)
    x, y = (tf.constant(images.reshape(-1, 28, 28, 1)) for images in load_images(options))
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
            rounds.end()

    network.fit(batches, steps_per_epoch=options.steps, epochs=rounds.total, verbose=0, callbacks=[Clock()])


def restore_keras(options):
    tf, keras, network = keras_network(options)
    restore = tf.function(lambda chosen: tf.sigmoid(network(chosen, training=False)), jit_compile=True)
    images = tf.constant(load_images(options)[0].reshape(-1, 28, 28, 1))
    report_restoring(options, lambda chosen: restore(chosen).numpy(), images)


# JAX -------------------------------------------------------------------------------------------------------------


def train_jax(options):
    """jax: one jitted step a call, its state donated. jax-scan: several steps a call."""
    if options.threads == 1:
        os.environ["XLA_FLAGS"] = os.environ.get("XLA_FLAGS", "") + " --xla_cpu_multi_thread_eigen=false"
    import jax
    import jax.numpy as jnp

    each = jax.tree_util.tree_map
    glorot = jax.nn.initializers.glorot_uniform()
    keys = jax.random.split(jax.random.key(1), len(SIZES))
    weights = [(glorot(key, shape), jnp.zeros(shape[1])) for key, shape in zip(keys, zip(SIZES, SIZES[1:]))]
    state = (weights, each(jnp.zeros_like, weights), each(jnp.zeros_like, weights), jnp.zeros(()))
    batch = options.batch

    def loss_of(weights, inputs, targets):
        for kernel, bias in weights[:-1]:
            inputs = jax.nn.relu(inputs @ kernel + bias)
        z = inputs @ weights[-1][0] + weights[-1][1]
        return jnp.mean(jnp.maximum(z, 0) - z * targets + jnp.log1p(jnp.exp(-jnp.abs(z))))

    def step(state, x, y, order, index):
        weights, mean, square, count = state
        chosen = jax.lax.dynamic_slice(order, (index * batch,), (batch,))
        gradient = jax.grad(loss_of)(weights, x[chosen], y[chosen])
        count += 1
        rate = RATE * jnp.sqrt(1 - BETA2**count) / (1 - BETA1**count)
        mean = each(lambda m, g: BETA1 * m + (1 - BETA1) * g, mean, gradient)
        square = each(lambda v, g: BETA2 * v + (1 - BETA2) * g * g, square, gradient)
        weights = each(lambda w, m, v: w - rate * m / (jnp.sqrt(v) + EPSILON), weights, mean, square)
        return weights, mean, square, count

    def steps_in_one(state, x, y, order, index):
        turn = lambda state, offset: (step(state, x, y, order, index + offset), None)
        return jax.lax.scan(turn, state, jnp.arange(STEPS_A_CALL))[0]

    at_once = STEPS_A_CALL if options.framework == "jax-scan" else 1
    run = jax.jit(step if at_once == 1 else steps_in_one, donate_argnums=0)
    x, y = map(jnp.asarray, load_images(options))
    shuffle = jax.jit(lambda key: jax.random.permutation(key, len(x)))
    an_epoch = len(x) // batch // at_once * at_once
    done = 0
    for steps in Rounds(options):
        for _ in range(0, steps, at_once):
            if done % an_epoch == 0:
                order = shuffle(jax.random.key(done))
            state = run(state, x, y, order, done % an_epoch)
            done += at_once
        jax.block_until_ready(state)


# Restoring -------------------------------------------------------------------------------------------------------


def report_restoring(options, restore, images):
    """Many images: the best of three batch sizes over 10,240 of them. One image: the median call, array to array."""
    for _ in range(options.rounds):
        rates = {}
        for batch in (256, 1024, 10240):
            restore(images[:batch])
            start = time.perf_counter()
            for first in range(0, 10240, batch):
                restore(images[first:first + batch])
            rates[batch] = 10240 / (time.perf_counter() - start)
        best = max(rates, key=rates.get)
        say(framework=options.framework, what="restore-many", threads=options.threads, batch=best,
            images_per_second=round(rates[best]))
        one, times = images[:1], []
        for _ in range(500):
            start = time.perf_counter()
            restore(one)
            times.append(time.perf_counter() - start)
        say(framework=options.framework, what="restore-one", threads=options.threads,
            microseconds=round(1e6 * sorted(times)[len(times) // 2], 1))


TRAIN = {"keras-default": train_keras, "keras": train_keras, "keras-tuned": train_keras,
         "torch-default": train_torch, "torch": train_torch, "torch-compile": train_torch,
         "jax": train_jax, "jax-scan": train_jax}
RESTORE = {"keras": restore_keras, "torch": restore_torch}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("images").add_argument("file")
    for name, frameworks in (("train-step", TRAIN), ("restore", RESTORE), ("gemm", None)):
        command = commands.add_parser(name)
        command.add_argument("--threads", type=int, default=2)
        if frameworks:
            command.add_argument("--framework", choices=frameworks, required=True)
            command.add_argument("--images", required=True)
            command.add_argument("--rounds", type=int, default=5)
        if name == "train-step":
            command.add_argument("--batch", type=int, default=32)
            command.add_argument("--steps", type=int, default=200)
            command.add_argument("--warm-up", type=int, default=4)
            command.add_argument("--wait", action="store_true")
    options = parser.parse_args()
    if options.command == "images":
        return make_images(options.file)
    if options.command == "train-step":
        if options.steps % STEPS_A_CALL:
            parser.error(f"--steps must be a multiple of {STEPS_A_CALL}")
        if options.wait and not sys.stdin.readline():
            return
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = str(options.threads)
    if options.command == "gemm":
        gemm(options)
    else:
        (TRAIN if options.command == "train-step" else RESTORE)[options.framework](options)


if __name__ == "__main__":
    main()
