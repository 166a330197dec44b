// A verifier with the mistakes, and the issuer that it goes with. Both live in this page alone, with a secret that is
// made up anew at every load; nothing outside of it believes them.
import { base64url, bytesOf, encode, parse } from "./token.js";

const key = crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);

/** @param {object} claims */
export async function issue(claims) {
  const text = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
  const signature = await crypto.subtle.sign("HMAC", await key, new TextEncoder().encode(text));
  return `${text}.${base64url(new Uint8Array(signature))}`;
}

/**
 * Believes `alg`, does not insist on `exp`, and takes one kind of token for another.
 * @param {string} token
 * @param {number} now in seconds
 */
export async function accepts(token, now) {
  const [header, payload, signature] = parse(token);
  const { alg } = /** @type {{ alg?: string }} */ (header?.json ?? {});
  const { exp } = /** @type {{ exp?: number }} */ (payload?.json ?? {});
  if (exp !== undefined && exp <= now) return false;
  if (alg === "none") return true;
  const text = new TextEncoder().encode(`${header?.text}.${payload?.text}`);
  const bytes = bytesOf(signature?.text ?? "");
  return bytes !== null && crypto.subtle.verify("HMAC", await key, bytes, text);
}
