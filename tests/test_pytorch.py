"""The book's network of digits and its ten statements of PyTorch are the same, number by number.

Skipped where PyTorch is not installed: the course does not need it.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

PAGE = Path(__file__).parents[1] / "chapters" / "regularisation.md"
BLOCK = re.compile(r"^```(?:\{code-cell\} ipython3|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = [
    re.sub(r"^:tags:.*\n", "", block) for block in BLOCK.findall(PAGE.read_text(encoding="utf-8"))
]


def block(first: str) -> str:
    """Return the one block of the chapter that begins so."""
    (found,) = [code for code in BLOCKS if code.startswith(first)]
    return found


def test_pytorch_computes_what_the_chapter_computes(monkeypatch: pytest.MonkeyPatch) -> None:
    torch = pytest.importorskip("torch")
    book = {"np": np, "digits": load_digits()}
    exec(block("order = "), book)
    exec(block("def start").split("\n\nrng = ")[0], book)

    rng = np.random.default_rng(0)
    first = book["start"](rng)
    ours, _ = book["epoch"](first, [0, 0, 0, 0], rng)

    rng = np.random.default_rng(0)
    book["start"](rng)
    order = rng.permutation(1000)
    masks = iter([(rng.random((50, 32)) < 0.8) / 0.8 for _ in range(20)])

    previous = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        # Lists: a PyTorch that was built for another NumPy takes them, too.
        weights = iter(torch.tensor(w.tolist()) for w in first)

        def as_ours(layer) -> None:
            layer.weight.data, layer.bias.data = next(weights), next(weights)

        monkeypatch.setattr(torch.nn.Linear, "reset_parameters", as_ours)
        monkeypatch.setattr(
            torch.nn.Dropout, "forward", lambda _, a: a * torch.tensor(next(masks).tolist())
        )
        monkeypatch.setattr(torch, "randperm", lambda _: torch.tensor(order.tolist()))
        theirs = {
            "x": torch.tensor(book["x_train"].tolist()),
            "t": torch.tensor(book["t_train"].tolist()),
        }
        exec(block("import torch"), theirs)
        found = [np.array(w.tolist()) for w in theirs["net"].parameters()]
    finally:
        torch.set_default_dtype(previous)
    assert next(masks, None) is None
    for w, v, w0 in zip(ours, found, first, strict=True):
        assert np.abs(w - w0).max() > 0.01
        np.testing.assert_allclose(v, w, rtol=0, atol=1e-12)
