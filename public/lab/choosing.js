import { find, onPress, post, show } from "./lab.js";
import { noteTried } from "./progress.js";

/** @param {string} selector */
const number = (selector) => /** @type {HTMLInputElement} */ (find(selector)).valueAsNumber;

/** @param {number} minutes */
function inWords(minutes) {
  if (minutes < 60) return `${round(minutes)} minutes`;
  if (minutes < 48 * 60) return `${round(minutes / 60)} hours`;
  return `${round(minutes / 60 / 24)} days`;
}

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

for (const [selectors, render] of /** @type {const} */ ([
  [["#verifiers"], forgers],
  [["#minutes", "#pages"], theft],
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
