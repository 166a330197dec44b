// What the browser has to fetch stays small, and carries nothing that belongs to the builder or the server.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";

const site = process.argv[2] ?? "target/site";
const pkg = join(site, "pkg");
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
const failures = [];

const walk = (folder) =>
  readdirSync(folder, { recursive: true }).map((name) => join(folder, name)).filter((path) => statSync(path).isFile());

// 1. Sizes, as sent.
const size = (path, encoding) => statSync(`${path}.${encoding}`, { throwIfNoEntry: false })?.size ?? statSync(path).size;
const scripts = walk(pkg).filter((path) => path.endsWith(".js"));
const rows = [
  { what: "counterfoil.wasm, brotli", paths: [join(pkg, "counterfoil.wasm")], encoding: "br", budget: 230_000 },
  { what: "JavaScript, brotli", paths: scripts, encoding: "br", budget: 20_000 },
  { what: "counterfoil.css, gzip", paths: [join(pkg, "counterfoil.css")], encoding: "gz", budget: 12_000 },
];
for (const { what, paths, encoding, budget } of rows) {
  const sum = paths.reduce((total, path) => total + size(path, encoding), 0);
  console.log(`${what.padEnd(26)} ${kilobytes(sum).padStart(10)}  of ${kilobytes(budget).padStart(9)}`);
  if (sum > budget) failures.push(`${what}: ${sum} bytes, ${sum - budget} over its budget`);
}

// 2. Leaks. Latin-1 keeps every byte of the WebAssembly one character, so its strings can be searched.
const literal = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const forbidden = [
  `${literal(resolve("."))}/(?:src|target)/`,
  "/(?:root|usr/(?:src|lib|share)|tmp|Users)/",
  "/home/[\\w.-]+/",
  "[A-Z]:\\\\Users",
  "\\.cargo",
  "registry/src",
  "postgres(?:ql)?://",
  "rediss?://",
  "PRIVATE KEY",
];
const leak = new RegExp(forbidden.join("|"), "g");
for (const path of walk(site).filter((path) => !/\.(br|gz)$/.test(path))) {
  const text = readFileSync(path, "latin1");
  const hits = new Set([...text.matchAll(leak)].map((hit) => text.slice(hit.index, hit.index + 80).split(/[^ -~]/)[0]));
  for (const hit of [...hits].slice(0, 3)) failures.push(`${relative(site, path)} contains "${hit}"`);
}

for (const failure of failures) console.error(`over budget or leaking: ${failure}`);
process.exit(failures.length > 0 ? 1 : 0);
