"""The C interface (tiddu.h): its functions, errors and images."""

import ctypes
import os
from ctypes import POINTER, byref, c_char_p, c_float, c_int, c_int32, c_int64, c_uint64, c_void_p

import numpy as np


class Error(ValueError):
    """An argument, an array, a model or a recipe that cannot be used: says what is wrong, and what to do."""


class Images(ctypes.Structure):
    """tiddu_images"""

    _fields_ = [
        ("pixels", c_void_p),
        ("count", c_int64),
        ("height", c_int64),
        ("width", c_int64),
        ("channels", c_int64),
        ("type", c_int32),
    ]

    def __init__(self, array):
        """array: (N, H, W, C), contiguous, uint8 or float32; to be kept while this is used."""
        super().__init__(array.ctypes.data, *array.shape, 1 if array.dtype == np.float32 else 0)


# tiddu_finding
FINDING = np.dtype([("undone", np.int32), ("probability", np.float32), ("changed", np.int32)])

_message = POINTER(c_void_p)
_images = POINTER(Images)
_functions = {
    "version": (c_char_p, []),
    "free": (None, [c_void_p]),
    "use_threads": (c_int, [c_int32, _message]),
    "open_restorer": (c_int, [c_char_p, c_char_p, POINTER(c_void_p), _message]),
    "close_restorer": (None, [c_void_p]),
    "finds_orientations": (c_int, [c_void_p]),
    "orientation_name": (c_char_p, [c_int32]),
    "restore": (c_int, [c_void_p, _images, c_float, c_void_p, c_void_p, _message]),
    "open_classifier": (c_int, [c_char_p, POINTER(c_void_p), _message]),
    "close_classifier": (None, [c_void_p]),
    "class_count": (c_int64, [c_void_p]),
    "class_name": (c_char_p, [c_void_p, c_int64]),
    "classify": (c_int, [c_void_p, _images, c_void_p, _message]),
    "distort": (c_int, [c_char_p, _images, c_uint64, c_int64, c_int64, c_void_p, _message]),
}


def _load():
    library = ctypes.CDLL(os.path.join(os.path.dirname(__file__), "libtiddu.so"))
    for name, (result, arguments) in _functions.items():
        function = getattr(library, "tiddu_" + name)
        function.restype, function.argtypes = result, arguments
    return library


library = _load()


def call(name, *arguments):
    """Calls a function that can fail; lets other Python threads run meanwhile.

    Raises Error, OSError for files and threads, MemoryError."""
    message = c_void_p()
    status = getattr(library, "tiddu_" + name)(*arguments, byref(message))
    if status == 0:
        return
    text = ctypes.string_at(message.value).decode() if message.value else "out of memory"
    library.tiddu_free(message)
    raise {71: MemoryError, 74: OSError, 70: RuntimeError}.get(status, Error)(text)


def utf8(text, what):
    """A path or name for C."""
    if isinstance(text, os.PathLike):
        text = os.fspath(text)
    if not isinstance(text, (str, bytes)):
        raise TypeError(f"{what}: expected a name or a path, found {type(text).__name__}")
    text = os.fsencode(text)
    if b"\0" in text:
        raise Error(f"{what}: {text!r} has a zero byte\nGive a name or a path.")
    return text
