import { isInOrder } from "../support/looks.ts";
import { reach, STATES } from "../support/states.ts";
import { test } from "../support/test.ts";

for (const state of STATES) {
  test(`axe finds nothing wrong: ${state.name}`, async ({ app, mishaps, page, site }) => {
    await reach(state, app, mishaps, site);
    await isInOrder(page);
  });
}
