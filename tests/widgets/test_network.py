"""The tiny network from Python."""

from __future__ import annotations

import numpy as np
import pytest
import traitlets as t

from shallow import networks
from shallow.widgets import TinyNetwork
from shallow.widgets.network import NETWORKS


def test_state_is_read_and_set():
    widget = TinyNetwork(network="2-3-1", updates=10)
    assert (widget.network, widget.updates, widget.phase, widget.rate) == (
        "2-3-1",
        10,
        "start",
        0.5,
    )
    widget.parameters = [0.5] * 13
    assert widget.parameters == [0.5] * 13


@pytest.mark.parametrize(
    ("name", "worked"), [("2-2-2", networks.two_two_two), ("2-3-1", networks.two_three_one)]
)
def test_the_browser_is_told_the_worked_networks(name, worked):
    parameters, X, Y = worked()
    told = TinyNetwork().get_state("_networks")["_networks"][name]
    assert told["parameters"] == np.concatenate([p.ravel() for p in parameters]).tolist()
    assert told["sizes"] == [int(n) for n in name.split("-")]
    assert (told["X"], told["Y"]) == (X.tolist(), Y.tolist())


def test_what_the_browser_is_told_cannot_be_changed():
    with pytest.raises(t.TraitError):
        TinyNetwork()._networks = NETWORKS


def test_repr_is_the_code_that_makes_it():
    widget = TinyNetwork(network="2-3-1", parameters=[1] * 13, selected="h3-o1")
    assert (
        repr(widget) == f"TinyNetwork(network='2-3-1', parameters={[1.0] * 13}, selected='h3-o1')"
    )
    assert repr(eval(repr(widget))) == repr(widget)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"network": "3-3-3"}, "one of '2-2-2', '2-3-1'"),
        ({"parameters": [0.0] * 13}, "must hold 12 numbers for the 2-2-2 network, or none, not 13"),
        ({"network": "2-3-1", "parameters": [0.0] * 12}, "must hold 13 numbers for the 2-3-1"),
        ({"parameters": [21.0] * 12}, "a list of 0 to 13 numbers from -20 to 20"),
        ({"observation": 0}, "a whole number from 1 to 10"),
        ({"rate": 0}, "a number from 0.001 to 10"),
        ({"selected": "x1-o1"}, "one of 'x1'"),
        ({"phase": "sideways"}, "one of 'start', 'forward', 'loss', 'backward'"),
    ],
)
def test_bad_values_are_refused(changes, message):
    with pytest.raises(t.TraitError, match=message):
        TinyNetwork(**changes)


def test_a_network_cannot_be_changed_under_its_own_parameters():
    widget = TinyNetwork(parameters=[0.0] * 12)
    with pytest.raises(t.TraitError, match="must hold 13 numbers"):
        widget.network = "2-3-1"
    assert widget.network == "2-2-2"


def test_the_browser_may_change_network_and_parameters_at_once():
    widget = TinyNetwork(parameters=[0.0] * 12)
    widget.set_state({"network": "2-3-1", "parameters": [], "updates": 10})
    assert repr(widget) == "TinyNetwork(network='2-3-1', updates=10)"
