/** The page on which a person marks answers: one question at a time, by keyboard if wanted. */

const element = (id) => document.getElementById(id);
const questions = JSON.parse(element("data").textContent);
let question = 0;
let answer = 0;

const current = () => questions[question].answers[answer];
const number = (score) => (score === null ? "" : String(score));

/** Comments of this question, the most used first. */
function used() {
  const counts = new Map();
  for (const { comment } of questions[question].answers) {
    if (comment) counts.set(comment, (counts.get(comment) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]).map(([comment]) => comment).slice(0, 9);
}

function add(comment) {
  const field = element("comment");
  if (!field.value.includes(comment)) field.value = [field.value, comment].filter(Boolean).join("\n");
  field.focus();
}

function show() {
  const { title, points, statement, rubric, answers } = questions[question];
  const { student, html, score, comment } = current();
  const waiting = answers.filter((one) => one.score === null).length;
  element("question").value = String(question);
  element("where").textContent =
    `Answer ${answer + 1} of ${answers.length}${student ? `, ${student}` : ""}; ${waiting} not marked`;
  element("answer-title").textContent = `Answer ${answer + 1}: ${title}`;
  element("answer").innerHTML = html || "<p>No answer.</p>";
  element("rubric").innerHTML = rubric || "<p>The source has none.</p>";
  element("statement").innerHTML = statement;
  element("points").textContent = String(points);
  element("score").max = String(points);
  element("score").value = number(score);
  element("comment").value = comment;
  element("used").replaceChildren(
    ...used().map((text, k) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = `${k + 1}. ${text}`;
      button.addEventListener("click", () => add(text));
      item.append(button);
      return item;
    }),
  );
}

function go(step) {
  const { answers } = questions[question];
  answer = Math.min(Math.max(answer + step, 0), answers.length - 1);
  show();
}

function change(to) {
  question = (to + questions.length) % questions.length;
  answer = Math.max(questions[question].answers.findIndex((one) => one.score === null), 0);
  show();
}

/** The next answer that is not marked: of this question, then of the others. */
function unmarked() {
  for (let k = 0; k <= questions.length; k += 1) {
    const place = (question + k) % questions.length;
    const { answers } = questions[place];
    const from = k === 0 ? answer + 1 : 0;
    const found = answers.findIndex((one, j) => j >= from && one.score === null);
    if (found >= 0) {
      [question, answer] = [place, found];
      return show();
    }
  }
  element("said").textContent = "Everything is marked.";
  return show();
}

async function save() {
  const mine = current();
  const text = element("score").value.trim();
  const mark = { id: mine.id, score: text === "" ? null : Number(text), comment: element("comment").value };
  const said = element("said");
  if (!element("score").validity.valid) {
    said.textContent = `Not saved: give 0 to ${questions[question].points} points.`;
    return;
  }
  try {
    const response = await fetch("mark", { method: "POST", body: JSON.stringify(mark) });
    if (!response.ok) throw new Error(await response.text());
  } catch (error) {
    said.textContent = `Not saved: ${error.message}.`;
    return;
  }
  Object.assign(mine, { score: mark.score, comment: mark.comment.trim() });
  said.textContent = `Saved: ${mark.score === null ? "not marked" : `${mark.score} points`}.`;
  if (questions[question].answers.length > answer + 1) go(1);
  else show();
  element("score").focus();
  element("score").select();
}

const KEYS = {
  ArrowLeft: () => go(-1),
  ArrowRight: () => go(1),
  ArrowUp: () => change(question - 1),
  ArrowDown: () => change(question + 1),
  u: unmarked,
  p: () => element("score").focus(),
  c: () => element("comment").focus(),
};

function press(event) {
  const field = event.target.closest("input, textarea, select, button");
  if (event.key === "Enter" && (event.target.id === "score" || (event.ctrlKey && field))) {
    event.preventDefault();
    save();
  } else if (event.key === "Escape" && field) {
    field.blur();
  } else if (!field && !event.ctrlKey && !event.altKey && !event.metaKey) {
    const comment = /^[1-9]$/.test(event.key) ? used()[Number(event.key) - 1] : undefined;
    const act = comment ? () => add(comment) : KEYS[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  }
}

if (questions.length) {
  questions.forEach(({ title, points }, k) => element("question").add(new Option(`${title} (${points})`, k)));
  element("question").addEventListener("change", (event) => change(Number(event.target.value)));
  element("previous").addEventListener("click", () => go(-1));
  element("next").addEventListener("click", () => go(1));
  element("unmarked").addEventListener("click", unmarked);
  element("save").addEventListener("click", save);
  document.addEventListener("keydown", press);
  change(0);
}
