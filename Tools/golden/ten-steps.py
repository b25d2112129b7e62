"""ten-steps.safetensors: ten training steps of `report-final` (784-512-512-256-64-784) in PyTorch, float64 and float32.

relu, binary cross-entropy from logits (mean over all elements), Adam in Keras' form (lr 1e-3), batch 32. Nothing large
is stored: both sides make kernels, inputs and targets from the house's generator, as `kernel` and `batch` below say.
Stored: the losses before each step's update, and of each parameter after step 10 its sum and its sum of squares.
"""

import golden

import numpy as np
import torch

SIZES = [784, 512, 512, 256, 64, 784]
STEPS, BATCH = 10, 32
RATE, BETA1, BETA2, EPSILON = 1e-3, 0.9, 0.999, 1e-7


def kernel(layer):
    """(inputs, outputs), Glorot-uniform: (2u − 1) limit, with u the i-th uniform of Philox(seed: 7, index: layer, .weights)."""
    inputs, outputs = SIZES[layer : layer + 2]
    limit = np.float32(np.sqrt(6 / (inputs + outputs)))
    u = golden.uniforms(inputs * outputs, seed=7, index=layer, purpose="weights")
    return ((2 * u - 1) * limit).reshape(inputs, outputs)


def batch(step):
    """Inputs: uniforms of Philox(seed: 11, epoch: step, index: image). Targets: of seed 13, over 0.8 → 1, under 0.6 → 0."""
    x = np.stack([golden.uniforms(784, seed=11, epoch=step, index=image) for image in range(BATCH)])
    u = np.stack([golden.uniforms(784, seed=13, epoch=step, index=image) for image in range(BATCH)])
    return x, np.where(u > np.float32(0.8), np.float32(1), np.where(u < np.float32(0.6), np.float32(0), u))


def train(dtype):
    parameters = []
    for layer, outputs in enumerate(SIZES[1:]):
        parameters += [torch.tensor(kernel(layer), dtype=dtype), torch.zeros(outputs, dtype=dtype)]
    for p in parameters:
        p.requires_grad_()
    moments = [(torch.zeros_like(p), torch.zeros_like(p)) for p in parameters]
    losses = []
    for step in range(STEPS):
        x, y = (torch.tensor(part, dtype=dtype) for part in batch(step))
        for layer in range(len(SIZES) - 1):
            x = x @ parameters[2 * layer] + parameters[2 * layer + 1]
            if layer < len(SIZES) - 2:
                x = torch.relu(x)
        loss = torch.nn.functional.binary_cross_entropy_with_logits(x, y)
        losses.append(loss.item())
        t = step + 1
        alpha = RATE * (1 - BETA2**t) ** 0.5 / (1 - BETA1**t)
        with torch.no_grad():
            for p, g, (m, v) in zip(parameters, torch.autograd.grad(loss, parameters), moments):
                m += (1 - BETA1) * (g - m)
                v += (1 - BETA2) * (g * g - v)
                p -= alpha * m / (v.sqrt() + EPSILON)
    final = [p.detach().double() for p in parameters]
    return np.array(losses), np.array([p.sum() for p in final]), np.array([(p * p).sum() for p in final])


tensors = {}
for name, dtype in [("float64", torch.float64), ("float32", torch.float32)]:
    losses, sums, squares = train(dtype)
    print(name, losses)
    tensors |= {f"{name}/losses": losses, f"{name}/sums": sums, f"{name}/squares": squares}
for part, tolerance in [("losses", 1e-5), ("sums", 1e-3), ("squares", 1e-4)]:
    golden.check(part, tensors[f"float64/{part}"], tensors[f"float32/{part}"], tolerance)
tensors["uniforms"] = golden.uniforms(10, seed=7, epoch=0, index=0, purpose="weights")
golden.save("ten-steps", tensors, torch=torch.__version__)
