import { all, find } from "./lab.js";
import { done, note, noteTried } from "./progress.js";

const forms = all("[data-question]");
const score = find("[data-score]");

function render() {
  const right = done("quiz").length;
  score.textContent =
    right === forms.length ? `All ${right} right.` : `${right} of ${forms.length} right so far.`;
  if (right === forms.length) noteTried();
}

for (const form of forms) {
  const explanation = /** @type {HTMLDetailsElement} */ (find("details", form));
  const status = find("[role=status]", form);
  explanation.hidden = true;
  find("button", form).hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = form.querySelector("input:checked");
    if (!(chosen instanceof HTMLInputElement)) {
      status.textContent = "Choose an answer first.";
      return;
    }
    const isRight = chosen.value === form.dataset.right;
    status.textContent = isRight ? "Right." : "Not quite. The answer below says why.";
    form.dataset.state = isRight ? "right" : "wrong";
    explanation.hidden = false;
    explanation.open = true;
    if (isRight) note("quiz", form.dataset.question ?? "");
    render();
  });
}
score.hidden = false;
render();
