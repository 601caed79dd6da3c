import { describe, expect, test } from "vitest";
import { reportOf } from "../../experiments/report-of.ts";
import type { Results } from "../../experiments/results.ts";
import { hostileResults } from "../../testing/samples/hostile-results.ts";
import { sampleResults } from "../../testing/samples/sample-results.ts";
import { exitCodeOf } from "../decision.ts";
import { renderJunit } from "./junit.ts";

describe("renderJunit", () => {
  test("shows everything that decides the exit code", async () => {
    await expect(renderJunit(reportOf(sampleResults))).toMatchFileSnapshot("snapshots/junit.xml");
  });

  test("what a session wrote stays text, and the file well-formed", () => {
    const xml = renderJunit(reportOf(hostileResults));
    expect(xml).not.toMatch(/[^\P{C}\n]/u); // neither control characters, lone surrogates nor noncharacters
    const markup = xml.replace(/<!\[CDATA\[[\s\S]*?\]\]>/g, "");
    expect(markup).not.toContain("<img");
    expect(unclosedTags(markup)).toEqual([]);
  });
});

describe("the cases", () => {
  /** Of each case: how it ended. */
  const outcomesIn = (xml: string) =>
    [...xml.matchAll(/<testcase [^>]*?(?:\/>|>([\s\S]*?)<\/testcase>)/g)].map(
      ([, body = ""]) => /<(failure|error|skipped)/.exec(body)?.[1] ?? "passed",
    );
  const outcomesOf = (results: Results) => outcomesIn(renderJunit(reportOf(results)));

  test("what is measured without a guarantee is no case", () => {
    const measured = sampleResults.verdicts.filter(({ guaranteed }) => !guaranteed);
    expect(outcomesOf({ ...only({ verdicts: measured }), targets: [] })).toEqual([]);
  });

  test("a violation comes with its ledger entries and the command that makes it again", () => {
    expect(renderJunit(reportOf(sampleResults))).toMatch(
      /Session s-17: activity 1 landed twice\n.*"seq":"1-0".*\n.*"seq":"9-0".*\n.*more violations.*\n.*smallest-plan-1\.json.*\nThe same again: npm run chaos -- --seed 4711\]/,
    );
  });

  test("a guarantee that stayed unknown is an error where faults should have tested it, else skipped", () => {
    const unknown = sampleResults.verdicts.filter(
      ({ guaranteed, verdict }) => guaranteed && verdict === "unknown",
    );
    const outcomeIn = (experiment: string) =>
      outcomesOf(only({ verdicts: unknown.map((row) => ({ ...row, experiment })) })).at(-1);
    expect([outcomeIn("chaos"), outcomeIn("recovery-from-kill")]).toEqual(["error", "skipped"]);
  });

  const { verdicts, crashMatrix, claims, upgrades, selftest, falseAlarms, targets } = sampleResults;
  test.each<[string, Partial<Results>]>([
    ["nothing judged", {}],
    ["guarantees that held", { verdicts: verdicts.filter(({ verdict }) => verdict === "pass") }],
    ["a violated guarantee", { verdicts }],
    ["an unknown guarantee", { verdicts: verdicts.filter(({ verdict }) => verdict !== "fail") }],
    ["an unknown cell", { crashMatrix }],
    ["claims", { claims }],
    ["changes of the code", { upgrades }],
    ["a missed variant", { selftest }],
    ["a false alarm", { falseAlarms }],
    ["an unavailable target", { targets }],
  ])("of %s, the cases say what the exit code says", (_what, rows) => {
    for (const command of ["chaos", "load"]) {
      const results = only(rows);
      const report = reportOf({ ...results, run: { ...results.run, command } });
      const outcomes = outcomesIn(renderJunit(report));
      const said = outcomes.includes("failure") ? 1 : outcomes.includes("error") ? 2 : 0;
      expect(said).toBe(exitCodeOf(report));
    }
  });
});

/** The sample with nothing in it but one target that ran, and these rows. */
function only(rows: Partial<Results>): Results {
  const played = { verdicts: [], faultOutcomes: [], crashMatrix: [], claims: [], upgrades: [] };
  const nothing = { ...played, selftest: [], falseAlarms: [] };
  return { ...sampleResults, targets: sampleResults.targets.slice(0, 1), ...nothing, ...rows };
}

/** The tags of markup without text that are left open, or what is not a tag at all. */
function unclosedTags(markup: string): readonly string[] {
  const open: string[] = [];
  const tag = /<(\/?)([a-z-]+)((?: [a-z]+="[^"<]*")*)(\/?)>/y;
  const body = markup.replace(/^<\?xml[^>]*\?>\s*/, "").replace(/>\s+/g, ">");
  while (tag.lastIndex < body.length) {
    const from = tag.lastIndex;
    const found = tag.exec(body);
    if (found === null) return [`no tag: ${body.slice(from, from + 80)}`];
    const [, isEnd, name = "", , isEmpty] = found;
    if (isEnd === "/" && open.pop() !== name) return [`ends what is not open: ${name}`];
    if (isEnd === "" && isEmpty === "") open.push(name);
  }
  return open;
}
