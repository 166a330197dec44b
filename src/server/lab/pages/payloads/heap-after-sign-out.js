// Has the page sign out, and then looks for what is left of the token.
import { scan } from "./heap.js";
import { until } from "./spy.js";

await until("signed-in");
document.getElementById("sign-out").click();
await until("signed-out");
await scan();
