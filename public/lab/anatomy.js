import { all, element, find, inWords, onPress, post, Refused, show, Visit } from "./lab.js";
import { note, noteTried } from "./progress.js";
import { tabs } from "./tabs.js";
import { encode, parse } from "./token.js";

/** @typedef {import("./token.js").Part} Part */

/** @typedef {"playground" | "pasted" | "mine"} Origin */

/** Whose token is on the bench: only what the playground made is ever sent back to it. @type {Origin} */
let origin = "playground";
let token = "";
const visit = new Visit();

const field = /** @type {HTMLTextAreaElement} */ (find("#token"));
const payload = /** @type {HTMLTextAreaElement} */ (find("#payload"));
const quad = /** @type {HTMLInputElement} */ (find("#quad"));
const said = find("[data-show=note]");
const verdict = find("[data-show=verdict]");

const select = tabs(find("[role=tablist]"), (name) => note("decoded", name));

/** @param {unknown} value */
const pretty = (value) => JSON.stringify(value, null, 2);

/** @param {string} text @param {Origin} whose */
function put(text, whose) {
  token = text;
  origin = whose;
  field.value = text;
  render(parse(text), true);
  clear();
}

/** @param {Part[]} parts @param {boolean} fillPayload */
function render(parts, fillPayload) {
  const [header, body, signature] = parts;
  find("[data-show=header]").textContent = header?.json === undefined ? "" : pretty(header.json);
  if (fillPayload) payload.value = body?.json === undefined ? "" : pretty(body.json);
  find("[data-show=claims]").replaceChildren(...dates(body?.json).map((line) => element("li", {}, line)));
  find("[data-show=signature]").textContent = signature?.bytes
    ? `${signature.bytes.length} bytes: ${[...signature.bytes].map(hex).join(" ")}`
    : "";
  said.textContent = complaint(parts);
  const length = Math.ceil((body?.text.length ?? 0) / 4);
  quad.max = String(Math.max(0, length - 1));
  renderQuad(body);
}

/** @param {Part[]} parts */
function complaint(parts) {
  const names = ["header", "payload", "signature"];
  const problems = parts
    .slice(0, 3)
    .flatMap(({ problem }, index) => (problem ? [`In the ${names[index]}: ${problem}`] : []));
  if (parts.length !== 3) problems.unshift(`A token has three parts; this text has ${parts.length}.`);
  return problems.join(" ");
}

/**
 * The times among the claims, in words.
 * @param {unknown} claims
 */
function dates(claims) {
  if (typeof claims !== "object" || claims === null) return [];
  return ["iat", "nbf", "exp"].flatMap((name) => {
    const value = /** @type {Record<string, unknown>} */ (claims)[name];
    if (typeof value !== "number" || Math.abs(value) > 8e12) return [];
    return [`${name}: ${new Date(value * 1000).toLocaleString()}`];
  });
}

/** @param {number} byte */
const hex = (byte) => byte.toString(16).padStart(2, "0");

/** @param {Part | undefined} part */
function renderQuad(part) {
  const index = Number(quad.value);
  const characters = part?.text.slice(index * 4, index * 4 + 4) ?? "";
  const bytes = [...(part?.bytes?.slice(index * 3, index * 3 + 3) ?? [])];
  const row = (/** @type {string} */ name, /** @type {string} */ value) =>
    element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, element("code", {}, value)));
  find("[data-show=quad]").replaceChildren(
    row("Characters", characters),
    row("Bits", bytes.map((byte) => byte.toString(2).padStart(8, "0")).join(" ")),
    row("Bytes", bytes.join(" ")),
    row("Text", new TextDecoder().decode(new Uint8Array(bytes))),
  );
  quad.setAttribute("aria-valuetext", characters);
}

function clear() {
  verdict.textContent = "";
  for (const line of all(".checklist > li")) {
    delete line.dataset.state;
    find(".said", line).textContent = "";
  }
}

async function verify() {
  clear();
  if (origin !== "playground") {
    verdict.textContent =
      origin === "mine"
        ? "Your own token stays here. The playground would refuse it anyway: another key signed it."
        : "This text did not come from the playground, so it is not sent to it. Take a fresh token to go on.";
    return;
  }
  const { passed, lines, status, code } = await visit.present(token);
  for (const [index, name] of lines.entries()) {
    const line = find(`[data-line="${name}"]`);
    const state = index < passed ? "passed" : index === passed ? "failed" : "not reached";
    line.dataset.state = state.replace(" ", "-");
    find(".said", line).textContent = `(${state})`;
  }
  verdict.textContent = code
    ? `Refused at “${lines[passed]}”: ${status} ${code}.`
    : `Accepted: all ${lines.length} lines passed.`;
  noteTried();
}

/** The token of the page's visitor, by the refresh that every page of the app begins with. */
async function mine() {
  clear();
  try {
    const { access_token } = await post("/auth/refresh", {});
    const parts = parse(access_token);
    // Neither the token nor a part of it gets into the document: only what it says.
    const masked = { text: "", bytes: null, json: undefined, problem: "" };
    token = field.value = "";
    origin = "mine";
    render([...parts.slice(0, 2).map((part) => ({ ...part, text: "" })), masked], true);
    find("[data-show=signature]").textContent = `${parts[2]?.text.length} characters, not shown.`;
    said.textContent =
      "This is your own token, unpacked. The token itself is not on this page, and its signature is masked.";
  } catch (error) {
    if (!(error instanceof Refused) || error.problem.status !== 401) throw error;
    said.textContent = "You are not signed in, so there is no token of yours to show.";
  }
}

field.addEventListener("input", () => {
  token = field.value;
  origin = "pasted";
  render(parse(token), true);
  clear();
});

payload.addEventListener("input", () => {
  clear();
  if (origin === "mine") return;
  try {
    const [header, , signature] = token.split(".");
    token = `${header}.${encode(JSON.parse(payload.value))}.${signature ?? ""}`;
    field.value = token;
    render(parse(token), false);
  } catch {
    said.textContent = "Not JSON yet.";
  }
});

quad.addEventListener("input", () => renderQuad(parse(token)[1]));

/** @param {HTMLElement} button */
function forge(button) {
  onPress(button, verdict, async () => {
    put(await visit.forge(button.dataset.forgery ?? ""), "playground");
    await verify();
  });
}

all("[data-forgery]").forEach(forge);
onPress(find("[data-do=verify]"), verdict, verify);
onPress(find("[data-do=mine]"), verdict, mine);
onPress(find("[data-do=sample]"), verdict, async () => {
  put((await visit.signIn()).access_token, "playground");
});

select("header");
show();
visit
  .signIn()
  .then(({ access_token }) => token || put(access_token, "playground"))
  .catch((error) => (verdict.textContent = inWords(error)));
