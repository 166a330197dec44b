// Buys a fresh access token with the refresh cookie that it cannot read, and carries it away.
import { base, imported, send, until } from "./spy.js";

await until("signed-in");
const url = `${base}/auth/refresh`;
const { proofOf } = await imported("/dpop.js");
const headers = document.body.dataset.dpop === "on" ? { dpop: await proofOf("POST", url) } : {};
const answer = await fetch(url, { method: "POST", headers });
const token = answer.ok ? (await answer.json()).access_token : undefined;
await send(token ? { credential: "bearer", value: token } : null, [`refresh: ${answer.status}`]);
