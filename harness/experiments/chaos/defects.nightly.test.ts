/** Defects that public reports describe: what a drawn plan does to them shows each, by the invariant that it breaks; and nothing of the original. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { whatKeysProvide } from "../../checks/guarantees.ts";
import type { InvariantId } from "../../checks/invariants/index.ts";
import { judge } from "../../checks/judge.ts";
import type { Edit } from "../../engines/edit.ts";
import { drawPlan } from "../../plan/draw-plan.ts";
import { sessionModeSchema } from "../../plan/plan-schema.ts";
import { playedPlan, playPlan } from "../../run/play-plan/play-plan.ts";
import { edited, reportedDefects } from "../../testing/broken-copies.ts";
import { runForTests } from "../../testing/run-for-tests.ts";

const current = runForTests();
const folder = mkdtempSync(join(tmpdir(), "killproof-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Nobody dies in it. */
const plan = drawPlan(25, {
  sessions: 240,
  arrivalsMs: 40_000,
  workers: 2,
  clients: 2,
  faults: { throw: 16 },
  leaseMs: 1_000,
  retryDelayMs: 200,
});

const defects: readonly (readonly [name: string, edits: readonly Edit[], breaks: InvariantId | null])[] = [
  ["none", [], null],
  ["short-memory", reportedDefects["short-memory"], "started-once"],
  ["ten-attempts", reportedDefects["ten-attempts"], "completed"],
  ["growing-delay", reportedDefects["growing-delay"], "completed"],
  ["delay-changed", reportedDefects["delay-changed"], "timer-kept"],
];

test.each(defects)("%s", async (name, edits, breaks) => {
  const target = edited(folder, name, ...edits);
  const experiment = `defect-${target.engine}`;
  const entries = await playPlan({ run: current.run, experiment, target, plan, watch: () => {} });
  const { analysis } = playedPlan(entries, { experiment, target, plan });
  const violated = sessionModeSchema.options.flatMap((mode) => {
    const sessions = plan.sessions.filter((session) => session.mode === mode);
    return judge(analysis, sessions, { faultsInjected: true })
      .filter(({ verdict }) => verdict === "fail")
      .map(({ invariant, violations }) => ({ mode, invariant, violations }));
  });
  // Without keys, a step that fails after its effect lands it again: that is no defect.
  const found = violated.filter(
    ({ mode, invariant }) => mode === "idempotent" || !whatKeysProvide.includes(invariant),
  );
  if (breaks === null) expect(found).toEqual([]);
  else expect(found.map(({ invariant }) => invariant)).toContain(breaks);
});
