import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { reportOf } from "../../experiments/report-of.ts";
import { factsAndRowsOf, resultsOf } from "../../experiments/results.ts";
import { hostileResults } from "../../testing/samples/hostile-results.ts";
import { sampleResults } from "../../testing/samples/sample-results.ts";
import { renderOverview, renderTerminal, styleFor } from "./terminal.ts";

describe("renderTerminal", () => {
  test("shows everything that a run found", async () => {
    await expect(renderTerminal(reportOf(sampleResults), { colour: false })).toMatchFileSnapshot(
      "snapshots/terminal.txt",
    );
  });

  test("shows what is known before a run has ended, and nothing else", () => {
    const { facts } = factsAndRowsOf(sampleResults);
    const { codeSize } = sampleResults;
    const text = renderOverview(reportOf(resultsOf(facts, { codeSize })), { colour: false });
    expect(text.split("\n")[0]).toBe("Code size by concern");
    expect(text).not.toContain("How to read this");
  });

  test("colour changes nothing but the colour", () => {
    const coloured = renderTerminal(reportOf(sampleResults), { colour: true });
    expect(coloured).toContain("\u001b[31m✗");
    expect(stripVTControlCharacters(coloured)).toBe(
      renderTerminal(reportOf(sampleResults), { colour: false }),
    );
  });

  test("lets no control character from outside reach the terminal", () => {
    expect(renderTerminal(reportOf(hostileResults), { colour: false })).not.toMatch(/[^\P{C}\n]/u);
  });
});

describe("styleFor", () => {
  test.each([
    [{ isTTY: true }, {}, true],
    [{ isTTY: false }, {}, false],
    [{}, {}, false],
    [{ isTTY: true }, { NO_COLOR: "1" }, false],
    [{ isTTY: true }, { NO_COLOR: "" }, true],
  ])("for %j and %j, colour: %s", (stream, environment, colour) => {
    expect(styleFor(stream, environment)).toEqual({ colour });
  });
});
