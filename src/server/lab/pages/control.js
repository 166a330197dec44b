// Runs attacks: sets the victim up, starts the attack, and waits for what the servers logged to prove something.
import { showEvidence } from "./evidence.js";
import { follow, forget } from "./notebook.js";

const PATIENCE = 8_000;
const PAUSE = 80;

const { victim, attacker, sibling } = document.body.dataset;
const at = (id) => document.getElementById(id);
const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
const cells = [...document.querySelectorAll("#matrix td[data-cell]")];
const outcomes = new Map();
const needsPopup = (attack) => ["csrf-background", "csrf-form", "sibling-port"].includes(attack);
const pairOf = (cell) => cell.dataset.cell.split("/");
let lab = null;
let popup = null;
let running = false;

/** The browser's name and version, as it gives them. */
function browser() {
  const brand = navigator.userAgentData?.brands.find(({ brand }) => !/not.a.brand/i.test(brand));
  if (brand) return `${brand.brand} ${brand.version}`;
  const named = /(Firefox|Version)\/[\d.]+/.exec(navigator.userAgent)?.[0] ?? navigator.userAgent;
  return named.replace("Version/", "Safari ").replace("/", " ");
}

async function ask(method, path, body) {
  const init = { method, headers: { "content-type": "application/json" } };
  if (body !== undefined) init.body = JSON.stringify(body);
  const answer = await fetch(path, init);
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  return answer;
}

const json = async (...request) => (await ask(...request)).json();

async function openLab() {
  ({ lab } = await json("POST", "/labs", { browser: browser() }));
  at("victim").src = `${victim}/${lab}/bank`;
  document.body.dataset.lab = lab;
}

/** How the victim is to be set up, by the form. */
function chosen() {
  const form = new FormData(at("plan"));
  return { defences: form.getAll("defence"), hole: form.get("hole") };
}

/**
 * Popups open for a click alone, so one is opened at the start of a run and sent from page to page. It opens empty: a
 * page that is still on its way could arrive after the first one that it is sent to.
 */
function openPopup() {
  if (popup && !popup.closed) return;
  popup = window.open("", "counterfoil-lab-attacker", "popup,width=480,height=320");
}

/** Sends the victim's frame elsewhere, and waits until it is there. */
async function send(url) {
  const there = new Promise((resolve) => at("victim").addEventListener("load", resolve, { once: true }));
  at("victim").src = url;
  await there;
}

/**
 * Starts an attack on a victim that is signed in. The popup keeps no history: to a site that stands in it between two
 * visits to another one, Firefox sends cookies that it would otherwise keep back.
 */
function start(attack, run) {
  if (attack === "csrf-background" || attack === "csrf-form") {
    popup.location.replace(`${attacker}/${lab}?run=${run}#${attack}`);
  } else if (attack === "sibling-port") {
    popup.location.replace(`${sibling}/${lab}?run=${run}#attack`);
  } else if (attack === "after-reload") {
    at("victim").src = `${victim}/${lab}/bank?run=${run}`;
  }
}

/** Runs one attack on one strategy until the logs prove something, and gives what kept them from it, if anything did. */
async function attempt(strategy, attack, setting) {
  const path = `/labs/${lab}/run`;
  // The page of the run before would read the guestbook of this one.
  await send("about:blank");
  const { run } = await json("POST", path, { strategy, attack, ...setting });
  if (needsPopup(attack) && (!popup || popup.closed)) return "popup-blocked";
  const reached = await fetch(`${attacker}/${lab}/plant/${attack}`, { method: "POST" }).catch(() => undefined);
  if (!reached || reached.status >= 500) return "unreachable";
  at("victim").src = `${victim}/${lab}/bank?as=alice&run=${run}`;

  const deadline = performance.now() + PATIENCE;
  let started = false;
  while (performance.now() < deadline) {
    const { judgement, signed_in } = await json("GET", path);
    if (judgement.verdict !== "inconclusive") return null;
    if (signed_in && !started) {
      started = true;
      start(attack, run);
    }
    await pause(PAUSE);
  }
  return "timed-out";
}

