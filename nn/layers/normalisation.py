"""Normalisation: keep the size of the signal in hand, over the batch or over the channels."""

from functools import partial
from typing import Any

import numpy as np

from nn.layers.base import (
    Bound,
    Layer,
    Parameter,
    ParameterSpec,
    Scope,
    number_text,
    require_picture,
)
from nn.typing import Array, Operation, Shape


class BatchNorm(Layer):
    """y = weight · x̂ + bias with x̂ = (x − mean) / √(var + eps), for each channel or feature.

    In training mean and variance are those of the batch (over N, and over H and W of pictures),
    and running means of them are kept; otherwise the kept ones are used:
    running ← (1 − momentum) · running + momentum · batch, with the unbiased variance.

    Shapes: any, output = input; weight and bias (C,) or (F,).
    Backward in training, with mean() over the same axes:
    dx = weight / √(var + eps) · (dy − mean(dy) − x̂ · mean(dy · x̂)),
    dweight = Σ dy · x̂, dbias = Σ dy.
    Source: Ioffe and Szegedy 2015; defaults momentum 0.1 and eps 1e-5 as in PyTorch.
    """

    kind = "batchnorm"
    whole_batch = True

    def __init__(self, momentum: float = 0.1, eps: float = 1e-5) -> None:
        super().__init__()
        if not 0 < momentum <= 1:
            raise ValueError(f"batchnorm needs a momentum above 0 and at most 1, got {momentum}")
        if not 0 < eps < 1:
            raise ValueError(f"batchnorm needs an eps above 0 and below 1, got {eps}")
        self.momentum = float(momentum)
        self.eps = float(eps)

    def shape_after(self, input_shape: Shape) -> Shape:
        return input_shape

    def parameter_specs(self) -> tuple[ParameterSpec, ...]:
        shape = (self.input_shape[0],)
        return ParameterSpec("weight", shape, fill=1.0), ParameterSpec("bias", shape)

    def attach(self, parameters: tuple[Parameter, ...]) -> None:
        super().attach(parameters)
        self.mean: Array = np.zeros(self.input_shape[0])
        self.var: Array = np.ones(self.input_shape[0])

    def state(self) -> dict[str, Array]:
        """Return the running mean and variance, float64, (C,) or (F,) each."""
        return {"mean": self.mean, "var": self.var}

    def reset_state(self) -> None:
        self.mean[...] = 0.0
        self.var[...] = 1.0

    def config(self) -> dict[str, Any]:
        return {"momentum": self.momentum, "eps": self.eps}

    def to_text(self) -> str:
        text = "batchnorm"
        if self.momentum != 0.1:
            text += f" momentum {number_text(self.momentum)}"
        if self.eps != 1e-5:
            text += f" eps {number_text(self.eps)}"
        return text

    def bind(self, x: Array, dx: Array | None, scope: Scope) -> Bound:
        weight, bias = self.parameters()
        channel, axes = ((1, -1, 1, 1), (0, 2, 3)) if x.ndim == 4 else ((-1, 1), (1,))
        count = x.size // weight.data.size
        if scope.training and count < 2:
            raise ValueError(
                "batchnorm needs a batch of at least 2 examples to train on, got one value each"
            )
        y, centred = scope.empty(x.shape), scope.empty(x.shape)
        mean, var = scope.empty(weight.data.shape), scope.empty(weight.data.shape)
        inverse = scope.empty(weight.data.shape)
        mean_c, inverse_c = mean.reshape(channel), inverse.reshape(channel)
        bound = Bound(y)
        if scope.training:
            bound.forward = [
                partial(np.mean, x, axis=axes, out=mean),
                partial(np.subtract, x, mean_c, centred),
                partial(np.multiply, centred, centred, y),
                partial(np.mean, y, axis=axes, out=var),
                partial(self._remember, mean, var, count),
            ]
        else:
            bound.forward = [
                partial(np.copyto, mean, self.mean, casting="same_kind"),
                partial(np.copyto, var, self.var, casting="same_kind"),
                partial(np.subtract, x, mean_c, centred),
            ]
        bound.forward += [
            partial(np.add, var, scope.constant(self.eps), inverse),
            partial(np.sqrt, inverse, inverse),
            partial(np.divide, scope.constant(1.0), inverse, inverse),
            partial(np.multiply, centred, inverse_c, centred),  # x̂
            partial(np.multiply, centred, weight.data.reshape(channel), y),
            partial(np.add, y, bias.data.reshape(channel), y),
        ]
        if not scope.backward:
            return bound
        dy = bound.grad = scope.empty(y.shape)
        product = scope.empty(x.shape)
        bound.backward = [
            partial(np.multiply, dy, centred, product),
            partial(np.sum, product, axis=axes, out=weight.grad),
            partial(np.sum, dy, axis=axes, out=bias.grad),
        ]
        if dx is not None:
            factor = scope.empty(weight.data.shape)
            if scope.training:
                part = scope.constant(1.0 / count)
                mean_dy, mean_product = scope.empty(mean.shape), scope.empty(mean.shape)
                bound.backward += [
                    partial(np.multiply, bias.grad, part, mean_dy),
                    partial(np.multiply, weight.grad, part, mean_product),
                    partial(np.multiply, centred, mean_product.reshape(channel), product),
                    partial(np.subtract, dy, product, product),
                    partial(np.subtract, product, mean_dy.reshape(channel), product),
                ]
            else:
                bound.backward.append(partial(np.copyto, product, dy))
            bound.backward += [
                partial(np.multiply, weight.data, inverse, factor),
                partial(np.multiply, product, factor.reshape(channel), dx),
            ]
        return bound

    def _remember(self, mean: Array, var: Array, count: int) -> None:
        """Move the running means a little towards those of this batch."""
        kept = 1.0 - self.momentum
        self.mean[...] = kept * self.mean + self.momentum * mean
        self.var[...] = kept * self.var + self.momentum * var * (count / (count - 1))


