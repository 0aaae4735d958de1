"""Names for the few types that the whole engine shares."""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]
"""A numpy array of the network's dtype: float32, or float64 while gradients are being checked."""

Shape: TypeAlias = tuple[int, ...]
"""The shape of one example: ``(C, H, W)`` for a picture, ``(F,)`` for a flat list of features."""

Operation: TypeAlias = Callable[[], object]
"""One numpy call with its arrays already chosen, for example ``partial(np.add, a, b, out)``."""

DType: TypeAlias = np.dtype[Any]