/** Runs cells one after the other; the logs of one run end where the next begins. */
async function runAll(chosenCells) {
  if (running) return;
  running = true;
  document.body.setAttribute("aria-busy", "true");
  const began = performance.now();
  let seconds = 0;
  try {
    if (!lab) await openLab();
    if (chosenCells.some((cell) => needsPopup(pairOf(cell)[1]))) openPopup();
    const setting = chosen();
    for (const [index, cell] of chosenCells.entries()) {
      const [strategy, attack] = pairOf(cell);
      say(`Running ${index + 1} of ${chosenCells.length}.`, false);
      cell.setAttribute("aria-busy", "true");
      const obstacle = await attempt(strategy, attack, setting);
      seconds = Math.round((performance.now() - began) / 1000);
      const conclusion = { obstacle, seconds: index + 1 === cells.length ? seconds : null };
      show(cell, await json("POST", `/labs/${lab}/conclusion`, conclusion));
      cell.removeAttribute("aria-busy");
    }
    at("caption").textContent = `${browser()}, ${new Date().toLocaleString()}`;
    say(`Done: ${chosenCells.length} ${chosenCells.length === 1 ? "attack" : "attacks"} in ${seconds} s.`, true);
  } catch (error) {
    for (const cell of chosenCells) cell.removeAttribute("aria-busy");
    lab = null;
    say(`The run broke off (${error.message}). Run again to open another lab.`, true);
  }
  running = false;
  document.body.removeAttribute("aria-busy");
}

/** What is said while cells run is for the eyes; assistive technology hears of the end. */
function say(text, aloud) {
  at("progress").setAttribute("aria-live", aloud ? "polite" : "off");
  at("progress").textContent = text;
}

function show(cell, standing) {
  const { judgement, words } = standing;
  outcomes.set(cell.dataset.cell, standing);
  Object.assign(cell.dataset, {
    verdict: judgement.verdict,
    bytes: judgement.bytes ?? "",
    replay: judgement.replay ?? "",
    deed: judgement.deed ?? "",
  });
  // The same button, since it may have the focus.
  const button = cell.querySelector("button");
  button.textContent = words;
  button.ariaLabel = `${words}: ${titleOf(cell)}`;
  follow(attacker, lab, standing.run);
}

function titleOf(cell) {
  const column = cell.closest("table").querySelectorAll("thead th")[cell.cellIndex];
  return `${cell.closest("tr").querySelector("th").textContent}, ${column.textContent}`;
}

function choose(cell) {
  showEvidence(at("evidence"), titleOf(cell), outcomes.get(cell.dataset.cell));
  at("evidence").onkeydown = at("evidence-heading").onkeydown = ({ key }) => {
    if (key === "Escape") cell.querySelector("button").focus();
  };
  at("evidence-heading").focus();
}

async function copy(path, type) {
  const text = lab ? await (await ask("GET", `/labs/${lab}/${path}`)).text() : "";
  await navigator.clipboard.writeText(text);
  say(text ? `Copied as ${type}.` : "There is nothing to copy yet.", true);
}

async function reset() {
  if (running) return;
  popup?.close();
  forget();
  if (lab) {
    await send(`${victim}/${lab}/reset`);
    await ask("DELETE", `/labs/${lab}`).catch(() => undefined);
  }
  location.reload();
}

const row = (strategy) => cells.filter(({ dataset }) => dataset.cell.startsWith(`${strategy}/`));

at("run-all").addEventListener("click", () => runAll(cells));
at("run-row").addEventListener("click", () => runAll(row(new FormData(at("plan")).get("strategy"))));
for (const cell of cells) {
  const press = () => (outcomes.has(cell.dataset.cell) ? choose(cell) : runAll([cell]));
  cell.querySelector("button").addEventListener("click", press);
}
at("copy-markdown").addEventListener("click", () => copy("table.md", "Markdown"));
at("copy-json").addEventListener("click", () => copy("table", "JSON"));
at("reset").addEventListener("click", reset);
at("attacker-window").addEventListener("click", () => {
  openPopup();
  popup?.location.replace(`${attacker}/${lab}`);
});
await openLab().catch(({ message }) => say(`No lab could be opened (${message}). Run to try again.`, true));
document.documentElement.dataset.ready = "";
