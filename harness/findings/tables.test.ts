import { expect, test } from "vitest";
import type { Finding } from "../engines/finding.ts";
import { notPlayed, reproduces } from "./outcome.ts";
import { playedTable, withTrackRecord } from "./tables.ts";

const finding: Finding = {
  id: "lost",
  of: "engine",
  version: "1.0.0",
  what: "It loses.",
  shownBy: [
    { kind: "script", draft: "lost.md" },
    { kind: "claim", claim: "kept", target: "engine@store", shows: { outcome: "holds" } },
    { kind: "variant", variant: "no-keys" },
    { kind: "test", file: "lost.e2e.test.ts", name: "it loses" },
  ],
  takesS: 1,
  status: "present",
  draft: "lost.md",
};
const told: Finding = { ...finding, id: "told", shownBy: [], told: "https://example.org/1" };
const document = "# Findings\n\n<!-- findings -->\n\n\n\n<!-- end of findings -->\n\nMore.\n";

test("the track record names version, what shows it, the commit, and whether it was told", () => {
  const written = withTrackRecord(document, [finding, told], { lost: "abc" });
  const [row = "", other = ""] = written.split("\n").filter((line) => /^\| `/.test(line));
  expect(row.split("|").map((cell) => cell.trim())).toEqual([
    "",
    "`lost`",
    "engine 1.0.0",
    "It loses.",
    "[script](upstream/lost.md); `npm run claims -- --claim kept --targets engine@store`; `npm run selftest -- --variant no-keys`; [test](../lost.e2e.test.ts)",
    "`abc`",
    "no; [draft](upstream/lost.md)",
    "present",
    "",
  ]);
  expect(other).toContain("| [yes](https://example.org/1)");
  expect(other).toContain("| –");
  expect(written).toMatch(/^# Findings\n[\s\S]*\nMore\.\n$/);
});

test("written twice, the document is the same", () => {
  const once = withTrackRecord(document, [finding], {});
  expect(withTrackRecord(once, [finding], {})).toBe(once);
});

test("what was not played says why", () => {
  const { rows } = playedTable([
    { finding, outcome: reproduces },
    { finding: told, outcome: notPlayed("no server") },
    { finding, outcome: { kind: "gone", says: "one start" } },
  ]);
  expect(rows.map((row) => row.at(-1))).toEqual([
    "reproduces",
    "not played: no server",
    "does not reproduce any more: one start",
  ]);
});
