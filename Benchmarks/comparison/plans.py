"""What is run, and how often."""

from typing import NamedTuple

TRAINING = {
    "tiddu": "tiddu",
    "keras-default": "Keras, its defaults",
    "keras": "Keras, XLA",
    "keras-tuned": "Keras, the same, 50 steps a call",
    "torch-default": "PyTorch, its defaults",
    "torch": "PyTorch, fused Adam, flush-to-zero",
    "torch-channels-last": "PyTorch, the same, channels last",
    "torch-compile": "PyTorch, fused Adam, torch.compile",
    "jax": "JAX, jit, donated state",
    "jax-scan": "JAX, the same, 50 steps a call",
}
RESTORING = {"tiddu": "tiddu", "keras": "Keras, XLA", "torch": "PyTorch", "onnxruntime": "onnxruntime",
             "openvino": "OpenVINO"}
# Keras restores with the dense model alone.
CORRECTORS = {"report-final": list(RESTORING), "tiddu-small": ["tiddu", "torch", "onnxruntime", "openvino"],
              "tiddu-best": ["tiddu", "torch", "onnxruntime", "openvino"]}


class Plan(NamedTuple):
    """Rounds in turns of one model at one size; `steps` a round, after `warm_up` rounds that are not shown."""

    model: str
    batch: int
    threads: int
    steps: int
    warm_up: int
    rounds: int
    frameworks: list
    # These only if they are asked for.
    on_demand: list

    def taking_part(self, only):
        """The frameworks of `only` that can; without `only`, those that always do."""
        return [name for name in self.frameworks + self.on_demand if name in only] if only else self.frameworks


DENSE = {"frameworks": ["tiddu", "keras-default", "keras", "keras-tuned", "torch-default", "torch", "jax", "jax-scan"],
         "on_demand": ["torch-compile"]}
DENSE_BEST = {"frameworks": ["tiddu", "keras", "torch", "jax"],
              "on_demand": ["keras-default", "keras-tuned", "torch-default", "torch-compile", "jax-scan"]}
CONVOLUTIONAL = {"frameworks": ["tiddu", "keras-default", "keras", "torch", "torch-channels-last"],
                 "on_demand": ["torch-compile", "jax"]}
CORRECTING = {"frameworks": ["tiddu", "torch", "torch-channels-last"], "on_demand": ["torch-compile"]}

# The dense model runs 1,300 steps and more, so that denormals appear; the convolutional ones' steps take a hundred
# times as long.
PLANS = [
    Plan("report-final", 32, 2, steps=500, warm_up=2, rounds=4, **DENSE),
    Plan("report-final", 32, 1, steps=400, warm_up=2, rounds=3, **DENSE),
    Plan("report-final", 256, 2, steps=150, warm_up=6, rounds=3, **DENSE_BEST),
    Plan("report-final", 256, 1, steps=150, warm_up=6, rounds=3, **DENSE_BEST),
    Plan("report-classifier", 32, 2, steps=8, warm_up=1, rounds=4, **CONVOLUTIONAL),
    Plan("report-classifier", 32, 1, steps=6, warm_up=1, rounds=4, **CONVOLUTIONAL),
    Plan("report-conv-3-64-bce", 32, 2, steps=8, warm_up=1, rounds=4, **CONVOLUTIONAL),
    Plan("report-conv-3-64-bce", 32, 1, steps=6, warm_up=1, rounds=4, **CONVOLUTIONAL),
    *(Plan(f"tiddu-{size}-{part}", 32, threads, steps=steps // (3 - threads), warm_up=1, rounds=4, **CORRECTING)
      for size, steps in (("small", 40), ("best", 16)) for part in ("orientation", "restoration") for threads in (2, 1)),
]


def chosen_plans(models, quick):
    """Of the models that are named; the quick ones are those of batch 32 on two threads, with three rounds."""
    plans = [plan for plan in PLANS if plan.model in models]
    return [plan._replace(rounds=3) for plan in plans if (plan.batch, plan.threads) == (32, 2)] if quick else plans
