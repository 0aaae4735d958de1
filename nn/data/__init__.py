"""The data road: strokes ▸ unit square ▸ cells ▸ batch.

One road for training and for prediction. Strokes are what is kept; pixels are derived from them.
"""

from nn.data import drawings, examples, pen_strokes, raster, strokes

__all__ = ["drawings", "examples", "pen_strokes", "raster", "strokes"]
