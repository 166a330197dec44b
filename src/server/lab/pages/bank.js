// Tinpot Bank's page: signs Alice in, keeps her token where the strategy says, and shows the guestbook.
import { authorizedFetch, proofOf } from "./dpop.js";
import { keeperFor } from "./keepers.js";

const { lab, strategy, hole, dpop, zeroize } = document.body.dataset;
const base = `/${lab}`;
const refreshes = strategy.startsWith("memory");
const bound = dpop === "on";
const keeper = await keeperFor(strategy, zeroize === "on");
const at = (id) => document.getElementById(id);

const call = (path, method = "GET") => authorizedFetch(base + path, { method }, keeper.token(), bound);

/** Gets a token, by signing in or for the refresh cookie. */
async function obtain(path) {
  const url = base + path;
  const headers = bound ? { dpop: await proofOf("POST", url) } : {};
  const answer = await fetch(url, { method: "POST", headers });
  if (!answer.ok) return false;
  const { access_token } = await answer.json();
  if (access_token) keeper.keep(access_token);
  return true;
}

async function showAccount() {
  const answer = await call("/api/me");
  const { balance } = answer.ok ? await answer.json() : {};
  at("state").textContent = answer.ok ? "Signed in as Alice." : "Nobody is signed in.";
  at("balance").textContent = balance ?? "unknown";
  document.body.dataset.session = answer.ok ? "signed-in" : "signed-out";
}

async function showGuestbook() {
  if (hole !== "dom") return;
  const entries = await (await fetch(`${base}/guestbook`)).json();
  at("guestbook").replaceChildren();
  for (const entry of entries) {
    const item = at("guestbook").appendChild(document.createElement("li"));
    try {
      // Each entry as it was written: this is the hole.
      item.innerHTML = entry;
    } catch {
      item.textContent = entry;
    }
  }
}

async function signIn() {
  // What another strategy left behind is not this one's.
  localStorage.clear();
  document.cookie = `session=; Path=${base}; Max-Age=0`;
  await obtain("/auth/login");
  await showAccount();
  await showGuestbook();
}

async function signOut() {
  await call("/auth/logout", "POST");
  keeper.forget();
  at("state").textContent = "Nobody is signed in.";
  document.body.dataset.session = "signed-out";
}

async function transfer() {
  await call("/api/transfer", "POST");
  await showAccount();
}

at("be-alice").addEventListener("click", signIn);
at("sign-out").addEventListener("click", signOut);
at("again").addEventListener("click", showAccount);
at("transfer").addEventListener("click", transfer);

if (new URLSearchParams(location.search).get("as") === "alice") {
  await signIn();
} else {
  if (refreshes) await obtain("/auth/refresh");
  await showAccount();
  await showGuestbook();
}
