import { element, find, onPress, Refused, show, Visit } from "./lab.js";
import { note, noteTried } from "./progress.js";
import { encode, parse } from "./token.js";

/** @typedef {AsyncGenerator<string, void, void>} Run */

/** @param {import("./lab.js").Checklist} checklist */
const verdict = ({ status, code, passed, lines }) =>
  code ? `${status} ${code}, refused at “${lines[passed]}”` : `${status}, all ${lines.length} lines passed`;

/**
 * A refusal as what it says; anything else goes on up.
 * @param {Promise<unknown>} attempt
 */
async function refusal(attempt) {
  try {
    await attempt;
    return "200";
  } catch (error) {
    if (!(error instanceof Refused) || error.problem.status === 404) throw error;
    return `${error.problem.status} ${error.problem.code}: ${error.problem.detail}`;
  }
}

/** The same token with another role in its payload. @param {string} token */
function promoted(token) {
  const [header, payload, signature] = parse(token);
  return `${header?.text}.${encode({ .../** @type {object} */ (payload?.json), role: "admin" })}.${signature?.text}`;
}

/** @type {Record<string, Record<"run" | "break", (visit: Visit) => Run>>} */
const RUNS = {
  sign: {
    async *run(visit) {
      const { access_token, expires_in } = await visit.signIn();
      yield `A sign-in gave a token of ${access_token.length} characters, good for ${expires_in} seconds.`;
      const [header, payload, signature] = parse(access_token);
      yield `Header: ${JSON.stringify(header?.json)}`;
      yield `Payload: ${JSON.stringify(payload?.json)}`;
      yield `Signature: ${signature?.bytes?.length} bytes. Shown to the verifier: ${verdict(await visit.present(access_token))}.`;
    },
    async *break(visit) {
      const { access_token } = await visit.signIn();
      yield "I write admin into the payload, and leave the signature as it is.";
      yield `The verifier: ${verdict(await visit.present(promoted(access_token)))}.`;
    },
  },
  verify: {
    async *run(visit) {
      const { access_token } = await visit.signIn();
      const checklist = await visit.present(access_token);
      for (const line of checklist.lines.slice(0, checklist.passed)) yield `✓ ${line}`;
      yield `The verifier: ${verdict(checklist)}.`;
    },
    async *break(visit) {
      yield `alg: none, and no signature: ${verdict(await visit.present(await visit.forge("unsigned")))}.`;
      yield `HS256 with the public key: ${verdict(await visit.present(await visit.forge("confused")))}.`;
      yield `A key of its own in the header: ${verdict(await visit.present(await visit.forge("own_key")))}.`;
    },
  },
  pair: {
    async *run(visit) {
      const first = await visit.signIn();
      yield `A0: ${verdict(await visit.present(first.access_token))}.`;
      visit.wait(16 * 60);
      yield `Sixteen minutes later, A0: ${verdict(await visit.present(first.access_token))}.`;
      const second = await visit.refresh(first.refresh_token);
      yield `A refresh with R0 gave A1 and R1. A1: ${verdict(await visit.present(second.access_token))}.`;
    },
    async *break(visit) {
      const { refresh_token } = await visit.signIn();
      visit.wait(31 * 60);
      yield `After 31 minutes without a refresh, R0: ${await refusal(visit.refresh(refresh_token))}`;
      yield "In the lab a session ends after half an hour of silence; in the app after seven days.";
    },
  },
  rotation: {
    async *run(visit) {
      const first = await visit.signIn();
      const second = await visit.refresh(first.refresh_token);
      yield `R0 became R${second.family.generation}; the server keeps the stub …${second.family.stub}.`;
      const again = await visit.refresh(first.refresh_token);
      const same = again.refresh_token === second.refresh_token;
      yield `R0 again, at once: ${same ? "the very same R1" : "another token"}. No false alarm.`;
    },
    async *break(visit) {
      const first = await visit.signIn();
      const second = await visit.refresh(first.refresh_token);
      yield `R1 has arrived, for A1 is used: ${verdict(await visit.present(second.access_token))}.`;
      visit.wait(11);
      yield `Eleven seconds later, R0: ${await refusal(visit.refresh(first.refresh_token))}`;
      yield `R1: ${await refusal(visit.refresh(second.refresh_token))}`;
      yield `A1: ${verdict(await visit.present(second.access_token))}.`;
    },
  },
  denylist: {
    async *run(visit) {
      const { access_token } = await visit.signIn();
      yield `Before: ${verdict(await visit.present(access_token))}.`;
      await visit.signOut(access_token);
      yield `After the sign-out, the same token: ${verdict(await visit.present(access_token))}.`;
    },
    async *break(visit) {
      const [one, other] = [await visit.signIn(), await visit.signIn()];
      await visit.signOut(one.access_token);
      yield `The session that signed out: ${verdict(await visit.present(one.access_token))}.`;
      yield `The other one of the same account: ${verdict(await visit.present(other.access_token))}.`;
    },
  },
  guard: {
    async *run(visit) {
      const [user, admin] = [await visit.signIn("user"), await visit.signIn("admin")];
      yield `An administrator: ${await refusal(visit.administer(admin.access_token))}`;
      yield `A user, whose token is good: ${await refusal(visit.administer(user.access_token))}`;
    },
    async *break(visit) {
      const { access_token } = await visit.signIn("user");
      yield "The user writes admin into the payload.";
      yield `The verifier: ${verdict(await visit.administer(promoted(access_token)))}. The guard is not even asked.`;
    },
  },
};

const id = location.pathname.split("/").at(-1) ?? "";
const log = find("[data-show=log]");
const status = find("[data-show=status]");
note("patterns", id);

for (const what of /** @type {const} */ (["run", "break"])) {
  onPress(find(`[data-do=${what}]`), status, async () => {
    log.replaceChildren();
    status.textContent = "";
    const run = RUNS[id]?.[what](new Visit());
    for await (const line of run ?? []) log.append(element("li", {}, line));
    status.textContent = "Done.";
    noteTried();
  });
}
show();
