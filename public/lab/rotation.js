import { element, find, onPress, Refused, show, Visit } from "./lab.js";
import { noteTried } from "./progress.js";

/** @typedef {import("./lab.js").Tokens} Tokens */
/** @typedef {import("./lab.js").Family} Family */
/** @typedef {"you" | "server" | "attacker"} Lane */
/** @typedef {{ from: Lane, to: Lane, says: string, family?: Family }} Arrow */
/** @typedef {AsyncGenerator<Arrow, void, void>} Course */

/** @type {Record<Lane, string>} */
const NAMES = { you: "You", server: "Server", attacker: "Attacker" };

/** @param {Lane} from @param {string} says @param {Lane} to @returns {Arrow} */
const ask = (from, says, to = "server") => ({ from, to, says });

/** @param {Lane} to @param {string} says @param {Family} [family] @returns {Arrow} */
const answer = (to, says, family) => ({ from: "server", to, says, ...(family ? { family } : {}) });

/** @param {Tokens} tokens */
const gave = ({ family: { generation, stub } }) =>
  `Here are A${generation} and R${generation}. I keep the stub …${stub}.`;

/**
 * What a refresh is answered, be it tokens or a refusal.
 * @param {Visit} visit
 * @param {Tokens} tokens
 * @returns {Promise<{ tokens?: Tokens, says: string }>}
 */
async function refreshed(visit, { refresh_token }) {
  try {
    const tokens = await visit.refresh(refresh_token);
    return { tokens, says: gave(tokens) };
  } catch (error) {
    if (!(error instanceof Refused) || error.problem.status !== 401) throw error;
    return { says: `${error.problem.status} ${error.problem.code}. ${error.problem.detail}` };
  }
}

/**
 * What a call with an access token is answered.
 * @param {Visit} visit
 * @param {Tokens} tokens
 */
async function called(visit, { access_token }) {
  const { status, code } = await visit.present(access_token);
  return code ? `${status} ${code}.` : `${status}.`;
}

/** @param {Visit} visit @returns {AsyncGenerator<Arrow, Tokens, void>} */
async function* signIn(visit) {
  yield ask("you", "I sign in.");
  const tokens = await visit.signIn();
  yield answer("you", gave(tokens), tokens.family);
  return tokens;
}

/** @param {Visit} visit @param {Lane} who @param {Tokens} tokens @param {string} when @returns {AsyncGenerator<Arrow, Tokens | undefined, void>} */
async function* refresh(visit, who, tokens, when = "") {
  yield ask(who, `${when}I refresh with R${tokens.family.generation}.`);
  const { tokens: next, says } = await refreshed(visit, tokens);
  yield answer(who, says, next?.family ?? (await visit.family(tokens.refresh_token)));
  return next;
}

/** @param {Visit} visit @param {Lane} who @param {Tokens} tokens @returns {Course} */
async function* call(visit, who, tokens) {
  yield ask(who, `I call with A${tokens.family.generation}.`);
  const says = await called(visit, tokens);
  yield answer(who, says, await visit.family(tokens.refresh_token));
}

const GIVEN = ask("you", "GIVEN, not stolen: a copy of R0.", "attacker");

/** @type {Record<string, (visit: Visit) => Course>} */
const COURSES = {
  async *normal(visit) {
    const first = yield* signIn(visit);
    yield* call(visit, "you", first);
    const second = yield* refresh(visit, "you", first);
    if (second) yield* call(visit, "you", second);
  },

  async *replay(visit) {
    const first = yield* signIn(visit);
    yield GIVEN;
    const second = yield* refresh(visit, "you", first);
    if (!second) return;
    yield* call(visit, "you", second);
    visit.wait(11);
    yield* refresh(visit, "attacker", first, "Eleven seconds later: ");
    yield* refresh(visit, "you", second);
    yield* call(visit, "you", second);
  },

  async *thief(visit) {
    const first = yield* signIn(visit);
    yield GIVEN;
    const stolen = yield* refresh(visit, "attacker", first);
    if (!stolen) return;
    yield* call(visit, "attacker", stolen);
    visit.wait(11);
    yield* refresh(visit, "you", first, "Eleven seconds later: ");
    yield* call(visit, "attacker", stolen);
  },

  async *tabs(visit) {
    const first = yield* signIn(visit);
    yield ask("you", "First tab: I refresh with R0.");
    yield ask("you", "Second tab: I refresh with R0.");
    const [one, other] = await Promise.all([refreshed(visit, first), refreshed(visit, first)]);
    yield answer("you", `First tab: ${one.says}`, one.tokens?.family);
    const same = one.tokens?.refresh_token === other.tokens?.refresh_token;
    yield answer(
      "you",
      `Second tab: ${other.says} ${same ? "It is the very same R1." : ""}`,
      other.tokens?.family,
    );
    if (other.tokens) yield* call(visit, "you", other.tokens);
  },

  async *lost(visit) {
    const first = yield* signIn(visit);
    yield ask("you", "I refresh with R0.");
    const { tokens, says } = await refreshed(visit, first);
    yield answer("you", `${says} (The reply is lost.)`, tokens?.family);
    visit.wait(20 * 60);
    const again = yield* refresh(visit, "you", first, "Twenty minutes later: ");
    if (again) yield* call(visit, "you", again);
  },
};

const lanes = find("[data-show=lanes]");
const chain = find("[data-show=chain]");
const status = find("[data-show=status]");
/** @type {Course | undefined} */
let course;
/** The generations seen so far, by number. @type {Map<number, Family>} */
const family = new Map();

function chosen() {
  const choice = /** @type {HTMLInputElement} */ (find("[name=scenario]:checked"));
  const begin = COURSES[choice.value];
  if (!begin) throw new Error(`there is no course ${choice.value}`);
  return begin;
}

function reset() {
  course = undefined;
  family.clear();
  lanes.replaceChildren();
  chain.replaceChildren();
  status.textContent = "";
}

/** @param {Arrow} arrow */
function draw({ from, to, says, family: now }) {
  const who = element("span", { class: "who-says" }, `${NAMES[from]} to ${NAMES[to].toLowerCase()}: `);
  lanes.append(element("li", { "data-from": from, "data-to": to }, who, says));
  if (!now) return;
  family.set(now.generation, now);
  const newest = Math.max(...family.keys());
  chain.replaceChildren(
    ...[...family.values()].map(({ generation, stub, proven, ended }) => {
      const state = ended ? "ended" : generation < newest ? "replaced" : proven ? "current, used" : "current";
      return element(
        "li",
        { "data-state": ended ? "ended" : generation < newest ? "replaced" : "current" },
        element("strong", {}, `R${generation}`),
        ` …${stub} `,
        element("span", { class: "said" }, state),
      );
    }),
  );
}

/** Goes one step further; false at the end. */
async function step() {
  course ??= chosen()(new Visit());
  const { value, done } = await course.next();
  if (value) draw(value);
  if (done) {
    const ended = [...family.values()].some(({ ended }) => ended);
    status.textContent = ended
      ? "The end: the session was ended, for both of them."
      : "The end: nobody was signed out.";
    noteTried();
  }
  return !done;
}

onPress(find("[data-do=step]"), status, async () => {
  if (status.textContent) reset();
  await step();
});
onPress(find("[data-do=run]"), status, async () => {
  if (status.textContent) reset();
  while (await step());
});
onPress(find("[data-do=reset]"), status, reset);
document.addEventListener("change", ({ target }) => {
  if (target instanceof HTMLInputElement && target.name === "scenario") reset();
});
show();
