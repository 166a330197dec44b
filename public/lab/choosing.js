import { find, onPress, post, show } from "./lab.js";
import { noteTried } from "./progress.js";

/** @param {string} selector */
const number = (selector) => /** @type {HTMLInputElement} */ (find(selector)).valueAsNumber;

/** @param {number} minutes */
function inWords(minutes) {
  if (minutes < 60) return many(minutes, "minute");
  if (minutes < 48 * 60) return many(minutes / 60, "hour");
  return many(minutes / 60 / 24, "day");
}

/** @param {number} count @param {string} unit */
const many = (count, unit) => `${round(count)} ${unit}${round(count) === "1" ? "" : "s"}`;

/** @param {number} value */
const round = (value) => Number(value.toPrecision(2)).toLocaleString();

function forgers() {
  const others = number("#verifiers");
  find("[data-show=forgers]").textContent =
    Number.isInteger(others) && others >= 0
      ? `With HS256 ${others + 1 === 1 ? "one program" : `${others + 1} programs`} could forge a token for anybody; ` +
        `with RS256, ES256 or EdDSA one could. ${
          others === 0 ? "HS256 will do." : "Use a key pair, and publish the public half as a JWKS."
        }`
      : "";
}

function theft() {
  const [minutes, pages] = [number("#minutes"), number("#pages")];
  find("[data-show=theft]").textContent =
    minutes > 0 && pages > 0
      ? `A stolen token works for ${inWords(minutes)} at most and ${inWords(minutes / 2)} on average, or until somebody ` +
        `signs out. That costs ${round(pages / minutes / 60)} refreshes a second.`
      : "";
}

function place() {
  const [minutes, days, open] = [number("#minutes"), number("#session-days"), number("#open-minutes")];
  if (!(minutes > 0 && days > 0 && open >= 0)) return void (find("[data-show=place]").textContent = "");
  const session = days * 24 * 60;
  const here = `acts as you for ${inWords(open)}, while the page is open`;
  /** @type {Record<string, string>} */
  const thefts = {
    storage: `The script carries both tokens away and is you from anywhere for ${inWords(session)}, long after the page is closed.`,
    cookie: `The script carries nothing away. It ${here}, and no longer.`,
    memory: `The script ${here}, and what it has carried away works for ${inWords(minutes)} more at most: ${inWords(open + minutes)} in all.`,
  };
  find("[data-show=place]").textContent =
    thefts[/** @type {HTMLSelectElement} */ (find("#place-of")).value] ?? "";
}

for (const [selectors, render] of /** @type {const} */ ([
  [["#verifiers"], forgers],
  [["#minutes", "#pages"], theft],
  [["#place-of", "#minutes", "#session-days", "#open-minutes"], place],
])) {
  for (const selector of selectors) find(selector).addEventListener("input", () => (render(), noteTried()));
  render();
}

const measured = find("[data-show=measured]");
onPress(find("[data-do=measure]"), measured, async () => {
  for (const cost of [10, 11, 12, 13, 14]) {
    measured.textContent = `Measuring ${cost}…`;
    const { milliseconds } = await post("/lab/api/measure", { cost });
    find(`[data-cost="${cost}"]`).textContent = `${milliseconds} ms`;
    const guesses = milliseconds > 0 ? 86_400_000 / milliseconds : 0;
    find(`[data-guesses="${cost}"]`).textContent = round(guesses);
  }
  measured.textContent = "Measured. Each step should have doubled the time.";
  noteTried();
});
show();
