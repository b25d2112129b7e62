"""PSNR and SSIM of the denoiser beside scikit-image's denoisers and BM3D, on photographs that no model has seen.

denoising.py TIDDU MODEL FOLDER: needs scikit-image, PyWavelets and bm3d. Each photograph of FOLDER gets Gaussian noise of
sigma 15, 25 and 50 levels, clipped to bytes (seed 1 + its number); all methods are given the same bytes. The settings of
each classical method are the best of a grid by the mean PSNR over these very photographs, sigma by sigma, and they are told
the true sigma: the comparison favours them.
"""

import os
import subprocess
import sys
import tempfile
import warnings

import bm3d
import numpy as np
from skimage import io, metrics, restoration

warnings.filterwarnings("ignore")
tiddu, model, folder = sys.argv[1:]
names = sorted(os.listdir(folder))
clean = [io.imread(os.path.join(folder, name))[..., :3] for name in names]


def noisy(image, sigma, seed):
    noise = np.random.default_rng(seed).normal(0, sigma, image.shape)
    return np.clip(np.rint(image + noise), 0, 255).astype(np.uint8)


def figures(found):
    """Mean PSNR and SSIM over the photographs."""
    found = [np.clip(np.rint(np.asarray(one) * (1 if one.dtype == np.uint8 else 255)), 0, 255).astype(np.uint8) for one in found]
    psnr = [metrics.peak_signal_noise_ratio(a, b) for a, b in zip(clean, found)]
    ssim = [
        metrics.structural_similarity(
            a, b, channel_axis=-1, gaussian_weights=True, sigma=1.5, use_sample_covariance=False)
        for a, b in zip(clean, found)
    ]
    return np.mean(psnr), np.mean(ssim)


def denoiser(images):
    with tempfile.TemporaryDirectory() as work:
        os.mkdir(f"{work}/in")
        for number, image in enumerate(images):
            io.imsave(f"{work}/in/{number}.png", image, check_contrast=False)
        subprocess.run([tiddu, "restore", model, f"{work}/in", "--into", f"{work}/out"], check=True, capture_output=True)
        return [io.imread(f"{work}/out/{number}.png") for number in range(len(images))]


def methods(sigma):
    s = sigma / 255
    yield "non-local means", [
        lambda x, h=h, p=p: restoration.denoise_nl_means(
            x, patch_size=p, patch_distance=9, h=h * s, sigma=s, fast_mode=True, channel_axis=-1)
        for h in (0.5, 0.7, 0.9) for p in (3, 5)
    ]
    yield "wavelets", [
        lambda x, m=m, f=f: restoration.denoise_wavelet(
            x, sigma=s * f, method=m, mode="soft", convert2ycbcr=True, rescale_sigma=True, channel_axis=-1)
        for m in ("BayesShrink",) for f in (0.8, 1.0, 1.3)
    ] + [
        lambda x, f=f: restoration.denoise_wavelet(
            x, sigma=s * f, method="VisuShrink", mode="soft", convert2ycbcr=True, rescale_sigma=True, channel_axis=-1)
        for f in (0.25, 0.4)
    ]
    yield "total variation", [
        lambda x, w=w: restoration.denoise_tv_chambolle(x, weight=w * s, channel_axis=-1) for w in (0.6, 0.9, 1.2, 1.6)
    ]
    yield "BM3D", [lambda x: bm3d.bm3d_rgb(x, s)]


print("| sigma | | PSNR, dB | SSIM |\n|---|---|---|---|")
for sigma in (15, 25, 50):
    images = [noisy(image, sigma, 1 + number) for number, image in enumerate(clean)]
    rows = [("as it is", figures(images)), ("**`denoiser`**", figures(denoiser(images)))]
    for name, variants in methods(sigma):
        best = max((figures([variant(image / 255) for image in images]) for variant in variants), key=lambda f: f[0])
        rows.append((name, best))
    for name, (psnr, ssim) in rows:
        print(f"| {sigma} | {name} | {psnr:.2f} | {ssim:.3f} |", flush=True)
