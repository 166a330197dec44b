// Tokens as texts: taken apart without ever refusing, and put together.

/** @typedef {{ text: string, bytes: Uint8Array | null, json: unknown, problem: string }} Part */

/**
 * The bytes of a base64url text, or null.
 * @param {string} text
 */
export function bytesOf(text) {
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) return null;
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/** @param {Uint8Array} bytes */
export function base64url(bytes) {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @param {unknown} value */
export function encode(value) {
  return base64url(new TextEncoder().encode(JSON.stringify(value)));
}

/**
 * Takes apart whatever it is given, as far as that goes.
 * @param {string} token
 * @returns {Part[]}
 */
export function parse(token) {
  return token
    .trim()
    .split(".")
    .map((text, index) => {
      const bytes = bytesOf(text);
      if (!bytes) return { text, bytes, json: undefined, problem: notBase64url(text) };
      if (index > 1) return { text, bytes, json: undefined, problem: "" };
      try {
        return { text, bytes, json: JSON.parse(new TextDecoder().decode(bytes)), problem: "" };
      } catch (error) {
        const problem = `These bytes are no JSON: ${error instanceof Error ? error.message : error}`;
        return { text, bytes, json: undefined, problem };
      }
    });
}

/** @param {string} text */
function notBase64url(text) {
  const position = text.search(/[^\w-]/);
  if (position < 0) return "One character is missing or one too many: no bytes are written with so many.";
  return `Character ${position + 1} (${text[position]}) is none of base64url.`;
}
