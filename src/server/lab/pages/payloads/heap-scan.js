// Looks for the token in the memory of WebAssembly.
import { scan } from "./heap.js";
import { until } from "./spy.js";

await until("signed-in");
await scan();
