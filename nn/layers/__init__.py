"""The layers: each file reads as equation, forward, backward."""

from nn.layers.activations import LeakyReLU, ReLU, Sigmoid, Softmax, Tanh
from nn.layers.base import Bound, Layer, Parameter, ParameterSpec, Scope
from nn.layers.conv import Conv2D
from nn.layers.dense import Dense, Flatten
from nn.layers.dropout import Dropout
from nn.layers.maxout import Maxout
from nn.layers.normalisation import BatchNorm, LocalResponseNorm
from nn.layers.pooling import AvgPool2D, MaxPool2D

__all__ = [
    "AvgPool2D",
    "BatchNorm",
    "Bound",
    "Conv2D",
    "Dense",
    "Dropout",
    "Flatten",
    "Layer",
    "LeakyReLU",
    "LocalResponseNorm",
    "MaxPool2D",
    "Maxout",
    "Parameter",
    "ParameterSpec",
    "ReLU",
    "Scope",
    "Sigmoid",
    "Softmax",
    "Tanh",
]
