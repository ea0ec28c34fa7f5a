"""The ways in which a machine can compute: the kernels of OpenBLAS, the instructions of NumPy.

Each adds and multiplies in an order of its own, so the last bits differ, and nothing else may.
"""

from __future__ import annotations

import ast
import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Mapping

# From the narrowest to the widest; a build of OpenBLAS has some of them.
KERNELS = {
    "x86_64": (
        *("Prescott", "Nehalem", "Sandybridge", "Haswell", "Zen"),
        *("SkylakeX", "Cooperlake", "SapphireRapids"),
    ),
    "aarch64": ("ARMV8", "CORTEXA57", "NEOVERSEN1", "NEOVERSEV1", "NEOVERSEN2"),
}
PROBE = """
import numpy as np, scipy.linalg
from threadpoolctl import threadpool_info
a = np.arange(10_000.0).reshape(100, 100) % 7
assert np.isclose(np.linalg.norm(a @ a), np.sqrt((a.dot(a) ** 2).sum()))
blas = [x["architecture"] for x in threadpool_info() if x["user_api"] == "blas"]
print((" ".join(blas), np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])))
"""

Environment = Mapping[str, str]


def own() -> dict[str, str]:
    """Return the environment in which the processor's own kernel computes."""
    return {
        k: v for k, v in os.environ.items() if k not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
    }


def probe(env: Environment, python: str = sys.executable) -> tuple[str, list[str]] | None:
    """Return what computes in an environment, or None if nothing can.

    Returns
    -------
    kernels : the kernels of NumPy's and of SciPy's OpenBLAS
    features : the names of the vector instructions that NumPy chooses at run time
    """
    run = subprocess.run(  # noqa: S603  our own text
        [python, "-c", PROBE], env=env, capture_output=True, text=True, check=False
    )
    return ast.literal_eval(run.stdout) if run.returncode == 0 else None


def ways() -> Iterator[tuple[str, Environment | str]]:
    """Yield each different way in which this machine can compute, the narrowest kernel first.

    Yields
    ------
    name : str
        What is chosen.
    env : mapping or str
        The environment that chooses it, or why it cannot be.
    """
    seen: dict[str, str] = {}
    for kernel in KERNELS.get(platform.machine(), ()):
        env = own() | {"OPENBLAS_CORETYPE": kernel}
        found = probe(env)
        if found is None:
            yield kernel, "the processor cannot run it"
        elif found[0] in seen:
            yield kernel, f"this OpenBLAS has none of its own: it is {seen[found[0]]}"
        else:
            seen[found[0]] = kernel
            yield kernel, env
    _, features = probe(own()) or ("", [])
    wide = [name for name in features if "512" in name or name == "X86_V4"]
    for name, disabled in (("NumPy without AVX-512", wide), ("NumPy without AVX2", features)):
        without = {"NPY_DISABLE_CPU_FEATURES": " ".join(disabled)}
        yield name, own() | without if disabled else "the processor has none"
    yield "two threads", own() | {"OPENBLAS_NUM_THREADS": "2", "OMP_NUM_THREADS": "2"}


def narrowest() -> dict[str, str]:
    """Return the environment of the narrowest kernel and of NumPy's narrowest instructions."""
    _, features = probe(own()) or ("", [])
    env = own() | {"NPY_DISABLE_CPU_FEATURES": " ".join(features)}
    for kernel in KERNELS.get(platform.machine(), ()):
        if probe(env | {"OPENBLAS_CORETYPE": kernel}):
            return env | {"OPENBLAS_CORETYPE": kernel}
    return env
