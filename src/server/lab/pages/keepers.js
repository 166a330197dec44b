// Where a token can be kept. Cookies keep themselves.

export async function keeperFor(strategy, zeroize) {
  if (strategy === "local-storage") {
    return {
      keep: (token) => localStorage.setItem("token", token),
      token: () => localStorage.getItem("token"),
      forget: () => localStorage.removeItem("token"),
    };
  }
  if (strategy === "memory-js") return inClosure();
  if (strategy === "memory-wasm") return inWebAssembly(zeroize);
  return { keep() {}, token: () => null, forget() {} };
}

function inClosure() {
  let held = null;
  return {
    keep: (token) => (held = token),
    token: () => held,
    forget: () => (held = null),
  };
}

async function inWebAssembly(zeroize) {
  const { default: start, Vault } = await import("/vault/vault.js");
  await start();
  const vault = new Vault();
  return {
    keep: (token) => vault.keep(token),
    token: () => vault.token() ?? null,
    forget: () => (zeroize ? vault.wipe() : vault.drop()),
  };
}
