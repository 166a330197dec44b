// Proofs of possession (RFC 9449) with a key that cannot be exported. The key lives in IndexedDB, so it survives a reload.

const encoder = new TextEncoder();
let nonce = null;

const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
const part = (value) => base64url(encoder.encode(JSON.stringify(value)));
const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

async function store(mode) {
  const opening = indexedDB.open("tinpot", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("keys");
  return (await done(opening)).transaction("keys", mode).objectStore("keys");
}

/** The page's key pair, made when there is none. */
export async function keyPair() {
  const kept = await done((await store("readonly")).get("dpop"));
  if (kept) return kept;
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
  await done((await store("readwrite")).put(pair, "dpop"));
  return pair;
}

/** A proof for one request. */
export async function proofOf(method, url, token) {
  const { privateKey, publicKey } = await keyPair();
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", publicKey);
  const claims = {
    jti: crypto.randomUUID(),
    htm: method,
    htu: new URL(url, location.href).href,
    iat: Math.floor(Date.now() / 1000),
  };
  if (token) claims.ath = base64url(await crypto.subtle.digest("SHA-256", encoder.encode(token)));
  if (token && nonce) claims.nonce = nonce;
  const text = `${part({ typ: "dpop+jwt", alg: "ES256", jwk: { kty, crv, x, y } })}.${part(claims)}`;
  const algorithm = { name: "ECDSA", hash: "SHA-256" };
  return `${text}.${base64url(await crypto.subtle.sign(algorithm, privateKey, encoder.encode(text)))}`;
}

/** A request with the token, and with a proof where tokens are bound; again once, when it needs another nonce. */
export async function authorizedFetch(url, init, token, bound) {
  if (!token) return fetch(url, init);
  if (!bound) return fetch(url, { ...init, headers: { authorization: `Bearer ${token}` } });
  const send = async () => {
    const headers = { authorization: `DPoP ${token}`, dpop: await proofOf(init.method, url, token) };
    const answer = await fetch(url, { ...init, headers });
    const fresh = answer.headers.get("dpop-nonce");
    const stale = fresh !== null && fresh !== nonce;
    nonce = fresh ?? nonce;
    return [answer, answer.status === 401 && stale];
  };
  const [answer, again] = await send();
  return again ? (await send())[0] : answer;
}