class LocalResponseNorm(Layer):
    """y_c = x_c / s_c^beta with s_c = k + alpha / n · Σ x_j² over the n channels j around c.

    Neighbours outside the picture's channels count as zero; for even n the window holds one
    channel more below c than above, as in PyTorch. Shapes: (C, H, W), output = input.
    Backward: dx_c = dy_c / s_c^beta − 2 · alpha · beta / n · x_c · Σ dy_j x_j / s_j^(beta + 1)
    over all j in whose window c lies. Source: Krizhevsky, Sutskever, Hinton 2012.
    """

    kind = "lrn"

    def __init__(
        self, size: int = 5, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0
    ) -> None:
        super().__init__()
        if size < 1:
            raise ValueError(f"lrn needs a size of at least 1, got {size}")
        if not (alpha >= 0 and beta >= 0 and k >= 1e-6):  # which float32 can raise to a power
            raise ValueError(
                f"lrn needs alpha and beta of at least 0 and k of at least 1e-6, "
                f"got {alpha}, {beta} and {k}"
            )
        self.size = int(size)
        self.alpha, self.beta, self.k = float(alpha), float(beta), float(k)

    def shape_after(self, input_shape: Shape) -> Shape:
        return require_picture(self.kind, input_shape)

    def config(self) -> dict[str, Any]:
        return {"size": self.size, "alpha": self.alpha, "beta": self.beta, "k": self.k}

    def to_text(self) -> str:
        text = f"lrn {self.size}"
        for name, default in (("alpha", 1e-4), ("beta", 0.75), ("k", 1.0)):
            value = getattr(self, name)
            if value != default:
                text += f" {name} {number_text(value)}"
        return text

    def bind(self, x: Array, dx: Array | None, scope: Scope) -> Bound:
        below, above = self.size // 2, (self.size - 1) // 2
        y, squares = scope.empty(x.shape), scope.empty(x.shape)
        scales, powers = scope.empty(x.shape), scope.empty(x.shape)
        bound = Bound(y)
        bound.forward = [
            partial(np.multiply, x, x, squares),
            *_window_sum(squares, scales, below, above),
            partial(np.multiply, scales, scope.constant(self.alpha / self.size), scales),
            partial(np.add, scales, scope.constant(self.k), scales),
            partial(np.power, scales, scope.constant(-self.beta), powers),
            partial(np.multiply, x, powers, y),
        ]
        if dx is not None:
            dy = bound.grad = scope.empty(y.shape)
            pulls, sums = scope.empty(x.shape), scope.empty(x.shape)
            factor = scope.constant(2.0 * self.alpha * self.beta / self.size)
            bound.backward = [
                partial(np.multiply, dy, y, pulls),
                partial(np.divide, pulls, scales, pulls),
                *_window_sum(pulls, sums, above, below),  # the windows in which a channel lies
                partial(np.multiply, sums, x, sums),
                partial(np.multiply, sums, factor, sums),
                partial(np.multiply, dy, powers, dx),
                partial(np.subtract, dx, sums, dx),
            ]
            bound.spare = False
        return bound


def _window_sum(values: Array, total: Array, below: int, above: int) -> list[Operation]:
    """Return the operations that sum ``values`` over channels c − below to c + above."""
    channels = values.shape[1]
    operations: list[Operation] = [partial(np.copyto, total, values)]
    for shift in range(-min(below, channels - 1), min(above, channels - 1) + 1):
        if shift == 0:
            continue
        first, last = max(0, -shift), min(channels, channels - shift)
        to, of = total[:, first:last], values[:, first + shift : last + shift]
        operations.append(partial(np.add, to, of, to))
    return operations
