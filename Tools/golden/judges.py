"""Outputs and gradients of layers from the judges that can give them: Keras and PyTorch, both in float64.

Images (N, H, W, C). A gradient is called like what it belongs to with a d in front; `dy` is where backward starts.
"""

import golden

import keras
import numpy as np
import tensorflow as tf
import torch

keras.config.set_floatx("float64")
VERSIONS = {"keras": keras.__version__, "tensorflow": tf.__version__, "torch": torch.__version__}


def by_keras(function, variables, x, dy):
    """`function`: a Keras layer or model; `variables`: those whose gradients are wanted, by name."""
    x = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = function(x)
    gradients = tape.gradient(y, [x, *(variable.value for variable in variables.values())], tf.constant(dy))
    return {"y": y.numpy()} | {f"d{name}": g.numpy() for name, g in zip(["x", *variables], gradients)}


def by_torch(function, weights, x, dy):
    """`function`: of x and the weights by name, in PyTorch's (N, C, H, W) inside."""
    leaves = {name: torch.tensor(value, requires_grad=True) for name, value in ({"x": x} | weights).items()}
    inputs = dict(leaves)
    if x.ndim == 4:
        inputs["x"] = leaves["x"].permute(0, 3, 1, 2)
    y = function(**inputs)
    if y.ndim == 4:
        y = y.permute(0, 2, 3, 1)
    gradients = torch.autograd.grad(y, list(leaves.values()), torch.tensor(dy))
    return {"y": y.detach().numpy()} | {f"d{name}": g.numpy() for name, g in zip(leaves, gradients)}


def agree(what, one, other, tolerance=1e-11):
    """All values of the two judges, or the script ends without writing."""
    if one.keys() != other.keys():
        raise SystemExit(f"{what}: the judges have {sorted(one)} and {sorted(other)}")
    for name, value in one.items():
        golden.check(f"{what}/{name}", value, other[name], tolerance)


def prefixed(name, values):
    return {f"{name}/{key}": np.asarray(value) for key, value in values.items()}
