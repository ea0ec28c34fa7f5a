"""Attacks on the connection: messages to the worker and to the checker that are not what they expect."""

# ruff: noqa: E501 - what an attack sends reads best in one piece

from __future__ import annotations

import pytest

from tests.security.attacks import Attack

pytestmark = pytest.mark.xdist_group("security")  # they share one graded class

WIRE = """
import gc, os, socket, struct, time
from autograder.remote import wire as _wire
channel = next(item for item in gc.get_objects() if type(item).__name__ == "Channel")
connection = channel.connection
def frame(value):
    body = value if isinstance(value, bytes) else _wire.encode(value, lambda x: x)
    return struct.pack("<I", len(body)) + body
def say(*values):
    connection.settimeout(None)
    connection.sendall(b"".join(map(frame, values)))
def answers(act):
    def answer(*_):
        act()
        return 0
    globals().update(double=answer, scale=answer, apply=answer, Total=answer)
"""
ERROR = '{"kind": "raised", "name": "x", "text": "x", "class": %s, "args": %s, "traceback": ""}'
SET = "frame(('=', [i * (2**61 - 1) for i in range(100_000)], {})).replace(b'l', b'S', 1)"

# What is said instead of an answer, first to the worker at the end of a cell, then to a test.
MESSAGES = {
    "garbage": ("b'\\xff' * 999", "Bytes that are no message."),
    "endless-length": ("struct.pack('<I', 2**32 - 1)", "A message of four gigabytes, says its length."),
    "truncated": ("frame(('=', 6, {}))[:-3]", "Half of a message, and then nothing."),
    "unknown-tag": ("frame(b'?nothing')", "A value of no known type."),
    "lying-count": ("frame(b'l' + b'\\xff' * 4)", "A list with more items than bytes."),
    "lying-shape": ("frame(b't\\3\\0\\0\\0' + _wire.encode('=') + b'a' + struct.pack('<I3sIqqI', 3, b'<f8', 16, 2**40, 2**40, 0) + b'd\\0\\0\\0\\0')", "An array that is larger than its bytes."),
    "negative-shape": ("frame(b't\\3\\0\\0\\0' + _wire.encode('=') + b'a' + struct.pack('<I3sIqI', 3, b'<f8', 8, -1, 8) + bytes(8) + b'd\\0\\0\\0\\0')", "An array of negative size."),
    "object-dtype": ("frame(b't\\3\\0\\0\\0' + _wire.encode('=') + b'a' + struct.pack('<I2sIqI', 2, b'|O', 8, 1, 8) + bytes(8) + b'd\\0\\0\\0\\0')", "An array of pointers."),
    "record-dtype": ("frame(b't\\3\\0\\0\\0' + _wire.encode('=') + b'D' + struct.pack('<I6s', 6, b'i4,O,O') + b'd\\0\\0\\0\\0')", "A dtype that is not plain."),
    "foreign-type": ("frame(b't\\3\\0\\0\\0' + _wire.encode('=') + b'Y' + struct.pack('<I9s', 9, b'os.system') + b'd\\0\\0\\0\\0')", "A type by a name that the wire does not know."),
    "unhashable-key": ("frame(b't\\3\\0\\0\\0' + _wire.encode('=') + b'd\\1\\0\\0\\0' + _wire.encode([]) * 2 + b'd\\0\\0\\0\\0')", "A dictionary with a list for a key."),
    "equal-hashes": (SET, "A set that would take minutes to build."),
    "equal-hashes-in-a-dict": ("frame(b't\\3\\0\\0\\0' + _wire.encode('=') + b'd' + struct.pack('<I', 80_000) + b''.join(_wire.encode(i * (2**61 - 1)) + b'N' for i in range(80_000)) + b'd\\0\\0\\0\\0')", "A dictionary that would take minutes to build."),
    "many-items": ("frame(b'l' + struct.pack('<I', 3_000_000) + b'N' * 3_000_000)", "A list of more items than a message may have."),
    "too-deep": ("frame(b't\\1\\0\\0\\0' * 5000 + b'N')", "A value nested thousands deep."),
    "vast-integer": ("frame(b'i' + struct.pack('<I', 10**6) + b'\\x7f' * 10**6)", "An integer of a million bytes."),
    "no-unicode": ("frame(b't\\3\\0\\0\\0' + _wire.encode('=') + b'a' + struct.pack('<I3sIqI', 3, b'<U1', 8, 1, 4) + b'\\xff' * 4 + b'd\\0\\0\\0\\0')", "Text beyond Unicode."),
    "no-handle": ("frame(('=', _wire.Reference(False, 99, 'object', 'x'), {}))", "A reference to a function that no test has sent."),
    "odd-number": ("frame(b't\\3\\0\\0\\0' + _wire.encode('=') + b'o' + struct.pack('<I2sI8sI1s', 2, b'xx', 8, b'callable', 1, b'x') + b'd\\0\\0\\0\\0')", "A reference whose number is none."),
    "changes-of-nothing": ("frame(('=', 6, {99: 6, -1: 6, 'x': 6}))", "Changes of arguments that were not sent."),
    "no-answer": ("frame(('*', 6, {}))", "A message that is neither request nor answer."),
    "odd-request": ("frame(('?', 'call', [6, None], ['a', 'b', 'c']))", "A request with more names than arguments."),
    "odd-error": ("frame(('!', 6, {}))", "An error that is none."),
    "error-of-the-grader": (f"frame(('!', {ERROR % (('autograder.remote.raised', 'InstructorError'), '()')}, {{}}))", "An error in the grader's name."),
    "error-of-another-shape": (f"frame(('!', {ERROR % (('builtins', 'UnicodeDecodeError'), '(1, 2, 3)')}, {{}}))", "A builtin exception with arguments that it does not take."),
    "skipped": (f"frame(('!', {ERROR % (('unittest.case', 'SkipTest'), '()')}, {{}}))", "An exception that lets a test framework skip the test."),
    "error-of-the-test": ("frame(('!', {'kind': 'returned', 'number': 99}, {}))", "An exception of the test's that no function of it has raised."),
    "refusals": ("frame(('!', " + ERROR.replace("raised", "refused") % ("None", "('PASSED',)") + ", {}))", "A refusal in the grader's words."),
    "skips-by-class": ("frame(b't\\3\\0\\0\\0' + _wire.encode('=') + b'X' + struct.pack('<I8sI8s', 8, b'unittest', 8, b'SkipTest') + b'd\\0\\0\\0\\0')", "A class of exceptions that it may not name."),
    "strange-class": ("frame(b't\\3\\0\\0\\0' + _wire.encode('=') + b'Co' + struct.pack('<I1sII', 1, b'7', 0, 0) + _wire.encode(('enumeration', 'E', 'Enum', {'_missing_': 1})) + b'd\\0\\0\\0\\0')", "A class with members that are none."),
    "pointers-in-records": ("frame(b't\\3\\0\\0\\0' + _wire.encode('=') + b'V' + struct.pack('<I7s', 7, b'records') + _wire.encode((('fields', (('a', '|O', 0),), 8), (1,), bytes(8), True)) + b'd\\0\\0\\0\\0')", "Records of pointers."),
    "not-held": ("frame(b't\\3\\0\\0\\0' + _wire.encode('=') + b'@\\xff\\0\\0\\0' + b'd\\0\\0\\0\\0')", "An object of the request that the request does not have."),
}  # fmt: skip

