"""How fast the playground trains, beside the same network as a graph of objects.

Both sides train the same network on the same data in the same page, in turns: *ours* is
`shallow/widgets/model/playground.js`, the other `playground_objects.js` in this folder, written
after the published algorithm of TensorFlow Playground. A step is one update by one minibatch.

Then the page trains while the browser counts the tasks that take longer than 50 ms.

Writes `_build/bench/playground.json`: steps per second of each (medians over the rounds), the ratio
of the two, and the long tasks.
"""

import json
import statistics

import pytest

from tests.browser.controls import button, field
from tests.conftest import MOUNTED, ROOT

NETWORKS = {
    "2-4-2-1, tanh": {"sizes": [2, 4, 2, 1], "activation": "tanh"},
    "2-8-8-1, tanh": {"sizes": [2, 8, 8, 1], "activation": "tanh"},
    "2-8-8-8-8-1, tanh": {"sizes": [2, 8, 8, 8, 8, 1], "activation": "tanh"},
    "2-8-8-1, ReLU": {"sizes": [2, 8, 8, 1], "activation": "relu"},
    "2-8-8-8-8-1, ReLU": {"sizes": [2, 8, 8, 8, 8, 1], "activation": "relu"},
}
BATCH = 10  # the default of both playgrounds
ROUNDS, MILLISECONDS = 9, 150
MEASURE = """
async ([root, { sizes, activation }, batch, rounds, milliseconds]) => {
  const ours = await import(`${root}/shallow/widgets/model/playground.js`);
  const theirs = await import(`${root}/tests/benchmarks/playground_objects.js`);
  const { shape } = await import(`${root}/shallow/widgets/model/shapes.js`);
  const points = shape("moons", 200, 0.2, 1);
  const X = points.map(([x1, x2]) => [x1, x2]);
  const y = points.map((point) => point[2]);
  const rate = 0.03;
  const theta = ours.initial(sizes, activation, 1);

  // First the same numbers: three epochs from the same weights in the same order.
  const setup = { sizes, activation, theta, X, y, rate, l2: 0, batch, seed: 1 };
  const trainer = new ours.Trainer(setup);
  const layers = theirs.build(sizes, activation, theta);
  for (let epoch = 0; epoch < 3; epoch += 1) {
    theirs.epoch(layers, X, y, ours.shuffled(X.length, 1 + 10_000 * epoch), batch, rate);
    trainer.run();
  }
  const here = Array.from(trainer.network.theta);
  const there = theirs.parameters(layers);
  const difference = Math.max(...there.map((value, k) => Math.abs(value - here[k])));
  const moved = Math.max(...here.map((value, k) => Math.abs(value - theta[k])));

  const rows = X.map((_, i) => i);
  const sides = {
    ours: () => trainer.run(),
    objects: () => theirs.epoch(layers, X, y, rows, batch, rate),
  };
  const rates = { ours: [], objects: [] };
  for (let round = -2; round < rounds; round += 1) { // two rounds to warm up
    for (const [side, run] of Object.entries(sides)) {
      const from = performance.now();
      let epochs = 0;
      while (performance.now() - from < milliseconds) {
        run();
        epochs += 1;
      }
      const steps = epochs * Math.ceil(X.length / batch);
      if (round >= 0) rates[side].push((1000 * steps) / (performance.now() - from));
    }
  }
  return { difference, moved, rates };
}
"""
# The browser calls every task of more than 50 ms long.
LONG_TASKS = """
async (seconds) => {
  const tasks = [];
  new PerformanceObserver((list) => tasks.push(...list.getEntries().map((task) => task.duration)))
    .observe({ type: "longtask" });
  await new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
  return tasks;
}
"""
SECONDS = 10
STATES = {
    "as it opens": "",
    "the largest network": "?data=spirals&hidden=[8,8,8,8]&speed=100&points=200"
    "&x1_squared=true&x2_squared=true&product=true&sin_x1=true&sin_x2=true",
}


@pytest.fixture(scope="module")
def report():
    """Figures of the whole; written at the end."""
    figures = {}
    yield figures
    target = ROOT / "_build" / "bench" / "playground.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(figures, indent=2) + "\n")
    print(f"\nwritten to {target.relative_to(ROOT)}")


def test_steps(browser, repo_url, report):
    """Report each network; the two sides take turns, so that the machine's load hits both."""
    networks = report["networks"] = {}
    for name, network in NETWORKS.items():
        page = browser.new_page()
        page.goto(f"{repo_url}/shallow/widgets/kit/kit.css")
        found = page.evaluate(MEASURE, [repo_url, network, BATCH, ROUNDS, MILLISECONDS])
        page.close()
        assert found["difference"] < 1e-9 < found["moved"], "both sides compute the same numbers"
        medians = {side: statistics.median(rates) for side, rates in found["rates"].items()}
        ratio = medians["ours"] / medians["objects"]
        networks[name] = {
            "steps per second": medians,
            "ratio": ratio,
            "difference": found["difference"],
        }
        print(
            f"\n{name}: {medians['ours']:,.0f} steps per second, as objects"
            f" {medians['objects']:,.0f}: {ratio:.1f} times",
            end="",
        )
    report["ratio"] = statistics.geometric_mean(found["ratio"] for found in networks.values())
    print(f"\n{report['ratio']:.1f} times as fast, in the geometric mean")


@pytest.mark.parametrize("name", STATES)
def test_page_stays_responsive(page, site_url, report, name):
    """Report the long tasks while the widget of the chapter trains."""
    page.goto(f"{site_url}/chapters/training.html#playground{STATES[name]}")
    page.wait_for_function(MOUNTED)
    page.wait_for_load_state("networkidle")
    widget = page.get_by_role("region", name="Playground").first
    button(widget, "Play").click()
    page.wait_for_timeout(1000)
    before = int(field(widget, "Epochs").input_value())
    tasks = page.evaluate(LONG_TASKS, SECONDS)
    epochs = int(field(widget, "Epochs").input_value()) - before
    assert epochs > 0, "it trains while it is watched"
    longest = max(tasks, default=0)
    found = {"count": len(tasks), "longest": longest, "seconds": SECONDS, "epochs": epochs}
    report.setdefault("long tasks", {})[name] = found
    print(
        f"\n{name}: {len(tasks)} long tasks in {SECONDS} s and {epochs} epochs,"
        f" at most {longest:.0f} ms"
    )
