"""What every widget has in common, on every widget that there is."""

from __future__ import annotations

import json

import pytest
import traitlets as t

from shallow import widgets

ALL = [getattr(widgets, name) for name in widgets.__all__]


@pytest.fixture(params=ALL, ids=lambda cls: cls.__name__)
def cls(request):
    return request.param


def state_of(widget, name):
    return widget.get_state(name)[name]


def test_the_default_state_is_written_without_arguments(cls):
    assert repr(cls()) == f"{cls.__name__}()"


def test_every_default_is_inside_its_own_limits(cls):
    for name, setting in cls.settings().items():
        cls(**{name: setting.fallback})


def test_the_browser_is_told_of_every_setting(cls):
    described = state_of(cls(), "_settings")
    assert [setting["name"] for setting in described] == list(cls.settings())
    assert json.loads(json.dumps(described)) == described, "plain data"
    assert all(setting["label"] for setting in described)


def test_every_setting_is_synced_and_documented(cls):
    for name, setting in cls.settings().items():
        assert setting.metadata["sync"]
        assert name in cls.__doc__, f"say in the docstring of {cls.__name__} what {name} means"


def test_an_unknown_keyword_is_an_error(cls):
    with pytest.raises(TypeError, match=f"{cls.__name__} has no setting 'qqq': it has "):
        cls(qqq=1)


def test_a_misspelt_keyword_is_corrected():
    with pytest.raises(TypeError, match="no setting 'thresholdd': did you mean 'threshold'"):
        widgets.ThresholdExplorer(thresholdd=1)


def test_the_initial_state_is_what_the_widget_was_made_with():
    widget = widgets.ThresholdExplorer(threshold=1.5)
    widget.threshold = 2
    (described,) = (s for s in state_of(widget, "_settings") if s["name"] == "threshold")
    assert described["initial"] == 1.5
    assert described["default"] == 0.0


def test_the_module_is_whole_and_names_nothing_outside(cls):
    module = state_of(cls(), "_esm")
    assert "export default" in module
    assert not [line for line in module.splitlines() if line.startswith("import ")]
    addresses = [word for word in module.split() if "//" in word and "http" in word]
    assert all("w3.org" in a or "gist.github.com" in a for a in addresses), (
        "a name space or a source, no request"
    )


def test_a_widget_works_where_it_is_made_again_from_its_repr(cls):
    changed = {}
    for name, setting in cls.settings().items():
        if setting.kind in {"number", "integer"}:
            changed[name] = setting.max
        elif setting.kind == "flag":
            changed[name] = not setting.fallback
        elif setting.kind == "choice":
            changed[name] = list(setting.options)[-1]
    try:
        widget = cls(**changed)
    except t.TraitError:
        pytest.skip("its settings depend on one another; its own test says how")
    again = eval(repr(widget), {cls.__name__: cls})
    assert repr(again) == repr(widget)
    assert all(getattr(again, name) == value for name, value in changed.items())
