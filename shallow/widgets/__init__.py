"""Widgets that work on the static page, in a notebook and from Python alike."""

from shallow.widgets.activation import ActivationExplorer
from shallow.widgets.bend import Bend
from shallow.widgets.boxes import BoxBuilder
from shallow.widgets.descent import Descent
from shallow.widgets.digits import DigitPad
from shallow.widgets.fit import FitExplorer
from shallow.widgets.logistic import LogisticPlayground
from shallow.widgets.losses import LossExplorer
from shallow.widgets.network import TinyNetwork
from shallow.widgets.paired import PairedComparison
from shallow.widgets.perceptron import PerceptronTrainer
from shallow.widgets.playground import Playground
from shallow.widgets.relu import ReluBuilder
from shallow.widgets.retina import Retina
from shallow.widgets.tape import TapeExplorer
from shallow.widgets.threshold import ThresholdExplorer

__all__ = [
    "ActivationExplorer",
    "Bend",
    "BoxBuilder",
    "Descent",
    "DigitPad",
    "FitExplorer",
    "LogisticPlayground",
    "LossExplorer",
    "PairedComparison",
    "PerceptronTrainer",
    "Playground",
    "ReluBuilder",
    "Retina",
    "TapeExplorer",
    "ThresholdExplorer",
    "TinyNetwork",
]
