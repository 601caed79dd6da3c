/**
 * The next version of the lifecycle as it is written by somebody who does not think of sessions under way: the body, the list of its
 * steps, and the state where a step leaves more or other things in it. What the safe way has in common with that stands here too.
 */
import { type Edit, edit } from "../../../harness/engines/edit.ts";
import type { ChangeName, NextVersion } from "../../../harness/engines/upgrade.ts";

export const inBody = (replace: string, by: string): Edit => edit("lifecycle.ts", replace, by);
export const inTable = (replace: string, by: string): Edit => edit("session-table.ts", replace, by);

export const list = "  const steps = stepsOf(activities.length);\n";
/** Does something to the list of steps: what is left of a session is what comes in it after the last step that is done. */
export const listed = (change: string): Edit => inBody(list, list.replace(";", `${change};`));
/** `notify` enters the list where the step whose `name` fulfils this is. */
export const listedBefore = (condition: string): Edit =>
  inBody(
    list,
    `  const steps: readonly Step[] = stepsOf(activities.length).flatMap((name) =>
    ${condition} ? ["notify", name] : name,
  );
`,
  );

const notifyBlock = `  await step("notify", async (key) => {
    const { receipt } = await notify(world, spec, key, fence, state.receipt);
    state = { ...state, receipt };
    await mark("notify");
  });
`;
export const importsNotify = inBody("markIdle, recordActivity }", "markIdle, notify, recordActivity }");
const beforeIdle = '  const hasGoneIdle = await step("mark-idle",';
const afterWait = '  await step("expire", async (key) => {\n';

/** By its place, the block that does the step. It runs for the sessions that have it in their list. */
export const notifies = {
  beforeIdle: [importsNotify, inBody(beforeIdle, notifyBlock + beforeIdle)],
  afterWait: [importsNotify, inBody(afterWait, notifyBlock + afterWait)],
};

export const parksWhenIdle = `  const hasGoneIdle = await step("mark-idle", async (key) => {
    const { idleAt, receipt } = await markIdle(world, spec, key, fence, state.receipt);
    // concern: timer
    // From the recorded idleAt, not from now: a crash before the row is written must not restart the window.
    await letGo("mark-idle", { ...state, receipt }, idleAt + idleTimeoutMs);
  });

  if (hasGoneIdle) return; // whoever takes the session when its window is over goes on below
`;
const parksWhenTold = `  await step("mark-idle", async (key) => {
    state = { ...state, ...(await markIdle(world, spec, key, fence, state.receipt)) };
    await mark("mark-idle");
  });
  const hasGoneIdle = await step("notify", async (key) => {
    const { idleAt } = state as Required<State>; // mark-idle has been marked
    const { receipt } = await notify(world, spec, key, fence, state.receipt);
    // concern: timer
    // From the recorded idleAt, not from now: neither a crash nor this step's time must move the window.
    await letGo("notify", { ...state, receipt }, idleAt + idleTimeoutMs);
  });

  if (hasGoneIdle) return; // whoever takes the session when its window is over goes on below
`;
export const keepsIdleAt = inTable(
  "  readonly jti?: string;\n",
  "  readonly jti?: string;\n  readonly idleAt?: number;\n",
);

