"""metrics.safetensors: MSE, PSNR and SSIM of scikit-image, binary cross-entropy and accuracy of Keras, image by image.

Clean images are bytes (stored as their numbers 0 … 255), restored ones 0 … 1; the peak is 1.
"""

import golden

import keras
import numpy as np
import skimage
from skimage.metrics import mean_squared_error, peak_signal_noise_ratio, structural_similarity


def pairs(seed, count, height, width, channels):
    """Smooth images, many of whose pixels are exactly 0 or 255; restored ones further off from image to image."""
    generator = np.random.default_rng(seed)
    row, column = np.mgrid[0:height, 0:width]
    clean = np.empty((count, height, width, channels), np.uint8)
    for image in range(count):
        for channel in range(channels):
            a, b, c = generator.uniform(0.1, 0.6, 3)
            waves = np.sin(a * row + 7 * c) + np.cos(b * column + image)
            clean[image, :, :, channel] = np.clip(128 + 170 * waves, 0, 255)
    noise = generator.normal(0, 1, clean.shape) * np.linspace(0.02, 0.6, count)[:, None, None, None]
    restored = np.clip(clean / 255 + noise, 0, 1).astype(np.float32)
    restored[0, :3, :3] = 0.5  # exactly on the threshold
    return clean, restored


def judge(clean, restored):
    truth = np.float32(clean) / np.float32(255)
    channel_axis = None if clean.shape[-1] == 1 else -1
    values = {"mse": [], "psnr": [], "ssim": [], "bce": [], "accuracy": []}
    for one, other in zip(truth, restored):
        if channel_axis is None:
            one, other = one[:, :, 0], other[:, :, 0]
        flat, prediction = one.reshape(1, -1), other.reshape(1, -1)
        one, other = np.float64(one), np.float64(other)
        values["mse"].append(mean_squared_error(one, other))
        values["psnr"].append(peak_signal_noise_ratio(one, other, data_range=1))
        values["ssim"].append(structural_similarity(
            one, other, data_range=1, win_size=11, gaussian_weights=True, sigma=1.5, use_sample_covariance=False,
            channel_axis=channel_axis))
        values["bce"].append(float(keras.losses.BinaryCrossentropy()(flat, prediction)))
        values["accuracy"].append(float(keras.metrics.BinaryAccuracy()(flat, prediction)))
    ceiling = np.mean((clean == 0) | (clean == 255), axis=(1, 2, 3))
    return values | {"clean": clean, "restored": restored, "accuracy_ceiling": ceiling}


tensors = {}
for name, arguments in {"grey": (1, 6, 28, 28, 1), "colour": (2, 2, 17, 23, 3)}.items():
    tensors |= {f"{name}/{key}": value for key, value in judge(*pairs(*arguments)).items()}
    print(name, {key: np.round(tensors[f"{name}/{key}"], 4) for key in ("psnr", "ssim", "bce", "accuracy")})
golden.save("metrics", tensors, scikit_image=skimage.__version__, keras=keras.__version__)