OUTPUTS = """
forged = {"output_type": "execute_result", "data": {"text/plain": "16"}, "metadata": {}}
for output in (
    forged, forged | {"score": 16}, forged | {"data": {"text/plain": 16}}, {"output_type": "grade"},
    forged | {"data": {"../../x": "x", "text/html": ["<script>"], "application/json": {"a": float("nan")}}},
    forged | {"metadata": {"nbgrader": {"points": 16, "grade": True}}}, None, 6, [forged] * 9,
    {"output_type": "error", "ename": 1, "evalue": None, "traceback": "x"},
    {"output_type": "stream", "name": "stdin", "text": "x"},
    {"output_type": "stream", "name": "stdout", "text": "\\ud800\\udfff"},
    {"output_type": "update_display_data", "display_id": "x", "data": 1, "metadata": 1},
    {"output_type": "clear_output", "wait": "no"},
):
    try: channel.request("output", output)
    except Exception as error: print(type(error).__name__)
"""
FUNCTION = """
message = {message}
def tell():
    connection.settimeout(None)
    connection.sendall(message)
    time.sleep(0.01)
    os._exit(0)
answers(tell)
"""

ATTACKS = [
    *(
        Attack(
            f"worker-gets-{name}",
            f"Tells the worker, at the end of a cell: {about[0].lower()}{about[1:]}",
            f"{WIRE}\nprint('telling')\nconnection.settimeout(None)\nconnection.sendall({message})\n"
            + ("time.sleep(60)" if name == "truncated" else "os._exit(0)"),
            right=True,
            finishes=False,
            says=("telling",),
            # an error of any shape is the cell's end, so the cell is run again, and exits again
            earns=0.0 if name == "odd-error" else None,
        )
        for name, (message, about) in MESSAGES.items()
        if name
        in (
            "garbage",
            "endless-length",
            "truncated",
            "equal-hashes",
            "many-items",
            "too-deep",
            "no-answer",
            "odd-request",
            "odd-error",
            "no-handle",
        )
    ),
    *(
        Attack(
            f"checker-gets-{name}",
            f"Tells the checker, instead of an answer: {about[0].lower()}{about[1:]}",
            WIRE + FUNCTION.format(message=message),
        )
        for name, (message, about) in MESSAGES.items()
    ),
    Attack(
        "answers-in-advance",
        "Queues answers to questions that were not asked yet; they answer whatever comes next, wrongly.",
        WIRE + "print('queued')\nsay(*[('=', None, {})], *[('=', 1.5, {})] * 40)",
        finishes=False,
    ),
    Attack(
        "answers-twice",
        "Answers each question of a test twice; the second answer is to the next question.",
        WIRE + "answers(lambda: say(('=', 1.5, {}), ('=', 1.5, {})))",
    ),
    Attack(
        "one-byte-at-a-time",
        "Sends an answer byte by byte, with pauses; the test's time counts from its start.",
        WIRE
        + """
def drip(slow=[0.2]):
    connection.settimeout(None)
    pause = slow.pop() if slow else 0
    for byte in frame(("=", list(range(99)), {})):
        connection.sendall(bytes([byte]))
        time.sleep(pause)
answers(drip)
""",
    ),
    Attack(
        "orders-to-the-worker",
        "Asks the worker for what only the worker may ask; it knows one request, for outputs.",
        WIRE
        + """
for request in (("fork", "checker", {}), ("end", 1), ("preload", ["os"]), ("check", "1"), ("attach",),
                ("prepare", [], {"../x": b""}), ("files", {"/x": b""}), ("run", "1"), ("call", print)):
    try: print(channel.request(*request))
    except Exception as error: print(type(error).__name__, error)
""",
        right=True,
        says=("the student's process asks for",),
    ),
    Attack(
        "orders-to-the-checker",
        "Asks the checker, while it waits, for names, checks and calls of what it was not given.",
        WIRE
        + """
seen = []
def order():
    for request in (("check", "1"), ("name", "secret"), ("attach",), ("getattr", 0, "__globals__"),
                    ("call", 0), ("call", "print"), ("call",), ("output", {"output_type": "points"})):
        try: seen.append(channel.request(*request))
        except Exception as error: seen.append(str(error))
    print(seen)
answers(order)
""",
    ),
    Attack(
        "forged-outputs-on-the-wire",
        "Sends outputs that are none, or full marks, past its own shell; they stay outputs of the cell.",
        WIRE + OUTPUTS,
        right=True,
    ),
    Attack(
        "callback-storm",
        "Calls the test's function without end; the test's time ends it.",
        """
def apply(function, items):
    while True: function(1)
""",
    ),
    Attack(
        "callback-with-anything",
        "Calls the test's function with handles, functions, too much and too little.",
        """
def apply(function, items):
    for arguments in ((), (1, 2, 3), (function,), (apply,), (object(),), ([[]] * 9,), (np.ones(3),)):
        attempt(function, *arguments)
    attempt(function, x=1, **{"not a name": 2})
    return [2, 3]
""",
    ),
    Attack(
        "descriptors-over-the-wire",
        "Passes descriptors to the worker over the socket; it takes bytes only.",
        WIRE
        + """
ends = socket.socketpair()
for _ in range(50):
    connection.settimeout(None)
    body = frame(("?", "output", _wire.encode([None]), []))
    socket.send_fds(connection, [body[:1]], [ends[0].fileno(), 0, 1])
    connection.sendall(body[1:])
    channel.receive()
print("passed")
""",
        right=True,
        says=("passed",),
    ),
    Attack(
        "forks-that-speak",
        "Has forks speak on the parent's connection; what they say is the submission's own word.",
        WIRE
        + """
if os.fork() == 0:
    for _ in range(100):
        try: connection.sendall(frame(("=", 1.5, {})))
        except OSError: break
        time.sleep(0.01)
    os._exit(0)
time.sleep(0.3)
""",
        finishes=False,
    ),
    Attack(
        "closed-connection",
        "Shuts the connection down in the middle of a cell; a fresh process goes on.",
        WIRE + "print('closing')\nconnection.shutdown(socket.SHUT_RDWR)\ntime.sleep(60)",
        right=True,
        finishes=False,
    ),
    Attack(
        "silence",
        "Never answers a cell, and holds the connection open.",
        WIRE
        + "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 30))\ntime.sleep(600)",
        right=True,
        finishes=False,
        says=("ignored its interrupt",),
    ),
]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_fails(attack, graded):
    graded.check(attack)
