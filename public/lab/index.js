import { all, find, show } from "./lab.js";
import { done } from "./progress.js";

const KEY = "counterfoil-lab-table";

/** @typedef {{ strategy: string, attack: string, verdict: string, bytes?: number | null, defences?: string[] }} Cell */
/** @typedef {{ browser?: string, measured_at?: number, seconds?: number, cells: Cell[] }} Matrix */

const tried = done("pages");
for (const row of all("[data-progress]")) {
  if (tried.includes(row.dataset.progress ?? "")) find(".chip", row).textContent = "Tried";
  row.hidden = false;
}
find("[data-progress-note]").hidden = false;

/** How many cells there are to measure: in the others an attack does not apply. */
const total = all("[data-cell]").filter(({ textContent }) => textContent?.trim() === "not run").length;
const field = /** @type {HTMLTextAreaElement} */ (find("#table"));
const status = find("[data-show=status]");

/** @param {string} text */
function fill(text) {
  /** @type {Matrix} */
  const { browser = "a browser", measured_at, seconds, cells } = JSON.parse(text);
  for (const cell of all("[data-cell]")) {
    const measured = cells.find(({ strategy, attack }) => `${strategy}/${attack}` === cell.dataset.cell);
    if (!measured) continue;
    const verdict = all("[data-verdict]").find(({ dataset }) => dataset.verdict === measured.verdict);
    const bytes = measured.bytes ? `, ${measured.bytes} B` : "";
    const defences = measured.defences?.length ? ` (with ${measured.defences.join(", ")})` : "";
    cell.textContent = `${verdict?.textContent ?? "Unknown"}${bytes}${defences}`;
    cell.dataset.state = verdict?.dataset.breach === undefined ? "" : "failed";
  }
  const when = measured_at ? `, ${new Date(measured_at).toLocaleString()}` : "";
  find(".matrix caption").textContent = `Your table: ${browser}${when}`;
  const took = seconds ? ` in ${seconds} s` : "";
  find('[data-progress="/lab/storage"] .chip').textContent = `${cells.length} of ${total} run${took}`;
}

find("[aria-labelledby=own] button").addEventListener("click", () => {
  try {
    fill(field.value);
    localStorage.setItem(KEY, field.value);
    field.value = "";
    status.textContent = "Here it is.";
  } catch {
    status.textContent = "This is not a table as the control room copies it.";
  }
});

show();
try {
  const kept = localStorage.getItem(KEY);
  if (kept) fill(kept);
} catch {
  // What cannot be read any more is not shown.
}
