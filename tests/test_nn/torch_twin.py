"""The same network in torch: what the engine is compared with."""

from typing import Any

import numpy as np
import pytest

from nn.layers import Layer, Parameter
from nn.network import Network

torch: Any = pytest.importorskip("torch", reason="torch, the peer to compare with, is missing")


class TorchTwin:
    """Runs the layers of a network in torch, on leaf tensors copied from its parameters."""

    def __init__(self, network: Network) -> None:
        torch.set_num_threads(1)
        self.network = network
        self.leaves: list[tuple[Parameter, Any]] = []
        self._of_layer: dict[int, list[Any]] = {}
        for number, layer in enumerate(network.layers):
            for parameter in layer.parameters():
                leaf = torch.tensor(parameter.data.copy(), requires_grad=True)
                self.leaves.append((parameter, leaf))
                self._of_layer.setdefault(number, []).append(leaf)

    def tensors(self) -> list[Any]:
        return [leaf for _, leaf in self.leaves]

    def outputs(self, x: np.ndarray, training: bool = True) -> Any:
        y = torch.tensor(x) if isinstance(x, np.ndarray) else x
        for number, layer in enumerate(self.network.layers):
            y = _run(layer, self._of_layer.get(number, []), y, training)
        return y

    def loss(self, x: np.ndarray, labels: np.ndarray) -> Any:
        outputs, wanted = self.outputs(x), torch.tensor(labels)
        kind = self.network.loss.kind
        if kind == "softmax":
            return torch.nn.functional.cross_entropy(outputs, wanted)
        if kind == "hinge":  # torch divides by the number of classes
            classes = self.network.output_shape[0]
            return torch.nn.functional.multi_margin_loss(outputs, wanted) * classes
        one_hot = torch.nn.functional.one_hot(wanted, self.network.output_shape[0])
        return 0.5 * ((outputs - one_hot) ** 2).sum(1).mean()


def _run(layer: Layer, leaves: list[Any], x: Any, training: bool) -> Any:
    functions, options = torch.nn.functional, layer.config()
    if layer.kind == "dense":
        return functions.linear(x, *leaves)
    if layer.kind == "conv":
        return functions.conv2d(x, *leaves, stride=options["stride"], padding=options["padding"])
    if layer.kind == "maxpool":
        # torch itself allows a padding of half a kernel at most.
        p_h, p_w = options["padding"]
        framed = functions.pad(x, (p_w, p_w, p_h, p_h), value=-torch.inf)
        return functions.max_pool2d(framed, options["kernel_size"], options["stride"])
    if layer.kind == "avgpool":
        return functions.avg_pool2d(x, options["kernel_size"], options["stride"])
    if layer.kind == "flatten":
        return x.flatten(1)
    if layer.kind == "relu":
        return functions.relu(x)
    if layer.kind == "leaky_relu":
        return functions.leaky_relu(x, options["slope"])
    if layer.kind == "sigmoid":
        return torch.sigmoid(x)
    if layer.kind == "tanh":
        return torch.tanh(x)
    if layer.kind == "softmax":
        return functions.softmax(x, 1)
    if layer.kind == "maxout":
        groups = (x.shape[1] // options["pieces"], options["pieces"])
        return x.reshape(x.shape[0], *groups, *x.shape[2:]).max(2).values
    if layer.kind == "lrn":
        return functions.local_response_norm(x, **options)
    if layer.kind == "batchnorm":
        mean, var = (torch.tensor(values).to(x.dtype) for values in layer.state().values())
        return functions.batch_norm(
            x, mean, var, *leaves, training=training, momentum=0.0, eps=options["eps"]
        )
    raise AssertionError(f"no torch twin of {layer.kind}")
