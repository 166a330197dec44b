// What the live parts of the lab share: calls to the playground, and small helpers for the page.
// Everything that comes from elsewhere is shown as text; no module of the lab writes HTML.

/** @typedef {{ access_token: string, refresh_token: string, expires_in: number, family: Family }} Tokens */
/** @typedef {{ generation: number, stub: string, proven: boolean, ended: string | null }} Family */
/** @typedef {{ status: number, code: string | null, passed: number, lines: string[] }} Checklist */
/** @typedef {{ status: number, code: string, title: string, detail: string }} Problem */

/** The answer was an error; what it says is for people. */
export class Refused extends Error {
  /** @param {Problem} problem */
  constructor(problem) {
    super(`${problem.status} ${problem.code}: ${problem.title}`);
    this.problem = problem;
  }
}

/**
 * Calls this origin.
 * @param {string} path
 * @param {object} body
 * @returns {Promise<any>}
 */
export async function post(path, body) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Refused(answer);
  return answer;
}

/** What one run does in the playground, under a clock of its own. */
export class Visit {
  /** How far this clock is ahead, in seconds. */
  ahead = 0;

  /**
   * @param {string} what
   * @param {object} more
   */
  call(what, more) {
    return post(`/lab/api/${what}`, { ahead: this.ahead, ...more });
  }

  /** @param {"user" | "admin"} role @returns {Promise<Tokens>} */
  signIn(role = "user") {
    return this.call("sign-in", { role });
  }

  /** @param {string} refresh_token @returns {Promise<Tokens>} */
  refresh(refresh_token) {
    return this.call("refresh", { refresh_token });
  }

  /** @param {string} refresh_token @returns {Promise<Family>} */
  family(refresh_token) {
    return this.call("family", { refresh_token });
  }

  /** @param {string} access_token @returns {Promise<Checklist>} */
  present(access_token) {
    return this.call("present", { access_token });
  }

  /** The same for what only administrators may do. @param {string} access_token @returns {Promise<Checklist>} */
  administer(access_token) {
    return this.call("present", { access_token, guard: true });
  }

  /** @param {string} access_token */
  signOut(access_token) {
    return this.call("sign-out", { access_token });
  }

  /** Puts the clock forward. @param {number} seconds */
  wait(seconds) {
    this.ahead += seconds;
  }

  /** @param {string} forgery @returns {Promise<string>} */
  async forge(forgery) {
    return (await this.call("forge", { forgery })).access_token;
  }
}

/**
 * The one element that a selector finds.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} selector
 * @param {ParentNode} within
 * @returns {T}
 */
export function find(selector, within = document) {
  const found = within.querySelector(selector);
  if (!found) throw new Error(`${selector} is not on this page`);
  return /** @type {T} */ (found);
}

/**
 * Every element that a selector finds.
 * @param {string} selector
 * @param {ParentNode} within
 * @returns {HTMLElement[]}
 */
export function all(selector, within = document) {
  return /** @type {HTMLElement[]} */ ([...within.querySelectorAll(selector)]);
}

/**
 * A new element.
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {...(Node | string)} inner
 */
export function element(tag, attributes = {}, ...inner) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...inner);
  return made;
}

/** Shows the live parts. The last thing that a module does. */
export function show() {
  for (const part of all("[data-live]")) part.hidden = false;
}

/**
 * Does something when a button is pressed, once at a time. What goes wrong is said in the element.
 * @param {HTMLElement} button
 * @param {HTMLElement} status
 * @param {() => unknown} action
 */
export function onPress(button, status, action) {
  button.addEventListener("click", async () => {
    if (button.ariaBusy === "true") return;
    button.ariaBusy = "true";
    try {
      await action();
    } catch (error) {
      status.textContent = inWords(error);
    }
    button.ariaBusy = "false";
  });
}

/** @param {unknown} error */
export function inWords(error) {
  if (error instanceof Refused) return `${error.message}. ${error.problem.detail}`;
  return "The server cannot be reached. Try again in a moment.";
}
