import { EXPECTED, STRATEGIES } from "../support/expected.ts";
import { expect, test } from "../support/control-room.ts";

for (const [index, strategy] of STRATEGIES.entries()) {
  test(`every attack on ${strategy} comes to what was measured, by the servers' own logs`, async ({
    lab,
  }) => {
    for (const [attack, verdicts] of Object.entries(EXPECTED)) {
      const verdict = verdicts[index];
      if (!verdict) {
        await expect(lab.cell(strategy, attack)).toHaveCount(0);
        continue;
      }
      const cell = await lab.run(strategy, attack);
      const { evidence, plan, judgement } = await lab.standing();
      const logged = JSON.stringify(evidence);
      expect.soft([attack, cell.verdict], logged).toEqual([attack, verdict]);
      expect(plan, attack).toMatchObject({ strategy, attack });
      expect(judgement.verdict, attack).toBe(cell.verdict);
      expect(evidence.obstacle, attack).toBeNull();
    }
  });
}
