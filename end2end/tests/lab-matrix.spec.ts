import { readFile, writeFile } from "node:fs/promises";
import { EXPECTED, STRATEGIES } from "../support/expected.ts";
import { expect, test, type Standing } from "../support/control-room.ts";
import { proved } from "../support/logs.ts";

const COMMITTED = new URL("../../src/lab/measured/chromium.json", import.meta.url);

interface Table {
  readonly seconds: number;
  readonly cells: readonly { strategy: string; attack: string; verdict: string }[];
}

for (const [index, strategy] of STRATEGIES.entries()) {
  test(`every attack on ${strategy} comes to what was measured, by the servers' own logs`, async ({
    lab,
    page,
  }) => {
    for (const [attack, verdicts] of Object.entries(EXPECTED)) {
      const verdict = verdicts[index];
      if (!verdict) {
        await expect(lab.cell(strategy, attack)).toHaveCount(0);
        continue;
      }
      const concluded = page.waitForResponse((answer) => answer.url().endsWith("/conclusion"));
      const cell = await lab.run(strategy, attack);
      const { evidence, plan, judgement } = (await (await concluded).json()) as Standing;
      const logged = JSON.stringify(evidence);
      expect.soft([attack, cell.verdict], logged).toEqual([attack, verdict]);
      expect.soft(proved(evidence), `${attack}: ${logged}`).toEqual([verdict]);
      expect.soft(cell.bytes, attack).toBe(String(evidence.loot[0]?.value.length ?? ""));
      expect.soft(cell.replay, attack).toBe(String(evidence.loot[0]?.replays[0]?.status ?? ""));
      expect(plan, attack).toMatchObject({ strategy, attack });
      expect(judgement.verdict, attack).toBe(cell.verdict);
      expect(evidence.obstacle, attack).toBeNull();
    }
  });
}

test("everything runs from one click, and the table that the control room shows of Chromium is what came of it", async ({
  lab,
  page,
}) => {
  test.setTimeout(180_000);
  await page.getByRole("button", { name: "Run everything" }).click();
  await lab.done(150_000);
  const measured = (await (await fetch(`${lab.control}/labs/${lab.id}/table`)).json()) as Table;
  await expect(page.getByRole("status")).toHaveText(`Done: 60 attacks in ${measured.seconds} s.`);
  // `MEASURE=1 npx playwright test lab-matrix` writes the table anew.
  if (process.env["MEASURE"]) await writeFile(COMMITTED, `${JSON.stringify(measured, null, 1)}\n`);
  const committed = JSON.parse(await readFile(COMMITTED, "utf8")) as Table;
  const verdicts = ({ cells }: Table) =>
    cells.map(({ strategy, attack, verdict }) => `${strategy} ${attack} ${verdict}`);
  expect(verdicts(measured)).toEqual(verdicts(committed));
  expect(verdicts(measured).sort()).toEqual(expected().sort());
});

function expected(): string[] {
  return Object.entries(EXPECTED).flatMap(([attack, verdicts]) =>
    STRATEGIES.flatMap((strategy, index) =>
      verdicts[index] ? [`${strategy} ${attack} ${verdicts[index]}`] : [],
    ),
  );
}
