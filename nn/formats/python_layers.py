"""The layers as a Python script shows them to a learner: forwards alone, in plain numpy.

Texts, not functions: a script is put together from those that its network needs. Each is called
as its layer's kind, takes (N, C, H, W) or (N, F) and the layer's arrays and options by name.
"""

WINDOWS = '''\
def windows(x, size, stride, padding=(0, 0), outside=0.0):
    """What a window sees at each place it stops at: (N, C, rows, columns, height, width)."""
    (down, right), (above, beside) = stride, padding
    frame = (0, 0), (0, 0), (above, above), (beside, beside)
    x = np.pad(x, frame, constant_values=outside)
    return np.lib.stride_tricks.sliding_window_view(x, size, axis=(2, 3))[:, :, ::down, ::right]
'''

LAYERS = {
    "conv": '''\
def conv(x, weight, bias, stride, padding):
    """Each filter slides over the picture: at each place a sum of products, and its bias."""
    seen = windows(x, weight.shape[2:], stride, padding)
    # n: picture, f: filter, i and j: place, c: channel, u and v: row and column in the window.
    return np.einsum("ncijuv,fcuv->nfij", seen, weight, optimize=True) + bias[:, None, None]
''',
    "maxpool": '''\
def maxpool(x, kernel_size, stride, padding):
    """The largest number in each window. Outside the picture there is none."""
    return windows(x, kernel_size, stride, padding, outside=-np.inf).max(axis=(4, 5))
''',
    "avgpool": '''\
def avgpool(x, kernel_size, stride):
    """The mean of the numbers in each window."""
    return windows(x, kernel_size, stride).mean(axis=(4, 5))
''',
    "flatten": '''\
def flatten(x):
    """Each picture as one list: channel by channel, row by row."""
    return x.reshape(len(x), -1)
''',
    "dense": '''\
def dense(x, weight, bias):
    """Each neuron sums up all its inputs, each times its weight, and adds its bias."""
    return x @ weight.T + bias
''',
    "relu": '''\
def relu(x):
    """What is below 0 becomes 0."""
    return np.maximum(x, 0)
''',
    "leaky_relu": '''\
def leaky_relu(x, slope):
    """What is below 0 shrinks."""
    return np.where(x > 0, x, slope * x)
''',
    "sigmoid": '''\
def sigmoid(x):
    """1 / (1 + exp(-x)): from 0 to 1. Written with tanh, which can't overflow."""
    return 0.5 * np.tanh(0.5 * x) + 0.5
''',
    "tanh": '''\
def tanh(x):
    """From -1 to 1."""
    return np.tanh(x)
''',
    "softmax": '''\
def softmax(x):
    """Probabilities: exp(x), divided by the sum over all classes (or channels)."""
    powers = np.exp(x - x.max(axis=1, keepdims=True))  # the largest is exp(0): no overflow
    return powers / powers.sum(axis=1, keepdims=True)
''',
    "maxout": '''\
def maxout(x, pieces):
    """The largest of each group of neighbouring channels or features."""
    groups = x.reshape(len(x), x.shape[1] // pieces, pieces, *x.shape[2:])
    return groups.max(axis=2)
''',
    "batchnorm": '''\
def batchnorm(x, weight, bias, mean, var, eps):
    """Each channel or feature less its mean and divided by its spread, as seen in training."""
    each = (-1,) + (1,) * (x.ndim - 2)  # one number for each channel
    normal = (x - mean.reshape(each)) / np.sqrt(var + eps).reshape(each)
    return normal * weight.reshape(each) + bias.reshape(each)
''',
    "lrn": '''\
def lrn(x, size, alpha, beta, k):
    """Divided by how much goes on in the channels around: the loudest ones stand out."""
    around = (0, 0), (size // 2, (size - 1) // 2), (0, 0), (0, 0)
    squares = np.pad(x * x, around)
    sums = np.lib.stride_tricks.sliding_window_view(squares, size, axis=1).sum(axis=-1)
    return x / (k + alpha / size * sums) ** beta
''',
}

OPTIONS: dict[str, tuple[str, ...]] = {
    "conv": ("stride", "padding"),
    "maxpool": ("kernel_size", "stride", "padding"),
    "avgpool": ("kernel_size", "stride"),
    "leaky_relu": ("slope",),
    "maxout": ("pieces",),
    "batchnorm": ("eps",),
    "lrn": ("size", "alpha", "beta", "k"),
}
"""Of a layer's `config`, what its function takes; nothing if it isn't here."""

COMMAND_LINE = '''\
def read(path):
    """Examples (N, *INPUT_SHAPE) from a file of numpy.save, or from numbers in standard input."""
    if path is None:
        x = np.array(sys.stdin.read().replace(",", " ").split(), np.float32)
        if not x.size or x.size % math.prod(INPUT_SHAPE):
            raise ValueError(f"an example has {math.prod(INPUT_SHAPE)} numbers, got {x.size}")
    else:
        with open(path, "rb") as file:
            x = np.lib.format.read_array(file, allow_pickle=False)
        if x.shape[-3:] != INPUT_SHAPE:
            raise ValueError(f"an example has the shape {INPUT_SHAPE}, got {x.shape}")
    if x.dtype == np.uint8:  # pixels from 0 to 255
        x = x / 255
    return x.reshape(-1, *INPUT_SHAPE).astype(np.float32)


def main():
    """Print what the network says of each example, the most likely class first."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", nargs="?", help="of numpy.save; if left out, standard input")
    path = parser.parse_args().file
    if path is None and sys.stdin.isatty():
        parser.print_help()
        return
    try:
        examples = read(path)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    sys.stdout.reconfigure(errors="backslashreplace")  # for screens that don't know all letters
    for number, scores in enumerate(predict(examples), 1):
        if len(examples) > 1:
            print(f"example {number}")
        for k in np.argsort(-scores, kind="stable"):
            name = CLASS_NAMES[k]
            print(f"{scores[k]:10.6f}  {name if name.isprintable() else repr(name)}")
'''

ARRAYS = '''\
def arrays(shapes, packed):
    """Arrays of these shapes, one after another: float32 numbers as letters of base 85."""
    numbers = np.frombuffer(base64.b85decode("".join(packed.split())), "<f4")
    ends = np.cumsum([math.prod(shape) for shape in shapes])
    parts = np.split(numbers, ends[:-1])
    return [part.reshape(shape) for part, shape in zip(parts, shapes)]
'''
