"""JAX's side."""

import jax
import jax.numpy as jnp
from jax import lax

import images
from models import BETA1, BETA2, EPSILON, INPUT, MODELS, MOMENTUM, RATE, SIDE, STEPS_A_CALL, VARIANCE_EPSILON
from models import BatchNormalization, Convolution, Dense, Dropout, Flatten, MaxPooling, Reshape
from rounds import Rounds

each = jax.tree_util.tree_map
ACTIVATIONS = {"relu": jax.nn.relu, "softmax": jax.nn.softmax, "linear": lambda values: values}


def starting_values(model, key):
    """By layer, what training changes: (kernel, bias) or (gamma, beta), else (); and the moving (mean, variance)."""
    glorot = jax.nn.initializers.glorot_uniform()
    weights, moving = [], []
    for layer, shape in zip(model.layers, model.shapes()):
        key, own = jax.random.split(key)
        made, averages = (), ()
        if isinstance(layer, Dense):
            made = glorot(own, (shape[0], layer.units)), jnp.zeros(layer.units)
        elif isinstance(layer, Convolution):
            made = glorot(own, (SIDE, SIDE, shape[2], layer.filters)), jnp.zeros(layer.filters)
        elif isinstance(layer, BatchNormalization):
            made = jnp.ones(shape[2]), jnp.zeros(shape[2])
            averages = jnp.zeros(shape[2]), jnp.ones(shape[2])
        weights.append(made)
        moving.append(averages)
    return weights, moving


def forward(layer, weights, moving, values, key):
    """Output, and the moving averages afterwards."""
    match layer:
        case Flatten():
            values = values.reshape(len(values), -1)
        case Reshape(shape):
            values = values.reshape(-1, *shape)
        case Dense(_, activation):
            values = ACTIVATIONS[activation](values @ weights[0] + weights[1])
        case Convolution(_, activation, padding, _):
            # With stride 1 and "same", the transposed convolution is one by the turned kernel: as random as before.
            values = lax.conv_general_dilated(values, weights[0], (1, 1), padding.upper(),
                                              dimension_numbers=("NHWC", "HWIO", "NHWC"))
            values = ACTIVATIONS[activation](values + weights[1])
        case MaxPooling(padding):
            values = lax.reduce_window(values, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), padding.upper())
        case BatchNormalization():
            mean, variance = values.mean((0, 1, 2)), values.var((0, 1, 2))
            moving = each(lambda old, new: MOMENTUM * old + (1 - MOMENTUM) * new, moving, (mean, variance))
            values = (values - mean) * (weights[0] * lax.rsqrt(variance + VARIANCE_EPSILON)) + weights[1]
        case Dropout(rate):
            values = jnp.where(jax.random.bernoulli(key, 1 - rate, values.shape), values / (1 - rate), 0)
    return values, moving


def step_of(model, batch):
    """(state, x, y, order, index) → (state, loss)"""

    def loss_of(weights, moving, inputs, targets, key):
        values, after = inputs, []
        for layer, own, averages in zip(model.layers, weights, moving):
            key, once = jax.random.split(key)
            values, averages = forward(layer, own, averages, values, once)
            after.append(lax.stop_gradient(averages))
        if model.targets == "labels":
            chosen = jnp.take_along_axis(jax.nn.log_softmax(values), targets[:, None], axis=1)
            return -jnp.mean(chosen), after
        return jnp.mean(jnp.maximum(values, 0) - values * targets + jnp.log1p(jnp.exp(-jnp.abs(values)))), after

    def step(state, x, y, order, index):
        weights, moving, mean, square, count = state
        chosen = lax.dynamic_slice(order, (index * batch,), (batch,))
        key = jax.random.fold_in(jax.random.key(2), count.astype(jnp.int32))
        (loss, moving), gradient = jax.value_and_grad(loss_of, has_aux=True)(weights, moving, x[chosen], y[chosen], key)
        count += 1
        rate = RATE * jnp.sqrt(1 - BETA2**count) / (1 - BETA1**count)
        mean = each(lambda m, g: BETA1 * m + (1 - BETA1) * g, mean, gradient)
        square = each(lambda v, g: BETA2 * v + (1 - BETA2) * g * g, square, gradient)
        weights = each(lambda w, m, v: w - rate * m / (jnp.sqrt(v) + EPSILON), weights, mean, square)
        return (weights, moving, mean, square, count), loss

    return step


def train(options):
    """jax: one jitted step a call, its state donated. jax-scan: several steps a call."""
    model = MODELS[options.model]
    # Before all else and to the end, so that the arrays they come from are gone when the rounds begin.
    x, y = (jax.block_until_ready(jnp.asarray(images.load(options.images, name)))
            for name in ("distorted", model.targets))
    weights, moving = starting_values(model, jax.random.key(1))
    state = (weights, moving, each(jnp.zeros_like, weights), each(jnp.zeros_like, weights), jnp.zeros(()))
    step = step_of(model, options.batch)

    def steps_in_one(state, x, y, order, index):
        state, losses = lax.scan(lambda state, offset: step(state, x, y, order, index + offset), state,
                                 jnp.arange(STEPS_A_CALL))
        return state, losses[-1]

    at_once = STEPS_A_CALL if options.framework == "jax-scan" else 1
    run = jax.jit(step if at_once == 1 else steps_in_one, donate_argnums=0)
    shuffle = jax.jit(lambda key: jax.random.permutation(key, len(x)))
    an_epoch = len(x) // options.batch // at_once * at_once
    done = 0
    rounds = Rounds(options)
    for steps in rounds:
        for _ in range(0, steps, at_once):
            if done % an_epoch == 0:
                order = shuffle(jax.random.key(done))
            state, loss = run(state, x, y, order, done % an_epoch)
            done += at_once
        jax.block_until_ready(state)
        rounds.loss = float(loss)
