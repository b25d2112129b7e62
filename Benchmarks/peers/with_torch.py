"""PyTorch's side."""

import time

import torch
from torch import nn

import images
from models import CORRECTORS, EPSILON, INPUT, MODELS, MOMENTUM, RATE, SIDE, VARIANCE_EPSILON
from models import (AddKept, BatchNormalization, Convolution, Dense, Dropout, Flatten, Keep, MaxPooling, ReLU, Reshape,
                    UpSampling)
from rounds import Rounds, say


def prepare(options, flush=True):
    torch.set_num_threads(options.threads)
    if flush:
        # Before any worker thread is born: they inherit the setting.
        torch.set_flush_denormal(True)


def network_of(model, in_place):
    """Takes and returns (N, C, H, W), or (N, 784) where the model begins by flattening; Keras' starting values."""
    layers = list(zip(model.layers, model.shapes()))
    if takes_rows(model):
        layers = [(layer, shape) for layer, shape in layers if not isinstance(layer, (Flatten, Reshape))]
    network = WithKept([module for layer, shape in layers for module in modules(layer, shape, in_place)])
    for module in network.steps:
        if isinstance(module, (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)):
            nn.init.xavier_uniform_(module.weight)
            nn.init.zeros_(module.bias)
    return network


class WithKept(nn.Module):
    """Modules one behind the other; where there is a word in their place, what comes there is set aside or added."""

    def __init__(self, steps):
        super().__init__()
        self.steps = nn.ModuleList(nn.Identity() if isinstance(step, str) else step for step in steps)
        self.words = [step if isinstance(step, str) else "" for step in steps]

    def forward(self, values):
        kept = []
        for word, step in zip(self.words, self.steps):
            if word == "keep":
                kept.append(values)
            elif word == "add":
                values = values + kept.pop()
            else:
                values = step(values)
        return values


def takes_rows(model):
    return isinstance(model.layers[0], Flatten)


def modules(layer, shape, in_place):
    activations = {"relu": [nn.ReLU(inplace=in_place)], "softmax": [nn.Softmax(dim=1)], "linear": []}
    match layer:
        case Flatten():
            return [nn.Flatten()]
        case Reshape((height, width, channels)):
            return [nn.Unflatten(1, (channels, height, width))]
        case Dense(units, activation):
            return [nn.Linear(shape[0], units), *activations[activation]]
        case Convolution(filters, activation, padding, transposed):
            kind = nn.ConvTranspose2d if transposed else nn.Conv2d
            padded = SIDE // 2 if padding == "same" else 0
            return [kind(shape[2], filters, SIDE, padding=padded), *activations[activation]]
        case MaxPooling(padding):
            return [nn.MaxPool2d(2, ceil_mode=padding == "same")]
        case BatchNormalization():
            return [nn.BatchNorm2d(shape[2], eps=VARIANCE_EPSILON, momentum=1 - MOMENTUM)]
        case Dropout(rate):
            return [nn.Dropout(rate)]
        case ReLU():
            return [nn.ReLU(inplace=in_place)]
        case UpSampling():
            return [nn.Upsample(scale_factor=2)]
        case Keep():
            return ["keep"]
        case AddKept():
            return ["add"]


def tensor_of(options, name, model):
    values = torch.from_numpy(images.load(options.images, name))
    if name == "labels":
        return values
    return values.view(-1, 784) if takes_rows(model) else values.view(-1, INPUT[2], *INPUT[:2])


def train(options):
    """torch: fused Adam, denormals flushed. torch-default: neither. torch-channels-last: as torch, weights and images
    laid out (N, H, W, C). torch-compile: as torch, loss and network compiled."""
    tuned = options.framework != "torch-default"
    prepare(options, flush=tuned)
    model = MODELS[options.model]
    network = network_of(model, in_place=tuned)
    if options.framework == "torch-channels-last":
        network = network.to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(network.parameters(), lr=RATE, eps=EPSILON, fused=True if tuned else None)
    measure = (nn.functional.cross_entropy if model.targets == "labels"
               else nn.functional.binary_cross_entropy_with_logits)

    def loss_of(inputs, targets):
        return measure(network(inputs), targets)

    if options.framework == "torch-compile":
        loss_of = torch.compile(loss_of)
    x, y = tensor_of(options, "distorted", model), tensor_of(options, model.targets, model)
    batches = iter(())
    rounds = Rounds(options)
    for steps in rounds:
        for _ in range(steps):
            chosen = next(batches, None)
            if chosen is None:
                batches = iter(torch.randperm(len(x))[:len(x) // options.batch * options.batch].split(options.batch))
                chosen = next(batches)
            optimizer.zero_grad(set_to_none=True)
            loss = loss_of(x[chosen], y[chosen])
            loss.backward()
            optimizer.step()
        rounds.loss = float(loss.detach())


def restorers(options):
    """Of each network of the corrector: the call that takes a batch, array to array, and the images for it."""
    prepare(options)
    for name in CORRECTORS[options.model]:
        network, last = network_of(MODELS[name], in_place=False).eval(), last_of(MODELS[name])

        def restore(chosen, network=network, last=last):
            with torch.inference_mode():
                return last(network(chosen)).numpy()

        yield restore, tensor_of(options, "distorted", MODELS[name])


def last_of(model):
    """The function at a model's end."""
    return nn.Softmax(dim=1) if model.targets == "labels" else nn.Sigmoid()


def export(name, path):
    """The same layers as an ONNX file with any number of images, normalizations with statistics of their own."""
    model = MODELS[name]
    network = nn.Sequential(network_of(model, in_place=False), last_of(model)).eval()
    shape = (784,) if takes_rows(model) else (INPUT[2], *INPUT[:2])
    torch.onnx.export(network, (torch.zeros(2, *shape),), path, input_names=["x"], output_names=["y"], dynamo=False,
                      dynamic_axes={"x": {0: "n"}, "y": {0: "n"}})


def gemm(options):
    prepare(options)
    best = 0.0
    for size in (1024, 2048, 3072):
        a, b, c = (torch.rand(size, size) for _ in range(3))
        for _ in range(6):
            start = time.perf_counter()
            torch.mm(a, b, out=c)
            best = max(best, 2e-9 * size**3 / (time.perf_counter() - start))
    say(framework="torch", what="gemm", threads=options.threads, gflops=round(best, 1))
