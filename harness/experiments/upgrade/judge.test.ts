import { expect, test } from "vitest";
import type { ChangeName, Fleet, Outcome, Place } from "../../engines/upgrade.ts";
import { type HandWritten, handWritten, leaseMs } from "../../testing/hand-written.ts";
import { type Cell, type SessionPlace, sessionOf, specOf } from "./cells.ts";
import { upgradeRows } from "./judge.ts";

function cellOf(change: ChangeName, fleet: Fleet = "forward", declared: Outcome = "runs as new"): Cell {
  const outcomes = { activities: declared, wait: declared, cleanup: declared };
  const id = `${change}-${fleet}`;
  return { id, change, way: "plain", fleet, version: { edits: [] }, declared: outcomes, deaths: null };
}

/** One session until the workers are replaced. `w(1)` is the first worker, `w(2)` the next one. */
function begun(cell: Cell, place: Place) {
  const w = (life: number) => `${cell.id}#${life}`;
  const history = handWritten(specOf(cell, place, leaseMs));
  const code =
    cell.fleet === "backward" ? (["next", "published"] as const) : (["published", "next"] as const);
  history
    .write({ kind: "spawned", worker: w(1), code: code[0] })
    .write({ kind: "ready", worker: w(1) })
    .starts();
  return { history, w, code };
}

function changed({ history, w, code }: ReturnType<typeof begun>, cell: Cell): HandWritten {
  history.kills(`change of ${cell.id}`, [w(1)], "kill-all");
  return history
    .write({ kind: "spawned", worker: w(2), code: code[1] })
    .write({ kind: "ready", worker: w(2) });
}

function rowOf(history: HandWritten, cell: Cell, place: SessionPlace) {
  const rows = upgradeRows(history.entries, "t", { cells: [cell], attempt: 0, leaseMs });
  return rows.find((row) => row.place === place);
}

/** In its wait when the code changes. */
function waiting(cell: Cell) {
  const start = begun(cell, "wait");
  start.history.runsFrom("login", "mark-idle", start.w(1)).wait(leaseMs);
  return { history: changed(start, cell), w: start.w };
}

const idleMs = (cell: Cell) => specOf(cell, "wait", leaseMs).idleTimeoutMs;

test("an added step that runs: as new; one that never does, on workers without the old code: skipped", () => {
  const cell = cellOf("step-after-wait");
  const ran = waiting(cell);
  ran.history
    .wait(idleMs(cell))
    .begins("notify", ran.w(2), null, ran.history.receiptOf("mark-idle"))
    .lands("send-notice");
  ran.history.begins("expire", ran.w(2), null, ran.history.receiptOf("notify")).lands("set-expired");
  ran.history.runs("cleanup", ran.w(2)).gets();
  expect(rowOf(ran.history, cell, "wait")).toMatchObject({ outcome: "runs as new", verdict: "pass" });

  const skipped = waiting(cell);
  skipped.history.runsFrom("expire", "cleanup", skipped.w(2)).gets();
  expect(rowOf(skipped.history, cell, "wait")).toMatchObject({ outcome: "skipped", verdict: "fail" });
});

test("the same session on a worker that has the old code too: as old", () => {
  const cell = cellOf("step-after-wait", "forward", "runs as old");
  const start = begun(cell, "wait");
  start.history.runsFrom("login", "mark-idle", start.w(1)).wait(leaseMs);
  const history = changed({ ...start, code: ["published", "both" as never] }, cell);
  history.runsFrom("expire", "cleanup", start.w(2)).gets();
  expect(rowOf(history, cell, "wait")).toMatchObject({ outcome: "runs as old", verdict: "pass" });
});

test("a step that goes on from another one's result, and an effect that lands twice: wrong", () => {
  const cell = cellOf("step-after-wait");
  const taken = waiting(cell);
  taken.history.wait(idleMs(cell)).begins("expire", taken.w(2), null, taken.history.receiptOf("record:0"));
  expect(rowOf(taken.history, cell, "wait")).toMatchObject({
    outcome: "wrong",
    found: "expire was handed the receipt of record:0",
  });

  const twice = waiting(cell);
  twice.history.runsFrom("expire", "cleanup", twice.w(2)).begins("expire", twice.w(2)).lands("set-expired");
  expect(rowOf(twice.history, cell, "wait")).toMatchObject({
    outcome: "wrong",
    found: "set-expired of expire landed twice",
  });
});

test("a result without cleanup, and no result at all: lost", () => {
  const cell = cellOf("steps-swapped");
  const uncleaned = waiting(cell);
  uncleaned.history.wait(idleMs(cell)).runs("expire", uncleaned.w(2)).gets();
  expect(rowOf(uncleaned.history, cell, "wait")).toMatchObject({ outcome: "lost" });

  const never = waiting(cell);
  const session = sessionOf(cell, "wait");
  never.history.write({ kind: "result-failed", session, caller: "c1", error: "TypeError: x" });
  expect(rowOf(never.history, cell, "wait")?.found).toContain('"TypeError: x"');
});

