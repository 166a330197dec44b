import { all, find } from "./lab.js";
import { done } from "./progress.js";

const tried = done("pages");
for (const row of all("[data-progress]")) {
  if (tried.includes(row.dataset.progress ?? "")) find(".chip", row).textContent = "Tried";
  row.hidden = false;
}
find("[data-progress-note]").hidden = false;
