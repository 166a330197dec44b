// Drives the example verifiers against a live server, with real tokens and with forged ones.
// Usage: node verifiers.mjs SERVER NAME=COMMAND…; the last line is "N passed, N failed".
import { spawn, execFileSync } from "node:child_process";
import { createHmac, createPrivateKey, createPublicKey, sign } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [server, ...examples] = process.argv.slice(2);
const scratch = mkdtempSync(join(tmpdir(), "counterfoil-verifiers-"));
const children = [];
let passed = 0;
let failed = 0;

const json = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const part = (token, index) => JSON.parse(Buffer.from(token.split(".")[index], "base64url"));

function check(name, actual, expected) {
  if (actual === expected) return (passed += 1);
  failed += 1;
  console.log(`FAILED ${name}: ${actual}, not ${expected}`);
}

// Asks again until there is an answer that is wanted; a process that starts has nothing better to be waited for by.
async function until(what, ask) {
  for (const end = Date.now() + 20_000; Date.now() < end; ) {
    const answer = await ask().catch(() => undefined);
    if (answer) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what} did not come`);
}

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => probe.once("listening", resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

function start(command, env) {
  const [program, ...args] = command.split(" ");
  const child = spawn(program, args, { env: { PATH: process.env.PATH, ...env }, stdio: ["ignore", "ignore", "pipe"] });
  child.stderr.on("data", (text) => process.env.VERBOSE && process.stderr.write(text));
  children.push(child);
}

// The server with keys of one algorithm, somebody signed in, and the server's own private keys for the forger.
async function issuer(algorithm) {
  const data = mkdtempSync(join(scratch, `${algorithm}-`));
  const origin = `http://localhost:${await freePort()}`;
  const env = {
    COUNTERFOIL_DATA_DIR: data,
    COUNTERFOIL_PUBLIC_ORIGIN: origin,
    COUNTERFOIL_ACCESS_TOKEN_ALGORITHM: algorithm.toLowerCase(),
    COUNTERFOIL_BCRYPT_COST: "4",
    COUNTERFOIL_LOG: "error",
  };
  const rotate = (other = algorithm) =>
    execFileSync(server, ["keys", "rotate", "--now"], {
      env: { ...env, COUNTERFOIL_ACCESS_TOKEN_ALGORITHM: other.toLowerCase() },
    });
  const keys = () => JSON.parse(readFileSync(join(data, "keys/access-token.key"))).keys;
  rotate();
  start(`${server} serve`, env);
  await until("the server", async () => (await fetch(`${origin}/readyz`)).ok);

  let cookie = "";
  const call = async (path, body) => {
    const headers = { "Content-Type": "application/json", Cookie: cookie };
    const reply = await fetch(`${origin}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    if (!reply.ok) throw new Error(`${path}: ${reply.status}`);
    cookie = reply.headers.getSetCookie()[0].split(";")[0];
    return (await reply.json()).access_token;
  };
  return {
    origin,
    keys,
    token: await call("/auth/register", { email: "alice@example.com", password: "a stub stays with its issuer" }),
    // A token of the new key, as soon as the server has noticed it.
    rotated: async (other) => {
      rotate(other);
      const { kid } = keys().at(-1);
      await until("the new key", async () => {
        const jwks = await (await fetch(`${origin}/.well-known/jwks.json`)).json();
        return jwks.keys.some((key) => key.kid === kid);
      });
      return call("/auth/refresh", {});
    },
  };
}

// The JWKS by another address that counts how often it is asked.
async function counter(origin) {
  const counts = {};
  const proxy = createServer(async (request, response) => {
    counts[request.url] = (counts[request.url] ?? 0) + 1;
    const reply = await fetch(`${origin}/.well-known/jwks.json`);
    response.writeHead(reply.status, { "Content-Type": reply.headers.get("content-type") });
    response.end(await reply.text());
  });
  await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return { proxy, url: (name) => `http://127.0.0.1:${proxy.address().port}/${name}`, count: (name) => counts[`/${name}`] ?? 0 };
}

function signature(alg, privateKey, head) {
  if (alg === "none") return "";
  if (alg === "HS256") {
    const pem = createPublicKey(privateKey).export({ type: "spki", format: "pem" });
    return createHmac("sha256", pem).update(head).digest("base64url");
  }
  const digest = alg === "EdDSA" ? null : "sha256";
  return sign(digest, Buffer.from(head), { key: privateKey, dsaEncoding: "ieee-p1363" }).toString("base64url");
}

// Signed with the server's own key, so that each check is met alone; HS256 with its public half.
function forger({ keys, token }) {
  const key = keys().at(-1);
  const privateKey = createPrivateKey({ key: Buffer.from(key.private, "base64"), format: "der", type: "pkcs8" });
  return (header, claims) => {
    const full = { ...part(token, 0), ...header };
    const head = `${json(full)}.${json({ ...part(token, 1), ...claims })}`;
    return `${head}.${signature(full.alg, privateKey, head)}`;
  };
}

async function verify(name, command, algorithm, source) {
  const jwks = await counter(source.origin);
  const launch = async (instance, env) => {
    const port = await freePort();
    const url = jwks.url(instance);
    start(command, { ISSUER: source.origin, ALGORITHM: algorithm, PORT: `${port}`, JWKS_URL: url, ...env });
    const ask = (authorization) => fetch(`http://127.0.0.1:${port}/whoami`, { headers: authorization ? { authorization } : {} });
    await until(name, async () => (await ask()).status === 401);
    return async (token) => {
      const reply = await ask(`Bearer ${token}`);
      return reply.status === 200 ? (await reply.json()).sub : reply.status;
    };
  };
  const about = (what) => `${name} ${algorithm}: ${what}`;
  const eager = await launch("eager", { COOLDOWN_SECONDS: "0" });
  const calm = await launch("calm", { COOLDOWN_SECONDS: "3600" });
  const forge = forger(source);
  const { sub, exp } = part(source.token, 1);
  const [head, claims, mac] = source.token.split(".");
  const flipped = (text) => (text[0] === "A" ? "B" : "A") + text.slice(1);
  const past = Math.floor(Date.now() / 1000) - 3600;

  for (const ask of [eager, calm]) check(about("a good token"), await ask(source.token), sub);
  check(about("the forger's own token"), await eager(forge()), sub);
  for (const [what, token] of Object.entries({
    "no token": "",
    "no algorithm": forge({ alg: "none" }),
    "the public key as a secret": forge({ alg: "HS256" }),
    "another audience": forge({}, { aud: "https://other.example" }),
    "no audience": forge({}, { aud: undefined }),
    "another issuer": forge({}, { iss: "https://other.example" }),
    "no issuer": forge({}, { iss: undefined }),
    "an expired token": forge({}, { iat: past - 60, exp: past }),
    "a token without an end": forge({}, { exp: undefined }),
    "another type": forge({ typ: "JWT" }),
    "no type": forge({ typ: undefined }),
    "no kid": forge({ kid: undefined }),
    "changed claims": [head, json({ ...part(source.token, 1), exp: exp + 1 }), mac].join("."),
    "a changed signature": [head, claims, flipped(mac)].join("."),
    "no signature": `${head}.${claims}.`,
  })) {
    check(about(what), await eager(token), 401);
  }
  check(about("fetches until here"), jwks.count("eager"), 1);

  for (let n = 0; n < 5; n += 1) check(about("an unknown kid"), await calm(forge({ kid: `unknown-${n}` })), 401);
  check(about("unknown kids cause no fetch during the cool-down"), jwks.count("calm"), 1);

  const next = await source.rotated();
  for (const token of [next, next, source.token]) check(about("after a rotation"), await eager(token), sub);
  check(about("a rotation is one fetch"), jwks.count("eager"), 2);

  const other = algorithm === "EdDSA" ? "ES256" : "EdDSA";
  check(about("a good token of another algorithm"), await eager(await source.rotated(other)), 401);
  jwks.proxy.close();
}

try {
  for (const algorithm of ["RS256", "ES256", "EdDSA"]) {
    await Promise.all(
      examples.map(async (example) => {
        const [name, command] = example.split("=");
        const source = await issuer(algorithm);
        await verify(name, command, algorithm, source);
      }),
    );
    for (const child of children.splice(0)) child.kill();
  }
} catch (error) {
  failed += 1;
  console.log(`FAILED: ${error.stack}`);
} finally {
  for (const child of children) child.kill();
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
