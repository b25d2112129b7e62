"""Corrects images with autoencoders, so that a program behind can read them again.

Images are NumPy arrays: (H, W), (N, H, W) or (N, H, W, C), uint8 or floats from 0 to 1. Grey ones are writing, 0 for paper and
255 for ink, as in MNIST; write 255 - images for dark writing on white. What comes back has the shape and type of what was given.

    restored = tiddu.restore(images)
    labels = tiddu.classify(restored)
    damaged = tiddu.distort(images, "report-multiple", seed=1)

Models are named: "tiddu-best", "tiddu-small", "report-final" restore and "tiddu-reader" classifies; or a file, or a run's folder.
"""

from __future__ import annotations

import ctypes
import functools
import os
from typing import Optional, Union

import numpy as np

from ._arrays import Array
from ._library import FINDING, Error, call, library, utf8

__version__: str = library.tiddu_version().decode()
__all__ = ["Classifier", "Error", "Restorer", "classify", "distort", "probabilities", "restore", "use_threads"]

Name = Union[str, "os.PathLike[str]"]


class Restorer:
    """A trained model that turns distorted images into clean ones.

    Several threads may use it: they come one after the other, each on all cores.
    """

    def __init__(self, model: Name = "tiddu-best", expect: Optional[Name] = None):
        """model: its name, file or run's folder. expect: a recipe's name or file, how the images come to be as they are;
        by default most need nothing.

        Raises Error for what is no model, OSError where it cannot be read."""
        self._handle = ctypes.c_void_p()
        call("open_restorer", utf8(model, "model"), expect if expect is None else utf8(expect, "expect"),
             ctypes.byref(self._handle))

    def __del__(self):
        library.tiddu_close_restorer(getattr(self, "_handle", None))

    def __call__(self, images, only_if_sure: float = 0) -> np.ndarray:
        """As restore."""
        return self.restore(images, only_if_sure)

    def restore(self, images, only_if_sure: float = 0) -> np.ndarray:
        """Restored images; those whose orientation is less probable than only_if_sure come back as they are.

        Raises Error for images that the model does not take, TypeError for a type other than uint8 and floats."""
        return self._restore(images, only_if_sure, None)[0]

    def explain(self, images, only_if_sure: float = 0) -> tuple[np.ndarray, dict]:
        """Restored images, and for each what was "undone" ("upright" for nothing), how probable that is ("probability") and
        whether anything was "changed", as arrays.

        Raises also Error for a model that finds no orientations."""
        if not library.tiddu_finds_orientations(self._handle):
            raise Error("this model does not say what it undoes\nChoose one that finds orientations, such as tiddu-small.")
        array = Array(images)
        found = np.zeros(array.count, FINDING)
        restored, _ = self._restore(array, only_if_sure, found)
        names = np.array([library.tiddu_orientation_name(number).decode() for number in range(8)])
        return restored, {
            "undone": names[found["undone"]],
            "probability": found["probability"].copy(),
            "changed": found["changed"] != 0,
        }

    def _restore(self, images, only_if_sure, findings):
        array = images if isinstance(images, Array) else Array(images)
        restored = array.room()
        call("restore", self._handle, array.images, only_if_sure, restored.ctypes.data,
             None if findings is None else findings.ctypes.data)
        return array.like_given(restored), findings


class Classifier:
    """A trained network that says which class each image shows. Shared by threads as a Restorer is."""

    def __init__(self, model: Name = "tiddu-reader"):
        """model: its name, file or run's folder.

        Raises Error for what is no classifier, OSError where it cannot be read."""
        self._handle = ctypes.c_void_p()
        call("open_classifier", utf8(model, "model"), ctypes.byref(self._handle))
        count = library.tiddu_class_count(self._handle)
        self.classes = [library.tiddu_class_name(self._handle, number).decode() for number in range(count)]

    def __del__(self):
        library.tiddu_close_classifier(getattr(self, "_handle", None))

    def probabilities(self, images) -> np.ndarray:
        """Of each class, as `classes` names them: (N, classes), float32."""
        array = Array(images)
        probabilities = np.zeros((array.count, len(self.classes)), np.float32)
        call("classify", self._handle, array.images, probabilities.ctypes.data)
        return probabilities

    def classify(self, images) -> np.ndarray:
        """The number of each image's likeliest class: (N,)."""
        return self.probabilities(images).argmax(axis=1)

    __call__ = classify


@functools.lru_cache(maxsize=4)
def _restorer(model, expect):
    return Restorer(model, expect)


@functools.lru_cache(maxsize=4)
def _classifier(model):
    return Classifier(model)


def restore(images, model: Name = "tiddu-best", expect: Optional[Name] = None) -> np.ndarray:
    """Images corrected by a model, which is read once; see Restorer."""
    return _restorer(model, expect).restore(images)


def classify(images, model: Name = "tiddu-reader") -> np.ndarray:
    """The number of each image's likeliest class, (N,), by a model that is read once; see Classifier."""
    return _classifier(model).classify(images)


def probabilities(images, model: Name = "tiddu-reader") -> np.ndarray:
    """The probabilities of all classes, (N, classes), by a model that is read once; see Classifier."""
    return _classifier(model).probabilities(images)


def distort(images, recipe: Name = "report-multiple", seed: int = 1, epoch: int = 0, first: int = 0) -> np.ndarray:
    """Images distorted by a recipe: a built-in one's name, a YAML file, or YAML itself.

    What becomes of an image depends on seed, epoch and its number alone: the first one's is `first`. Floats are rounded to bytes.
    Raises Error for a recipe that is none or does not suit the images."""
    for name, number in {"seed": seed, "epoch": epoch, "first": first}.items():
        if not 0 <= number < (1 << (64 if name == "seed" else 32)):
            raise Error(f"{name} is {number}\nGive a whole number from 0 up.")
    array = Array(images)
    distorted = array.room()
    call("distort", utf8(recipe, "recipe"), array.images, seed, epoch, first, distorted.ctypes.data)
    return array.like_given(distorted)


def use_threads(count: int) -> None:
    """Threads that the calling thread computes with; by default one a core."""
    if not 1 <= count <= 1024:
        raise Error(f"{count} threads\nChoose from 1 to 1024; the number of cores is best.")
    call("use_threads", count)
