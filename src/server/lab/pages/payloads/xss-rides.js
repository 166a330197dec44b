// Makes a transfer as whoever is signed in: with the cookies that the browser adds, with a token that lies about, or
// with one that the refresh cookie buys.
import { base, imported, send, tokenIn, until } from "./spy.js";

await until("signed-in");
const { authorizedFetch, proofOf } = await imported("/dpop.js");
const bound = document.body.dataset.dpop === "on";
const transfer = (token) => authorizedFetch(`${base}/api/transfer`, { method: "POST" }, token, bound);

async function refreshed() {
  const url = `${base}/auth/refresh`;
  const headers = bound ? { dpop: await proofOf("POST", url) } : {};
  const answer = await fetch(url, { method: "POST", headers });
  return answer.ok ? (await answer.json()).access_token : undefined;
}

const stored = tokenIn(JSON.stringify({ ...localStorage }));
let answer = await transfer(stored);
if (!answer.ok) {
  const token = await refreshed();
  if (token) answer = await transfer(token);
}
await send(null, [`transfer: ${answer.status}`]);
