"""What every assignment carries in its cell `grading`: how its checks call, compare and report.

The cell is this file from the class on. It is a test cell worth nothing, so that the autograder
runs it in the checker, out of reach of the student's code.
"""

# ruff: noqa: B023, BLE001, C901, FBT002, RUF012 - one plain cell of a notebook

import numpy as np


class grading:  # noqa: N801 - a namespace: one name in the notebook that no answer takes
    """How the checks below work; you need not read it.

    They call your function, see that it left its arguments alone, and compare kind, shape and
    values of the answer with what is expected.
    """

    latest = [None, ""]  # the function that was called, and how it changed an argument
    whole = "list int8 uint8 int16 uint16 int32 uint32 int64 uint64"
    numbers = f"{whole} float16 float32 float64"
    atoms = {bool, int, float, complex, str, type(None)}

    @staticmethod
    def test(checks):
        """Run a function of checks; as a decorator, leave nothing of it behind."""
        __tracebackhide__ = True  # a student sees the line of the check, not how it works
        checks()

    @staticmethod
    def plain(value, digits=6):
        """Write a value as one would by hand: 0.83 and [1, 2, 3], never np.float64(0.83)."""
        if isinstance(value, np.ndarray):
            note = "" if value.dtype in (np.int64, np.float64) else f" ({value.dtype})"
            if value.size > 12:
                first = ", ".join(grading.plain(v, digits) for v in value.ravel()[:4])
                return f"<array of shape {value.shape}: {first}, …>{note}"
            return grading.plain(value.tolist(), digits) + note
        if isinstance(value, (bool, np.bool_, type(None))):
            return str(value)
        if isinstance(value, (int, np.integer)):
            return str(int(value))
        if isinstance(value, (float, np.floating)):
            text = f"{float(value):.{digits}g}"
            return f"{text}.0" if text.lstrip("-").isdigit() else text
        if isinstance(value, (complex, np.complexfloating)):
            return f"{complex(value):.{digits}g}"
        if isinstance(value, str):
            return repr(str(value))[:60]
        if isinstance(value, (list, tuple)):
            items = [grading.plain(v, digits) for v in value[:12]]
            text = ", ".join(items + ["…"] * (len(value) > 12))
            comma = "," if isinstance(value, tuple) and len(value) == 1 else ""
            return f"({text}{comma})" if isinstance(value, tuple) else f"[{text}]"
        if isinstance(value, dict):
            pairs = (f"{k!r}: {grading.plain(v, digits)}" for k, v in value.items())
            return "{" + ", ".join(pairs) + "}"
        if isinstance(value, np.random.Generator):
            return "a random generator"
        return "a function" if callable(value) else "an object"

    @staticmethod
    def kind(value):
        """Say what kind of thing a value is."""
        if type(value) is np.ndarray:
            return f"an array of shape {value.shape} and type {value.dtype}"
        if type(value) in (list, tuple):
            return f"a {type(value).__name__} of length {len(value)}"
        if isinstance(value, (bool, np.bool_)):
            return f"the truth value {value}"
        if isinstance(value, (int, np.integer)):
            return f"the whole number {value}"
        if isinstance(value, (float, np.floating)):
            return f"the float {grading.plain(value)}"
        if isinstance(value, (str, type(None))):
            return "nothing (None)" if value is None else f"the text {grading.plain(value)}"
        return "a dictionary" if type(value) is dict else "an object of another type"

    @staticmethod
    def given(function, arguments, options=()):
        """Write a call with its arguments by name."""
        name = getattr(function, "__name__", None)
        named = {**arguments, **dict(options)}
        listed = ", ".join(f"{key} = {grading.plain(value)}" for key, value in named.items())
        return f"{name[:40] if type(name) is str else 'your function'}({listed})"

    @staticmethod
    def flat(values):
        """Tell whether a list or tuple holds nothing but numbers, texts and None."""
        return {*map(type, values)} <= grading.atoms

    @staticmethod
    def copy(value):
        """Copy plain data, whatever it holds."""
        if type(value) is np.ndarray:
            return value.copy(order="K")
        if type(value) in (list, tuple):
            if grading.flat(value):
                return value[:]
            return type(value)(map(grading.copy, value))
        if type(value) is dict:
            return {key: grading.copy(item) for key, item in value.items()}
        return value

    @staticmethod
    def alike(value, before):
        """Tell whether plain data are exactly what they were."""
        if type(value) is not type(before):
            return False
        if type(value) is np.ndarray:
            same = value.dtype == before.dtype and value.shape == before.shape
            return same and value.tobytes() == before.tobytes()
        if type(value) in (list, tuple):
            if grading.flat(before):
                return [*map(type, value)] == [*map(type, before)] and value == before
            pairs = zip(value, before, strict=False)
            return len(value) == len(before) and all(grading.alike(v, b) for v, b in pairs)
        if type(value) is dict:
            return list(value) == list(before) and grading.alike(
                [*value.values()], [*before.values()]
            )
        return value is before or value == before

    @staticmethod
    def common(first, second):
        """Tell whether arrays, or those in lists and tuples, have memory in common."""
        if type(first) in (list, tuple):
            return any(grading.common(item, second) for item in first)
        if type(second) in (list, tuple):
            return any(grading.common(first, item) for item in second)
        arrays = type(first) is type(second) is np.ndarray
        return arrays and np.shares_memory(first, second)

    @staticmethod
    def put_back(value, before):
        """Make changed plain data again what they were."""
        if type(value) is np.ndarray:
            value[...] = before
        elif type(value) in (list, dict):
            value.clear()
            (value.extend if type(value) is list else value.update)(before)

    @staticmethod
    def call(function, arguments, options=()):
        """Call a function, `arguments` in their order; note whether it changes one of them."""
        __tracebackhide__ = True
        if grading.latest[0] is not function:
            grading.latest[:] = function, ""
        before = grading.copy(arguments)
        try:
            return function(*arguments.values(), **dict(options))
        finally:
            for name, value in before.items():
                if not grading.alike(arguments[name], value):
                    changed = grading.plain(arguments[name])
                    given = grading.given(function, before, options)
                    grading.latest[1] = f"{given}:\n{name} was changed, it is now {changed}"
                    grading.put_back(arguments[name], value)

    @staticmethod
    def unchanged(function):
        """Fail if a call of this function, here or in a cell before, changed an argument."""
        __tracebackhide__ = True
        assert grading.latest[0] is function, "the checks of this cell make no call"
        assert not grading.latest[1], grading.latest[1]

    @staticmethod
    def check(function, arguments, expected, **how):
        """Call a function and compare its answer, as `compare` does; return the answer."""
        __tracebackhide__ = True
        options, given = how.pop("options", {}), how.pop("given", None)
        got = grading.call(function, arguments, options)
        if problem := grading.difference(got, expected, **how):
            given = given or grading.given(function, arguments, options)
            raise AssertionError(f"{given}:\n{problem}")
        return got

    @staticmethod
    def raises(function, arguments, error, options=()):
        """Call a function that has to raise `error`."""
        __tracebackhide__ = True
        try:
            got = grading.kind(grading.call(function, arguments, options))
        except (error, AssertionError, NotImplementedError) as raised:
            if isinstance(raised, error):
                return
            raise
        except Exception as other:
            name = type(other).__name__.removeprefix("Student")
            got = f"a {name}: {other}"
        given = grading.given(function, arguments, options)
        raise AssertionError(f"{given}:\nexpected a {error.__name__}, got {got}")

    @staticmethod
    def compare(got, expected, given, **how):
        """Compare what came with what is expected, as `difference` does; `given` says of what."""
        __tracebackhide__ = True
        problem = grading.difference(got, expected, **how)
        assert not problem, f"{given}:\n{problem}"

    @staticmethod
    def difference(got, expected, names="", rtol=1e-9, atol=1e-12, lists=False):
        """Say how what came differs from what is expected: kind, shape, type, then values.

        The kind of `expected` is asked for: float, int, bool, str, None, a tuple (for which a list
        will do) or list (for which a tuple or an array will do, of
        things named `names`), a dict, or an array; one without axes asks for a number, whether int
        or float. Numbers may differ by `rtol` times what is
        expected, or by `atol`; `lists` lets a list stand for an array.
        """
        return grading.problem(got, expected, "", names.split(), rtol, atol, lists)

    @staticmethod
    def problem(got, expected, place, names, rtol, atol, lists):
        """Say what is wrong with an answer, or return an empty text."""
        of = f"{place} to be " if place else ""
        if isinstance(expected, dict):
            if type(got) is not dict:
                return f"expected {of}a dictionary, got {grading.kind(got)}"
            if set(got) != set(expected):
                return f"expected the keys {sorted(expected)}, got {sorted(map(str, got))}"
            items = [
                (got[key], item, f"{place}[{key!r}]" if place else key)
                for key, item in expected.items()
            ]
        elif isinstance(expected, (tuple, list)):
            if type(got) is np.ndarray and got.ndim and isinstance(expected, list):
                got = list(got)
            if type(got) not in (tuple, list):
                what = f"({', '.join(names)})" if names else f"a {type(expected).__name__}"
                return f"expected {of}{what}, got {grading.kind(got)}"
            if len(got) != len(expected):
                return f"expected {of}{len(expected)} values, got {len(got)}"
            names = names or [f"{place or 'result'}[{k}]" for k in range(len(expected))]
            items = list(zip(got, expected, names, strict=True))
        elif isinstance(expected, np.ndarray) and expected.ndim:
            return grading.array_problem(got, expected, place, rtol, atol, lists)
        else:
            return grading.number_problem(got, expected, place, rtol, atol)
        problems = (grading.problem(*item, [], rtol, atol, lists) for item in items)
        return next(filter(None, problems), "")

    @staticmethod
    def number_problem(got, expected, place, rtol, atol):
        """Say what is wrong with one value."""
        of = f"{place} to be " if place else ""
        if type(got) is np.ndarray and got.shape == ():
            got = got[()]
        for mine, kinds, name in (
            (bool, (bool, np.bool_), "True or False"),
            (str, (str, np.str_), "a text"),
            (int, (int, np.integer), "a whole number (int)"),
            (float, (float, np.floating), "a float"),
            (np.ndarray, (int, float, np.integer, np.floating), "a number"),
        ):
            if isinstance(expected, mine):
                right = isinstance(got, kinds) and (mine is bool or type(got) is not bool)
                if not right:
                    wanted = f"{name} such as {grading.plain(expected)}"
                    return f"expected {of}{wanted}, got {grading.kind(got)}"
                break
        else:
            return "" if got is expected else f"expected {of}None, got {grading.kind(got)}"
        if isinstance(expected, np.ndarray):
            if not grading.wrong(np.asarray(got, float), expected, rtol, atol):
                return ""
            got, expected = float(got), float(expected)
        elif isinstance(expected, float):
            got, expected = float(got), float(expected)
            finite = expected - expected == 0
            if finite and abs(got - expected) <= max(rtol * abs(expected), atol):
                return ""
            if got == expected or (got != got and expected != expected):
                return ""
        elif got == expected:
            return ""
        mine, right = grading.apart(got, expected)
        return f"expected {of}{right}, got {mine}"

    @staticmethod
    def array_problem(got, expected, place, rtol, atol, lists):
        """Say what is wrong with an array: the first element that is."""
        of = f"{place} to be " if place else ""
        if lists and type(got) in (list, tuple):
            try:
                got = np.array(got) if len(got) else np.array(got, expected.dtype)
                if expected.dtype.kind == "f" and got.dtype.kind in "iu":
                    got = got.astype(float)  # a list may hold 0 for 0.0
            except ValueError:
                return f"expected {of}rows of the same length, got {grading.kind(got)}"
        if type(got) is not np.ndarray or got.shape != expected.shape:
            return f"expected {of}an array of shape {expected.shape}, got {grading.kind(got)}"
        groups = {"b": "b", "i": "iu", "u": "iu", "f": "f", "c": "c", "U": "U"}
        names = {"b": "truth values", "i": "whole numbers", "u": "whole numbers", "f": "floats"}
        if got.dtype.kind not in groups[expected.dtype.kind]:
            wanted = names.get(expected.dtype.kind, expected.dtype.name)
            return f"expected {of}an array of {wanted}, got an array of type {got.dtype}"
        wrong = grading.wrong(got, expected, rtol, atol)
        if not np.any(wrong):
            return ""
        index = tuple(int(i) for i in np.argwhere(wrong)[0])
        mine, right = grading.apart(got[index], expected[index])
        where = f"{place}[{', '.join(map(str, index))}]" if index else place
        count = int(wrong.sum())
        more = f" ({count} of {wrong.size} values are wrong)" if count > 1 else ""
        return f"expected {where or 'the result'} to be {right}, got {mine}{more}"

    @staticmethod
    def wrong(got, expected, rtol, atol):
        """Mark the numbers that differ by more than they may."""
        if expected.dtype.kind not in "fc":
            return np.asarray(got != expected)
        with np.errstate(all="ignore"):
            close = np.abs(got - expected) <= np.maximum(rtol * np.abs(expected), atol)
            close &= np.isfinite(expected)
        return np.asarray(~(close | (got == expected) | (np.isnan(got) & np.isnan(expected))))

    @staticmethod
    def apart(got, expected):
        """Write two numbers with as many digits as it takes to see the difference."""
        pairs = ((grading.plain(got, d), grading.plain(expected, d)) for d in (6, 10, 17))
        return next((pair for pair in pairs if pair[0] != pair[1]), ("another", "this"))

    @staticmethod
    def forms(values, kinds, layouts=True):
        """Yield the same numbers as lists and as arrays of all `kinds` that hold them exactly.

        Arrays of two or more dimensions come in rows, in columns, and as every other element of a
        larger array.
        """
        values = np.asarray(values)
        for name in kinds.split():
            if name == "list":
                yield values.tolist()
                continue
            with np.errstate(all="ignore"):
                array = values.astype(name)
            if not np.array_equal(array, values):
                continue
            yield array
            if layouts and array.ndim:
                wide = np.zeros((*array.shape[:-1], 2 * array.shape[-1]), array.dtype)
                wide[..., ::2] = array
                yield wide[..., ::2]
            if layouts and array.ndim > 1:
                yield np.asfortranarray(array)

    @staticmethod
    def turns(*rows):
        """Yield tuples of one item of each row, so that each comes, but not each with every other.

        The items of a shorter row come again; if a row has none, nothing comes.
        """
        rows = [[*row] for row in rows]
        for turn in range(max(map(len, rows)) if all(rows) else 0):
            yield tuple(row[turn % len(row)] for row in rows)

    @staticmethod
    def fast(function, make, steps, given="", advice="let NumPy do the loop"):
        """Call a function with large data: it may take no longer than `steps` turns of a loop.

        What counts is the time of the processor, by the kernel: on a busy machine both wait, but
        neither takes more of it.
        """
        turns = range(20_000)
        loop = min(grading.seconds(lambda: [None for _ in turns]) for _ in range(5))
        loop *= steps / len(turns)
        for turn in range(3):
            arguments = make(turn)
            took = grading.seconds(lambda: function(*arguments.values()))
            if took < loop:
                return
        given = given or grading.given(function, arguments)
        raise AssertionError(
            f"{given}:\nexpected less time than {steps} turns of an empty loop, "
            f"got {took / loop:.1f} times as much: {advice}"
        )

    @staticmethod
    def seconds(run):
        """Return how much time of the processor a call takes."""
        from time import process_time

        start = process_time()
        run()
        return process_time() - start
