"""distortions.safetensors: images sheared, turned, moved, blurred, flattened and bent by SciPy and scikit-image.

Images are bytes (stored as their numbers 0 … 255); results are numbers before rounding. Beyond the border is paper, 0.
"""

import golden

import numpy as np
import scipy
import skimage
from scipy import ndimage
from skimage.transform import rotate


def random_image(seed, height, width, channels):
    """A few strokes' worth of smooth ink, some of it touching the border."""
    generator = np.random.default_rng(seed)
    row, column = np.mgrid[0:height, 0:width]
    ink = np.zeros((height, width, channels))
    for channel in range(channels):
        for _ in range(6):
            y, x = generator.uniform(0, height), generator.uniform(0, width)
            ink[:, :, channel] += 300 * np.exp(-((row - y) ** 2 / 5 + (column - x) ** 2 / 9))
    return np.floor(np.clip(ink, 0, 255))


def each_channel(image, change):
    return np.stack([change(image[:, :, channel]) for channel in range(image.shape[2])], axis=2)


def at(image, rows, columns):
    """Bilinear between pixels, and between the border's pixels and the paper beyond."""
    return each_channel(
        image, lambda plane: ndimage.map_coordinates(plane, [rows, columns], order=1, mode="grid-constant", cval=0))


def judge(seed, height, width, channels):
    image = random_image(seed, height, width, channels)
    row, column = np.mgrid[0:height, 0:width].astype(float)
    middle = (height - 1) / 2
    results = {"clean": image}
    for factor in (0.3, -0.7):
        results[f"shear {factor}"] = each_channel(image, lambda plane: ndimage.affine_transform(
            plane, [[1, 0], [factor, 1]], offset=[0, -factor * middle], order=1, mode="grid-constant", cval=0))
    for angle in (20, -35, 90):
        turned = rotate(image, angle, order=1, mode="constant", cval=0, preserve_range=True)
        y, x = row - middle, column - (width - 1) / 2
        sine, cosine = np.sin(np.radians(angle)), np.cos(np.radians(angle))
        other = at(image, middle + y * cosine + x * sine, (width - 1) / 2 + x * cosine - y * sine)
        golden.check(f"turned by {angle}", turned, other, 1e-9)
        results[f"small-rotation {angle}"] = turned
    results["translation"] = each_channel(
        image, lambda plane: ndimage.shift(plane, [1.25, -2.5], order=1, mode="grid-constant", cval=0))
    for sigma in (0.8, 2):
        results[f"blur {sigma}"] = each_channel(
            image, lambda plane: ndimage.gaussian_filter(plane, sigma, mode="constant", cval=0, truncate=4))
    for factor in (0.25, 3):
        results[f"contrast {factor}"] = each_channel(
            image, lambda plane: np.clip(plane.mean() + factor * (plane - plane.mean()), 0, 255))
    noise = golden.numbers(seed, 2, height, width)
    fields = 8 * np.stack([ndimage.gaussian_filter(field, 1.5, mode="constant", cval=0) for field in noise])
    fields = fields.astype(np.float32).astype(np.float64)
    return results | {
        "noise": noise, "smoothed": fields / 8, "fields": fields, "bent": at(image, row + fields[0], column + fields[1])}


tensors = {}
for name, arguments in {"grey": (1, 17, 22, 1), "colour": (2, 14, 11, 3)}.items():
    tensors |= {f"{name}/{key}": value for key, value in judge(*arguments).items()}
golden.save("distortions", tensors, scipy=scipy.__version__, scikit_image=skimage.__version__)
