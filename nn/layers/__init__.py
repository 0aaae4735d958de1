"""The layers: each file reads as equation, forward, backward."""

from nn.layers.activations import ReLU, Sigmoid, Tanh
from nn.layers.base import Bound, Layer, Parameter, ParameterSpec, Scope
from nn.layers.conv import Conv2D
from nn.layers.dense import Dense, Flatten
from nn.layers.pooling import MaxPool2D

__all__ = [
    "Bound",
    "Conv2D",
    "Dense",
    "Flatten",
    "Layer",
    "MaxPool2D",
    "Parameter",
    "ParameterSpec",
    "ReLU",
    "Scope",
    "Sigmoid",
    "Tanh",
]
