// Shows what a verdict rests on.

const element = (name, text) => Object.assign(document.createElement(name), { textContent: text });
const time = (at) => new Date(at).toLocaleTimeString();

function list(title, lines) {
  if (lines.length === 0) return [];
  const items = document.createElement("ul");
  items.append(...lines.map((line) => (typeof line === "string" ? element("li", line) : line)));
  return [element("h3", title), items];
}

const described = ({ at, method, path, site, status, refusal, ...sent }) =>
  [
    `${time(at)} ${method} /…/${path.split("/").slice(2).join("/")}`,
    `Sec-Fetch-Site: ${site}`,
    `Origin: ${sent.origin ?? "not sent"}`,
    `Content-Type: ${sent.content_type ?? "not sent"}`,
    `Authorization: ${sent.authorization ? `${sent.authorization} …` : "not sent"}`,
    `cookies: ${sent.cookies.join(", ") || "none"}`,
    `credential: ${sent.credential ?? "none"}`,
    `answer ${status}${refusal ? `, since ${refusal}` : ""}`,
  ].join(" · ");

function taken({ at, via, credential, value, replays }) {
  const uses = replays.map(({ at, status }) => `${status} at ${time(at)}`).join(", ") || "not yet";
  const item = element("li", `${time(at)} ${value.length} bytes by ${via} (${credential}): `);
  item.append(element("code", value), ` Used from the attacker's server: ${uses}.`);
  return item;
}

/** Puts the evidence of a run into a place. */
export function showEvidence(place, title, { judgement, words, evidence }) {
  const obstacle = evidence.obstacle ? [`What stood in the way: ${evidence.obstacle}`] : [];
  place.replaceChildren(
    element("p", `${title}: ${words}.`),
    element("p", judgement.rule),
    ...list("Obstacle", obstacle),
    ...list("The victim's server logged", evidence.requests.map(described)),
    ...list("The browser reported violations of", evidence.violations),
    ...list("The attacker's server received", evidence.loot.map(taken)),
    ...list("The script said", evidence.reports),
  );
}
