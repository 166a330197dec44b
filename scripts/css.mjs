// Joins a folder's style sheets in the order of their names (00-*.css declares the cascade layers),
// without comments and indentation. No parser: quoted strings are passed over, so nothing inside changes.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.argv[2];
const skippable = /("(?:\\[^]|[^"\\])*"|'(?:\\[^]|[^'\\])*')|\/\*[^]*?\*\/|(\s+)/g;

for (const name of readdirSync(folder).filter((name) => name.endsWith(".css")).sort()) {
  const source = readFileSync(join(folder, name), "utf8");
  const small = source
    .replace(skippable, (_, quoted, space) => quoted ?? (space ? (space.includes("\n") ? "\n" : " ") : ""))
    .replace(/\n+/g, "\n");
  process.stdout.write(small.trim() + "\n");
}
