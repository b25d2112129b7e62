"""ranks.safetensors: Spearman's rank correlation by SciPy, without ties, with some, with many, and reversed."""

import golden

import numpy as np
import scipy
from scipy.stats import spearmanr

first = golden.numbers(11, 18)
noise = golden.numbers(12, 18)
pairs = {
    "plain": (first, first + noise),
    "ties": (np.round(first, 1), np.round(first + noise, 1)),
    "many_ties": (np.round(first * 2), np.round((first - noise) * 2)),
    "reversed": (first, -first),
}
tensors = {}
for name, (one, other) in pairs.items():
    # The very 32-bit numbers that the tests read.
    one, other = one.astype(np.float32).astype(np.float64), other.astype(np.float32).astype(np.float64)
    tensors |= {f"{name}/first": one, f"{name}/second": other, f"{name}/rho": spearmanr(one, other).statistic}
print({key: np.round(value, 4) for key, value in tensors.items() if key.endswith("rho")})
golden.save("ranks", tensors, scipy=scipy.__version__)
