import { all, element, find, onPress, Refused, show, Visit } from "./lab.js";
import { noteTried } from "./progress.js";
import { encode, parse } from "./token.js";
import { accepts, issue } from "./trusting.js";

/** @typedef {AsyncGenerator<string, void, void>} Run */

const DAY = 24 * 3600;
const now = () => Math.floor(Date.now() / 1000);

/** @param {import("./lab.js").Checklist} checklist */
const strict = ({ status, code, passed, lines }) =>
  code ? `This server’s verifier: ${status}, refused at “${lines[passed]}”.` : `This server: ${status}.`;

/** @param {string} token @param {number} at */
const trusting = async (token, at = now()) =>
  `The trusting verifier: ${(await accepts(token, at)) ? "accepted" : "refused"}.`;

/** What any other script of this page sees. */
const everythingStored = () => Object.values(localStorage).filter((value) => value.startsWith("eyJ"));

/** @type {Record<string, () => Run>} */
const RUNS = {
  async *"local-storage"() {
    const visit = new Visit();
    const { access_token } = await visit.signIn();
    localStorage.setItem("token", access_token);
    yield "A throw-away token lies in this page’s localStorage, under “token”.";
    const [loot] = everythingStored();
    localStorage.removeItem("token");
    yield `Another script lists localStorage and finds ${loot?.length} characters that begin with eyJ.`;
    yield `Shown from elsewhere: ${(await visit.present(loot ?? "")).status}. It would work until it expires.`;
  },

  async *"no-expiry"() {
    const visit = new Visit();
    const token = await issue({ sub: "alice", role: "user" });
    yield `A token without exp: ${JSON.stringify(parse(token)[1]?.json)}`;
    yield `Ten years later. ${await trusting(token, now() + 3652 * DAY)}`;
    yield strict(await visit.present(await visit.forge("endless")));
  },

  async *"no-algorithms"() {
    const visit = new Visit();
    const token = `${encode({ alg: "none", typ: "JWT" })}.${encode({ sub: "mallory", role: "admin" })}.`;
    yield `Made up, without any key: ${token}`;
    yield await trusting(token);
    yield strict(await visit.present(await visit.forge("unsigned")));
  },

  async *"no-rotation"() {
    const token = await issue({ sub: "alice", exp: now() + 30 * DAY });
    yield `The owner, with a refresh token that never changes. ${await trusting(token)}`;
    yield `A thief with a copy, a week later. ${await trusting(token, now() + 7 * DAY)}`;
    yield "Nobody can tell them apart. The same here:";
    const visit = new Visit();
    const first = await visit.signIn();
    const second = await visit.refresh(first.refresh_token);
    await visit.present(second.access_token);
    visit.wait(11);
    try {
      await visit.refresh(first.refresh_token);
    } catch (error) {
      if (!(error instanceof Refused) || error.problem.status !== 401) throw error;
      yield `This server, to whoever comes second: ${error.problem.status} ${error.problem.code}.`;
    }
  },

  async *secrets() {
    const token = await issue({ sub: "alice", card: "4111 1111 1111 1111", exp: now() + 900 });
    yield `What a log between you and the server holds: ${token}`;
    yield `Unpacked without any key: ${JSON.stringify(parse(token)[1]?.json)}`;
  },

  async *"one-secret"() {
    const refreshToken = await issue({ sub: "alice", role: "user", exp: now() + 30 * DAY });
    yield `A refresh token, shown as an access token. ${await trusting(refreshToken)}`;
    yield `Four weeks later. ${await trusting(refreshToken, now() + 28 * DAY)}`;
    const visit = new Visit();
    const { refresh_token } = await visit.signIn();
    yield `The same here. ${strict(await visit.present(refresh_token))}`;
    yield `Another kind of token, signed by the right key. ${strict(await visit.present(await visit.forge("other_type")))}`;
  },
};

for (const mistake of all("[data-mistake]")) {
  const log = find(".log", mistake);
  const status = find(".verdict", mistake);
  onPress(find("button", mistake), status, async () => {
    log.replaceChildren();
    status.textContent = "";
    for await (const line of RUNS[mistake.dataset.mistake ?? ""]?.() ?? [])
      log.append(element("li", {}, line));
    status.textContent = "Done.";
    noteTried();
  });
}
show();
