import { all, find } from "./lab.js";
import { done, forget, noteTried } from "./progress.js";

function render() {
  const tasks = all("[data-kind]");
  let finished = 0;
  for (const task of tasks) {
    const isDone = done(task.dataset.kind ?? "").includes(task.dataset.what ?? "");
    find(".said", task).textContent = isDone ? "✓ done" : "";
    task.dataset.state = isDone ? "done" : "open";
    if (isDone) finished += 1;
  }
  /** @type {HTMLProgressElement} */ (find("progress")).value = finished;
  find("[role=status]").textContent =
    finished === tasks.length ? `All ${finished} done.` : `${finished} of ${tasks.length} done.`;
  if (finished === tasks.length) noteTried();
}

find("[data-meter] button").addEventListener("click", () => {
  forget();
  render();
});
find("[data-meter]").hidden = false;
render();
