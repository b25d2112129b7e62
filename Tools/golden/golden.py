"""What the scripts share: reproducible inputs, the house's random numbers, and writing the files."""

import os
import pathlib
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

import numpy as np
from safetensors.numpy import save_file

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Golden"


def numbers(seed, *shape, low=-1.0, high=1.0):
    """Uniform float32 numbers as float64, so that 32-bit readers start from the very same values."""
    values = np.random.default_rng(seed).uniform(low, high, shape)
    return values.astype(np.float32).astype(np.float64)


def save(name, tensors, **versions):
    """Writes Tests/Golden/<name>.safetensors as F32; the values may have been computed in 64 bits."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    floats = {key: np.array(value, dtype=np.float32, order="C") for key, value in tensors.items()}
    path = FOLDER / f"{name}.safetensors"
    # One text only: the package writes several in an order that differs from run to run.
    judges = ", ".join(f"{judge} {version}" for judge, version in versions.items())
    save_file(floats, path, metadata={"made": f"by Tools/golden/{pathlib.Path(sys.argv[0]).name} with {judges}"})
    path.chmod(0o644)
    print(f"{path.name}: {len(floats)} tensors, {path.stat().st_size} bytes")


PURPOSES = {"general": 0, "weights": 3}


def uniforms(count, seed, epoch=0, index=0, purpose="general"):
    """The first `count` uniform() of Philox(seed:epoch:index:purpose:) in Sources/Support/Philox.swift, as float32."""
    blocks = -(-count // 4)
    word = np.uint64(0xFFFFFFFF)
    high = np.uint64(32)
    c = [np.arange(blocks, dtype=np.uint64)] + [
        np.full(blocks, value & 0xFFFFFFFF, np.uint64)
        for value in (index, epoch, (index >> 32) << 8 | PURPOSES[purpose])
    ]
    k = [seed & 0xFFFFFFFF, seed >> 32]
    for _ in range(10):
        a = c[0] * np.uint64(0xD2511F53)
        b = c[2] * np.uint64(0xCD9E8D57)
        c = [(b >> high) ^ c[1] ^ np.uint64(k[0]), b & word, (a >> high) ^ c[3] ^ np.uint64(k[1]), a & word]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    words = np.stack(c, axis=1).reshape(-1)[:count]
    return (words >> np.uint64(8)).astype(np.float32) * np.float32(2.0**-24)


def check(what, one, other, tolerance):
    """Two judges agree, or the script ends without writing."""
    one, other = np.asarray(one, np.float64), np.asarray(other, np.float64)
    error = np.max(np.abs(one - other)) / max(1e-30, np.max(np.abs(one)))
    if one.shape != other.shape or not error <= tolerance:
        sys.exit(f"{what}: the judges differ by {error:.2e} of the largest value")
    print(f"{what}: the judges agree to {error:.1e}")
