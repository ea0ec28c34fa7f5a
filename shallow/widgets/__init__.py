"""Widgets that work on the static page, in a notebook and from Python alike."""

from shallow.widgets.activation import ActivationExplorer
from shallow.widgets.fit import FitExplorer
from shallow.widgets.logistic import LogisticPlayground
from shallow.widgets.network import TinyNetwork
from shallow.widgets.perceptron import PerceptronTrainer
from shallow.widgets.relu import ReluBuilder
from shallow.widgets.threshold import ThresholdExplorer

__all__ = [
    "ActivationExplorer",
    "FitExplorer",
    "LogisticPlayground",
    "PerceptronTrainer",
    "ReluBuilder",
    "ThresholdExplorer",
    "TinyNetwork",
]
