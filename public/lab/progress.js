// What was done in the lab, kept in localStorage: a fine place for what is no secret.

const KEY = "counterfoil-lab";

/** @typedef {Record<string, string[]>} Progress What was done of each kind. */

/** @returns {Progress} */
export function progress() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return typeof kept === "object" && kept !== null ? kept : {};
  } catch {
    return {};
  }
}

/**
 * What was done of one kind.
 * @param {string} kind
 * @returns {string[]}
 */
export function done(kind) {
  const list = progress()[kind];
  return Array.isArray(list) ? list.map(String) : [];
}

/**
 * Notes that something was done.
 * @param {string} kind
 * @param {string} what
 */
export function note(kind, what) {
  const list = done(kind);
  if (list.includes(what)) return;
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...progress(), [kind]: [...list, what] }));
  } catch {
    // Without storage nothing is kept, and nothing else is different.
  }
}

/** Notes that something was tried on this page. */
export function noteTried() {
  note("pages", location.pathname);
}

export function forget() {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // There was nothing to forget.
  }
}
