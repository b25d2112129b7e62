"""NumPy's arrays as images, and back."""

import numpy as np

from ._library import Error, Images

_ACCEPTED = "Give (H, W), (N, H, W) or (N, H, W, C), as uint8 or as floats from 0 to 1."


class Array:
    """Images that a caller gave, of any shape and order in memory that NumPy has, as the C interface wants them.

    Nothing is copied where they already are bytes or 32-bit floats without gaps."""

    def __init__(self, given):
        try:
            array = np.asarray(given)
        except ValueError as error:
            raise Error(f"images of several sizes are no array ({error})\nGive each size on its own.") from None
        if not (array.dtype == np.uint8 or array.dtype.kind == "f"):
            raise TypeError(f"images: expected uint8 or floats, found {array.dtype}\n{_remedy(array.dtype)}")
        if array.ndim not in (2, 3, 4):
            raise Error(f"images: expected 2, 3 or 4 axes, found the shape {array.shape}\n{_ACCEPTED}")
        self.shape, self.dtype = array.shape, array.dtype
        shape = {2: (1, *array.shape, 1), 3: (*array.shape, 1), 4: array.shape}[array.ndim]
        if 0 in shape[1:] or shape[3] not in (1, 3):
            raise Error(
                f"images: the shape {array.shape} has {shape[1]} rows, {shape[2]} columns and {shape[3]} channels\n"
                f"{_ACCEPTED} C is 1 (grey) or 3 (colour).")
        inner = np.uint8 if array.dtype == np.uint8 else np.float32
        self.pixels = np.ascontiguousarray(array, inner).reshape(shape)
        self.images = Images(self.pixels)

    @property
    def count(self):
        return self.pixels.shape[0]

    def room(self):
        """An array for as many images."""
        return np.empty_like(self.pixels)

    def like_given(self, pixels):
        """With the shape and type of those that were given."""
        return pixels.reshape(self.shape).astype(self.dtype, copy=False)


def _remedy(dtype):
    if dtype == np.bool_:
        return "Write images.astype('uint8') * 255."
    if dtype.kind in "iu":
        return "If its values are from 0 to 255, write images.astype('uint8'); others scale to floats from 0 to 1 first."
    return _ACCEPTED
