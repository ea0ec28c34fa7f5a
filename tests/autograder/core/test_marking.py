"""The marks of tests, against nbgrader's reading of the outputs that stand for them."""

from hypothesis import example, given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, output_from_msg
from nbgrader.utils import determine_grade

from autograder.core.marking import judge, of_outputs, score_of
from autograder.remote.answer import Answer

POINTS = 2.0
numbers = st.none() | st.floats() | st.sampled_from([0.0, 0.5, POINTS, -1.0, 3.0])
said = st.sampled_from(["", "said"])
answers = st.builds(
    Answer,
    status=st.sampled_from(["passed", "failed", "unjudged", "instructor", "timeout", "lost"]),
    ename=st.sampled_from(["", "AssertionError"]),
    evalue=said,
    points=numbers,
    stdout=said,
    stderr=said,
)
RESULTS = {
    text: {"output_type": "execute_result", "data": {"text/plain": text}, "metadata": {}}
    for text in ("0.5", "2", "nan", "-1", "3", "np.float64(1.5)", "[1]", "half")
}
outputs = st.sampled_from(
    [
        {"output_type": "stream", "name": "stdout", "text": "said"},
        {"output_type": "stream", "name": "stderr", "text": "said"},
        {"output_type": "error", "ename": "E", "evalue": "x", "traceback": []},
        {"output_type": "display_data", "data": {"text/plain": "0.5"}, "metadata": {}},
        *RESULTS.values(),
    ]
)
inside = st.builds(of_outputs, st.lists(outputs, max_size=4), finished=st.booleans())


@given(answers | inside)
@example(Answer(points=0.5))
@example(of_outputs([RESULTS["[1]"], RESULTS["0.5"]], finished=True))
@settings(max_examples=300, deadline=None)
def test_nbgrader_reads_the_same_score_from_the_outputs(answer):
    verdict, _, outputs = judge(answer, POINTS, count=1)
    metadata = {"grade": True, "solution": False, "points": POINTS, "grade_id": "test"}
    cell = new_code_cell(metadata={"nbgrader": metadata})
    cell.outputs = [new(output) for output in outputs]
    assert determine_grade(cell) == (score_of(verdict, answer, POINTS), POINTS)


def new(output):
    return output_from_msg(
        {"header": {"msg_type": output["output_type"]}, "content": {"execution_count": 1, **output}}
    )
