"""Objects and values that pass for what a test expects, or try to.

Each object has its code, what it does in a sentence, and whether it earns points from nbgrader
alone; each value its expression and the sentence.
"""

# ruff: noqa: E501 - what an attack sends reads best in one piece

from __future__ import annotations

EQUAL = """
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    __lt__ = __le__ = __gt__ = __ge__ = __eq__
    def __hash__(self): return 8
    def __bool__(self): return True
    def __contains__(self, item): return True
    def __len__(self): return 1
    value = 5.0
"""
NEAR = """
    def __sub__(self, other): return self
    __rsub__ = __isub__ = __truediv__ = __rtruediv__ = __pow__ = __matmul__ = __xor__ = __sub__
    def __abs__(self): return 0.0
    __float__ = __neg__ = __pos__ = __abs__
    def sum(self, *_, **__): return 0.0
    max = min = mean = item = sum
    def __iter__(self): return iter([self, self])
    def __len__(self): return 2
"""
OBJECTS = {
    "equals-everything": (f"class Liar:{EQUAL}", "Equals everything; a handle equals nothing.", True),
    "near-everything": (f"class Liar:{NEAR}", "Is at no distance from anything, whatever way a test measures.", True),
    "says-it-is-a-float": (
        f"class Liar:{EQUAL}{NEAR}    __class__ = float",
        "Says that its class is float; what counts is its type.", True),
    "is-any-array": ("""
class Liar:
    __array_priority__ = 1e9
    def __array__(self, *_, **__): return np.array([0.1, 0.2, 0.3, 0.4])
    def __array_ufunc__(self, *_, **__): return np.True_
    def __array_function__(self, *_, **__): return True
    def __len__(self): return 2
    def __getitem__(self, key): return 0.0
    def sum(self, *_, **__): return 0.0
""", "Answers for NumPy's functions through its protocols; they are not asked.", True),
    "memory-as-an-array": ("""
class Liar:
    __array_interface__ = {"data": (4096, False), "shape": (2**40,), "typestr": "<f8", "version": 3}
    __array_struct__ = 12345
    def __dlpack__(self, *_, **__): return 1
    def __buffer__(self, *_): return 1
    def __len__(self): return 4
""", "Names memory of the checker's as its content; the checker never looks at such names.", False),
    "has-every-attribute": ("""
class Liar:
    def __getattr__(self, name): return Liar()
    def __call__(self, *_, **__): return Liar()
    def __getitem__(self, key): return Liar()
""", "Has every attribute and item and can be called; all it gives are objects like itself.", False),
    "pickles-as-code": ("""
class Liar:
    def __reduce__(self): return (exec, ("raise SystemExit",))
    __reduce_ex__ = lambda self, _: self.__reduce__()
    __deepcopy__ = __copy__ = lambda self, *_: 6
""", "Would run code where it is unpickled or copied; nothing is pickled.", False),
    "endless-iteration": ("""
class Liar:
    def __iter__(self):
        while True: yield 0.2
    def __len__(self): return 2
""", "Iterates without end; the test stops at its time or at a length.", False),
    "impossible-length": ("""
class Liar:
    def __len__(self): return -1
    __length_hint__ = __index__ = lambda self: 2**62
    def __iter__(self): return iter(())
""", "Has an impossible length and no items.", False),
    "finalizer": ("""
class Liar:
    def __del__(self): print(6); raise SystemExit
""", "Acts when it is collected, which is in its own process.", False),
    "remembers-what-it-was-compared-with": ("""
class Liar:
    seen = 0.0
    def __sub__(self, other): self.seen = other; return self
    __rsub__ = __add__ = __radd__ = __mul__ = __rmul__ = __truediv__ = __sub__
    def __abs__(self): return self
    def __float__(self): return float(np.max(self.seen)) * 0
    __round__ = __len__ = __index__ = lambda self: 0
    max = sum = mean = lambda self, *_, **__: 0.0
    def __pow__(self, other): return self
    def __eq__(self, other): return self.seen == other
""", "Learns the expected value from an operator and answers with it; what it gives then is no number.", False),
    "metaclass": ("""
class Meta(type):
    def __instancecheck__(cls, other): return True
    def __eq__(cls, other): return True
    __hash__ = type.__hash__
    __call__ = lambda cls, *_, **__: cls
    __len__ = lambda cls: 1
class Liar(metaclass=Meta): value = 5.0
""", "Is a class that equals everything.", True),
}  # fmt: skip
VALUES = {
    "not-a-number": ("float('nan')", "NaN, which compares false with everything."),
    "nan-payload": (
        "np.frombuffer(b'\\x01\\0\\0\\0\\0\\0\\xf4\\x7f')[0]",
        "A signalling NaN with a payload.",
    ),
    "nan-array": ("np.full(2, np.nan)", "An array of NaN."),
    "infinity": ("float('inf')", "Infinity."),
    "empty-array": ("np.empty(0)", "An array without elements, of which everything is true."),
    "empty-list": ("[]", "A list without elements."),
    "true": ("True", "True, which is one."),
    "none": ("None", "None."),
    "huge-integer": ("1 << 10**6", "An integer that is too large to send."),
    "deep-nest": (
        "__import__('functools').reduce(lambda x, _: [x], range(10**4), 6)",
        "A list nested too deep.",
    ),
    "shared-nest": (
        "__import__('functools').reduce(lambda x, _: [x, x], range(60), 6)",
        "A small list that is huge written out.",
    ),
    "cycle": ("(lambda x: x.append(x) or x)([])", "A list that contains itself."),
    "huge-array": ("np.zeros(10**8)", "An array that is too large to send."),
    "stretched-array": (
        "np.broadcast_to(0.0, (10**6, 10**6))",
        "An array of one number that claims to be vast.",
    ),
    "object-array": ("np.array([{}, 6], dtype=object)", "An array of objects."),
    "structured-array": (
        "np.zeros(2, dtype=[('a', 'f8'), ('b', 'O')])",
        "An array of records with objects.",
    ),
    "masked-array": ("np.ma.masked_all(2)", "An array in which everything is masked."),
    "matrix": ("np.matrix([[0.25, 0.75]])", "A matrix, whose operators mean something else."),
    "not-a-time": ("np.array(['NaT', 'NaT'], dtype='M8[s]')", "Dates that are none."),
    "module": ("np", "A module."),
    "class": ("type('x', (), {})", "A class."),
    "endless-generator": ("__import__('itertools').repeat(0.2)", "A generator without end."),
    "not-implemented": ("NotImplemented", "NotImplemented, which hands a comparison over."),
    "ellipsis": ("...", "An ellipsis."),
    "test-function": ("lambda *_: _", "A function."),
}
