"""The images that all train on."""

import numpy as np

from models import INPUT
from rounds import say

COUNT = 60_000


def make_images(path):
    """Distorted and clean images, four fifths paper as Kannada-MNIST's are: shifted blobs, turned and noisy; the
    label says in which tenth of all blobs one's ink lies."""
    random = np.random.default_rng(1)
    field = np.fft.irfft2(np.fft.rfft2(random.normal(size=(200, 28, 28))) * np.exp(-np.arange(15) ** 2 / 30)
                          * np.exp(-np.minimum(np.arange(28), 28 - np.arange(28)) ** 2 / 30)[:, None], s=(28, 28))
    centre = np.hypot(*np.meshgrid(np.arange(28) - 13.5, np.arange(28) - 13.5)) < 10
    level = np.quantile(field[:, centre], 0.55)
    shapes = np.clip((field - level) * 600 / field.std(), 0, 255) * centre
    tenths = shapes.sum((1, 2)).argsort().argsort() * 10 // len(shapes)
    chosen = random.integers(0, len(shapes), COUNT)
    clean = shapes[chosen]
    down, across = random.integers(-3, 4, (2, COUNT, 1))
    clean = clean[np.arange(COUNT)[:, None, None], ((np.arange(28) + down) % 28)[:, :, None],
                  ((np.arange(28) + across) % 28)[:, None, :]].astype(np.uint8)
    distorted = np.rot90(clean, axes=(1, 2)).astype(np.float32)
    distorted[::2] += random.normal(0, 30, distorted[::2].shape)
    distorted[::3, 14:24, 4:14] = 255
    np.savez(path, distorted=distorted.clip(0, 255).astype(np.uint8), clean=clean, labels=tenths[chosen])
    say(what="images", count=COUNT, paper=round(float((clean == 0).mean()), 3))


def load(path, name):
    """"distorted" or "clean": (N, 28, 28, 1) float32 in 0…1; "labels": (N,) integers in 0…9. Leaves no copy behind."""
    with np.load(path) as file:
        stored = file[name]
    if name == "labels":
        return stored
    return np.divide(stored, np.float32(255), dtype=np.float32).reshape(-1, *INPUT)