test.each([
  { tries: 0, lines: 1, outcome: "refused" },
  { tries: 3, lines: 1, outcome: "stuck, loud" },
  { tries: 0, lines: 0, outcome: "stuck, silent" },
] as const)(
  "$tries executions and $lines lines until the old code is back: $outcome",
  ({ tries, lines, outcome }) => {
    const cell = cellOf("step-renamed");
    const { history, w } = waiting(cell);
    history.wait(idleMs(cell));
    for (let n = 0; n < tries; n++) history.begins("expire", w(2));
    history.write({
      kind: "logged",
      session: sessionOf(cell, "wait"),
      worker: w(2),
      lines,
      first: "no such step",
    });
    history.kills(`back of ${cell.id}`, [w(2)], "kill-all");
    history.write({ kind: "spawned", worker: w(3), code: "published" });
    history.runsFrom("expire", "cleanup", w(3)).gets();
    expect(rowOf(history, cell, "wait")).toMatchObject({ outcome });
  },
);

test("the wait that ends tells which version's window it was", () => {
  const cell = cellOf("wait-doubled", "forward", "runs as old");
  const short = waiting(cell);
  short.history.runsFrom("expire", "cleanup", short.w(2)).gets();
  expect(rowOf(short.history, cell, "wait")).toMatchObject({ outcome: "runs as old" });

  const long = waiting(cell);
  long.history.wait(idleMs(cell)).runsFrom("expire", "cleanup", long.w(2)).gets();
  expect(rowOf(long.history, cell, "wait")).toMatchObject({ outcome: "runs as new", verdict: "fail" });
});

test("a session that was elsewhere when the code changed decides nothing", () => {
  const cell = cellOf("step-renamed");
  const start = begun(cell, "wait");
  start.history.runsFrom("login", "record:1", start.w(1));
  const history = changed(start, cell);
  history.runsFrom("record:2", "cleanup", start.w(2)).gets();
  expect(rowOf(history, cell, "wait")).toMatchObject({ outcome: null, verdict: "unknown" });
});

test("an effect that neither version lands so early, or so late in the order: wrong", () => {
  const cell = cellOf("step-renamed");
  const early = waiting(cell);
  early.history.runs("expire", early.w(2)).runs("cleanup", early.w(2)).gets();
  expect(rowOf(early.history, cell, "wait")?.found).toContain("not-early");
});

test("back on the published code, what the next version has not done yet is missing: wrong", () => {
  const cell = cellOf("step-removed", "backward");
  const start = begun(cell, "wait");
  start.history.runsFrom("login", "mark-idle", start.w(1)).wait(leaseMs);
  const history = changed(start, cell);
  history.wait(idleMs(cell)).begins("cleanup", start.w(2), null, history.receiptOf("mark-idle"));
  history.lands("revoke-token").lands("clear-cache").lands("write-audit").gets();
  expect(rowOf(history, cell, "wait")).toMatchObject({
    outcome: "wrong",
    found: "it has a result, and expire never landed",
  });
});

test("an added step that goes on from another one's result: wrong, though one of the laws has no such step", () => {
  const cell = cellOf("step-after-wait");
  const taken = waiting(cell);
  taken.history
    .wait(idleMs(cell))
    .begins("notify", taken.w(2), null, taken.history.receiptOf("record:0"))
    .lands("send-notice");
  expect(rowOf(taken.history, cell, "wait")).toMatchObject({
    outcome: "wrong",
    found: "notify was handed the receipt of record:0",
  });
});

test("an answer that comes late is no rescue: nothing landed on the code that came back", () => {
  const cell = cellOf("step-renamed");
  const { history, w } = waiting(cell);
  history.runsFrom("expire", "cleanup", w(2));
  history.kills(`back of ${cell.id}`, [w(2)], "kill-all").write({
    kind: "spawned",
    worker: w(3),
    code: "published",
  });
  history.gets();
  expect(rowOf(history, cell, "wait")).toMatchObject({ outcome: "runs as new" });
});

test("an error after all of the cleanup is no loss, and is wrong", () => {
  const cell = cellOf("step-renamed");
  const { history, w } = waiting(cell);
  history.runsFrom("expire", "cleanup", w(2));
  history.write({ kind: "result-failed", session: sessionOf(cell, "wait"), caller: "c1", error: "E" });
  expect(rowOf(history, cell, "wait")).toMatchObject({ outcome: "wrong" });
});

test("a new session that runs as the old version does: skipped", () => {
  const cell = cellOf("step-after-wait");
  const start = begun(cell, "wait");
  const history = changed(start, cell).about(specOf(cell, "new", leaseMs));
  history.starts().runsFrom("login", "cleanup", start.w(2)).gets();
  expect(rowOf(history, cell, "new")).toMatchObject({ outcome: "skipped", verdict: "fail" });
});