const expireBlock = `  await step("expire", async (key) => {
    state = { ...state, ...(await expire(world, spec, key, fence, state.receipt)) };
    await mark("expire");
  });
`;
const cleanupBlock = `  await step("cleanup", async (key) => {
    const { jti, receipt, loginAt, expiredAt } = state as Required<State>; // complete: all steps before have been marked
    const { cleanedAt } = await cleanup(world, spec, jti, key, fence, receipt);
    const outcome = { activitiesRecorded: activities.length, loginAt, expiredAt, cleanedAt };
    await letGo("cleanup", { sessionId, userId, finalStatus: "cleaned_up", ...outcome }, null);
  });
`;
/** The two blocks that come last. */
export const bothEnds = expireBlock + cleanupBlock;
const cleanupThenExpire = `  await step("cleanup", async (key) => {
    const { jti } = state as Required<State>; // login has been marked
    state = { ...state, ...(await cleanup(world, spec, jti, key, fence, state.receipt)) };
    await mark("cleanup");
  });
  await step("expire", async (key) => {
    const { receipt, loginAt, cleanedAt } = state as Required<State>; // complete: all steps before have been marked
    const { expiredAt } = await expire(world, spec, key, fence, receipt);
    const outcome = { activitiesRecorded: activities.length, loginAt, expiredAt, cleanedAt };
    await letGo("expire", { sessionId, userId, finalStatus: "cleaned_up", ...outcome }, null);
  });
`;
/** What the types say where the lifecycle's own names of steps are no longer those of the operations. */
export const namesSteps = (type: string): readonly Edit[] => [
  inTable(
    "/** A session in the hands",
    `/** The steps by the names that rows and keys have. */
export type StepName = ${type};

/** A session in the hands`,
  ),
  inTable("  readonly done: Step | null;", "  readonly done: StepName | null;"),
  inTable("done: Step, state: State):", "done: StepName, state: State):"),
  inTable("      done: Step,\n", "      done: StepName,\n"),
  inBody("recordStep, type Step, stepsOf", "recordStep, stepsOf"),
  inBody("import type { Hold, SessionTable, State }", "import type { Hold, SessionTable, State, StepName }"),
  inBody("(name: Step, play", "(name: StepName, play"),
  inBody("(name: Step) =>", "(name: StepName) =>"),
  inBody("(name: Step, last", "(name: StepName, last"),
];

export const issues = "    state = await login(world, spec, key, fence);\n";

export const plain: Readonly<Record<ChangeName, NextVersion>> = {
  "step-before-idle": { edits: [listedBefore('name === "mark-idle"'), ...notifies.beforeIdle] },
  "step-before-wait": {
    edits: [
      listedBefore('name === "expire"'),
      importsNotify,
      keepsIdleAt,
      inBody(parksWhenIdle, parksWhenTold),
    ],
  },
  "step-after-wait": { edits: [listedBefore('name === "expire"'), ...notifies.afterWait] },
  "activity-removed": {
    edits: [
      listed(".filter((name) => name !== recordStep(2))"),
      inBody(
        "  for (const index of activities.keys()) {\n",
        "  for (const index of activities.keys()) {\n    if (index === 2) continue; // no longer recorded\n",
      ),
    ],
  },
  "step-removed": {
    edits: [
      inBody(
        list,
        '  const steps: readonly Step[] = stepsOf(activities.length).filter((name) => name !== "expire");\n',
      ),
      inBody("cleanup, expire, login", "cleanup, login"),
      inBody(expireBlock, ""),
      inBody("loginAt, expiredAt } = state", "loginAt } = state"),
      inBody("loginAt, expiredAt, cleanedAt };", "loginAt, expiredAt: cleanedAt, cleanedAt };"),
      inTable('"loginAt" | "expiredAt"', '"loginAt"'),
    ],
  },
  "steps-swapped": {
    edits: [
      inBody(
        list,
        '  const steps: readonly Step[] = [...stepsOf(activities.length).slice(0, -2), "cleanup", "expire"];\n',
      ),
      inBody(bothEnds, cleanupThenExpire),
      inTable('"loginAt" | "expiredAt"', '"loginAt" | "cleanedAt"'),
    ],
  },
  "step-renamed": {
    edits: [
      listed('.map((name) => (name === "expire" ? "lapse" : name))'),
      ...namesSteps('Exclude<Step, "expire"> | "lapse"'),
      inBody('step("expire",', 'step("lapse",'),
      inBody('mark("expire")', 'mark("lapse")'),
    ],
  },
  "result-reshaped": {
    edits: [
      inTable("  readonly jti?: string;", "  readonly tokenId?: string;"),
      inBody(
        issues,
        `    const { jti, ...issued } = await login(world, spec, key, fence);
    state = { ...issued, tokenId: jti };
`,
      ),
      inBody("const { jti, receipt, loginAt", "const { tokenId, receipt, loginAt"),
      inBody("cleanup(world, spec, jti", "cleanup(world, spec, tokenId"),
    ],
  },
  "wait-doubled": { edits: [inBody("idleAt + idleTimeoutMs", "idleAt + 2 * idleTimeoutMs")] },
};
