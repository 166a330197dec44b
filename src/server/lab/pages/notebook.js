// The attacker's screen: what arrived, what it says, and how long it opens the door. Read from the attacker's own server.

const LOOK_AGAIN = 1_000;
const place = document.getElementById("notebook");
let watched = 0;

const element = (name, className, text = "") =>
  Object.assign(document.createElement(name), { className, textContent: text });

/** Shows the notebook of a run until its attacker is cut off or another run begins. */
export async function follow(attacker, lab, run) {
  const mine = ++watched;
  while (mine === watched) {
    const answer = await fetch(`${attacker}/${lab}/notebook`).catch(() => undefined);
    if (!answer?.ok || mine !== watched) return;
    const notebook = await answer.json();
    if (notebook.run !== run) return;
    show(notebook);
    if (!notebook.loot.some(({ replays }) => replays.at(-1)?.status === 200)) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN));
  }
}

/** Stops looking. */
export function forget() {
  watched += 1;
}

function show({ loot, reports, now }) {
  const notes = reports.map((report) => element("p", "note", `The script said: ${report}.`));
  place.replaceChildren(...notes, ...loot.map((one) => entry(one, now)));
}

function entry({ at, via, value, replays }, now) {
  const item = element("article", "loot");
  const head = `${timeOf(at)} arrived by ${via}: ${value.length} bytes`;
  item.append(element("h3", "", head), token(value), claims(value));
  const [first, latest = first] = replays;
  if (!first) return item;
  item.append(element("p", "replay", `Used from the attacker's server: ${first.status} ${first.body}`));
  if (first.status === 200) item.append(stillIn(value, first, latest, now));
  return item;
}

function token(value) {
  const code = element("code", "token");
  const names = ["header", "payload", "signature"];
  for (const [index, part] of value.split(".").entries()) {
    if (index > 0) code.append(".");
    code.append(element("span", `part-${names[index] ?? "signature"}`, part));
  }
  return code;
}

function decoded(value) {
  const part = value.split(".")[1]?.replaceAll("-", "+").replaceAll("_", "/");
  try {
    return JSON.parse(atob(part));
  } catch {
    return undefined;
  }
}

function claims(value) {
  const details = document.createElement("details");
  details.append(element("summary", "", "Decoded"));
  details.append(element("pre", "", JSON.stringify(decoded(value), null, 2) ?? "not a token"));
  return details;
}

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
const timeOf = (at) => new Date(at).toLocaleTimeString();

/** How long the attacker has been in and will be, by what the token says; then the refusal that really cut it off. */
function stillIn(value, first, latest, now) {
  const isOut = latest.status !== 200;
  const seconds = Math.round(((isOut ? latest.at : now) - first.at) / 1000);
  const { exp, iat } = decoded(value) ?? {};
  const left = Math.max(0, Math.ceil(exp - now / 1000));
  const end = exp ? `; ends in ${clock(left)}, at ${timeOf(exp * 1000)} (exp)` : "";
  const text = isOut
    ? `Cut off at ${timeOf(latest.at)}, after ${clock(seconds)}`
    : `Still in: ${clock(seconds)}${end}`;
  const paragraph = element("p", "still-in", text);
  if (isOut) paragraph.dataset.attackerCutoff = latest.at;
  const meter = Object.assign(document.createElement("meter"), { min: 0, max: exp - iat || 300, value: seconds });
  meter.setAttribute("aria-label", "How long the attacker has been in, of the token's life");
  paragraph.append(" ", meter);
  return paragraph;
}
