/**
 * The next version of the lifecycle as it is written by somebody who does not think of sessions under way: the body, the list of its
 * steps, and the row where a step leaves more or other things in it. What the safe way has in common with that stands here too.
 */
import { type Edit, edit } from "../../../harness/engines/edit.ts";
import type { ChangeName, NextVersion } from "../../../harness/engines/upgrade.ts";

/** An edit of the body. */
export const inBody = (replace: string, by: string): Edit => edit("lifecycle.ts", replace, by);
/** An edit of the row. */
export const inRow = (replace: string, by: string): Edit => edit("session-row.ts", replace, by);

/** Does something to the list of steps: all that a row can go on to. */
export const listed = (change: string): Edit =>
  inBody("= stepsOf(activities.length);", `= stepsOf(activities.length)${change};`);
/** `notify` enters the list where the step whose `name` fulfils this is. */
export const listedBefore = (condition: string): Edit =>
  listed(`.flatMap((name) =>
      ${condition} ? ["notify", name] : name,
    )`);

const expireBlock = `    await step("expire", async (key) => {
      const { expiredAt, receipt } = await expire(world, spec, key, fence, row.receipt);
      await advance({ expiredAt, receipt });
    });
`;
const notifyBlock = `    await step("notify", async (key) => {
      const { receipt } = await notify(world, spec, key, fence, row.receipt);
      await advance({ receipt });
    });
`;
const importsNotify = inBody("markIdle, recordActivity }", "markIdle, notify, recordActivity }");
const beforeIdle = '    await step("mark-idle", async (key) => {\n';
const armed = "      await advance({ expireAt: idleAt + idleTimeoutMs, receipt });\n    });\n";
const afterWait = '    await step("expire", async (key) => {\n';

/** By its place, the block that does the step. It runs for the rows that come to it by the list. */
export const notifies = {
  beforeIdle: [importsNotify, inBody(beforeIdle, notifyBlock + beforeIdle)],
  beforeWait: [importsNotify, inBody(armed, armed + notifyBlock)],
  afterWait: [importsNotify, inBody(afterWait, notifyBlock + afterWait)],
};

/** The step that waits is another than `expire`: for what it is compared with, and for the reader of the row. */
export const waitsAt = (next: string): readonly Edit[] => [
  inBody('if (row.step === "expire") {', `if (row.step === ${next}) {`),
  inRow("whose next step is `expire` waits for it.", "that has done `mark-idle` waits for its next step."),
];

/** What `cleanup` leaves for `expire`, once that comes last. */
export const keepsCleanedAt = [
  inRow("  readonly expiredAt: number;", "  readonly expiredAt: number;\n  readonly cleanedAt: number;"),
  inRow(
    'Partial<Pick<SessionRow, "jti" | "loginAt" | "expireAt" | "expiredAt">> & {',
    'Partial<\n  Pick<SessionRow, "jti" | "loginAt" | "expireAt" | "expiredAt" | "cleanedAt">\n> & {',
  ),
  inRow("'expiredAt', 'result'", "'expiredAt', 'cleanedAt', 'result'"),
  inRow("expireAt, expiredAt, result", "expireAt, expiredAt, cleanedAt, result"),
  inRow(
    "    expiredAt: Number(expiredAt ?? Number.NaN),",
    "    expiredAt: Number(expiredAt ?? Number.NaN),\n    cleanedAt: Number(cleanedAt ?? Number.NaN),",
  ),
];

const cleanupBlock = `    await step("cleanup", async (key) => {
      const { cleanedAt } = await cleanup(world, spec, row.jti, key, fence, row.receipt);
      const { loginAt, expiredAt } = row;
      const outcome = { activitiesRecorded: activities.length, loginAt, expiredAt, cleanedAt };
      row = await rows.finish(row, { sessionId, userId, finalStatus: "cleaned_up", ...outcome });
    });
`;
const cleanupThenExpire = `    await step("cleanup", async (key) => {
      const { cleanedAt, receipt } = await cleanup(world, spec, row.jti, key, fence, row.receipt);
      await advance({ cleanedAt, receipt });
    });
    await step("expire", async (key) => {
      const { expiredAt } = await expire(world, spec, key, fence, row.receipt);
      const { loginAt, cleanedAt } = row;
      const outcome = { activitiesRecorded: activities.length, loginAt, expiredAt, cleanedAt };
      row = await rows.finish(row, { sessionId, userId, finalStatus: "cleaned_up", ...outcome });
    });
`;
/** The two blocks that come last. */
export const bothEnds = expireBlock + cleanupBlock;

/** What the types say where the lifecycle's own names of steps are no longer those of the operations. */
export const namesSteps = (type: string): readonly Edit[] => [
  inRow(
    "/** The step to do next;",
    `/** The steps by the names that rows and keys have. */
export type StepName = ${type};

/** The step to do next;`,
  ),
  inRow("export type Progress = Step |", "export type Progress = StepName |"),
  edit(
    "idempotency.ts",
    'import type { Step } from "../session/steps.ts";',
    'import type { StepName } from "./session-row.ts";',
  ),
  edit("idempotency.ts", "step: Step)", "step: StepName)"),
  inBody("recordStep, type Step, stepsOf", "recordStep, stepsOf"),
  inBody("import type { RowChange, SessionRows }", "import type { RowChange, SessionRows, StepName }"),
  inBody("name: Step,", "name: StepName,"),
  inBody("as Step, change", "as StepName, change"),
];

/** The token's id by its new name, in the type of the row, in what changes it, and where it is used. */
export const readsTokenId = [
  inRow("  readonly jti: string;", "  readonly tokenId: string;"),
  inRow('"jti" | "loginAt"', '"tokenId" | "loginAt"'),
  inBody("row.jti", "row.tokenId"),
];

export const plain: Readonly<Record<ChangeName, NextVersion>> = {
  "step-before-idle": { edits: [listedBefore('name === "mark-idle"'), ...notifies.beforeIdle] },
  "step-before-wait": { edits: [listedBefore('name === "expire"'), ...notifies.beforeWait] },
  "step-after-wait": {
    edits: [listedBefore('name === "expire"'), ...waitsAt('"notify"'), ...notifies.afterWait],
  },
  "activity-removed": {
    edits: [
      listed(".filter((name) => name !== recordStep(2))"),
      inBody(
        "    for (const index of activities.keys()) {\n",
        "    for (const index of activities.keys()) {\n      if (index === 2) continue; // no longer recorded\n",
      ),
    ],
  },
  "step-removed": {
    edits: [
      listed('.filter((name) => name !== "expire")'),
      ...waitsAt('"cleanup"'),
      inBody("cleanup, expire, login", "cleanup, login"),
      inBody(expireBlock, ""),
      inBody("const { loginAt, expiredAt } = row;", "const { loginAt } = row;"),
      inBody("loginAt, expiredAt, cleanedAt };", "loginAt, expiredAt: cleanedAt, cleanedAt };"),
    ],
  },
  "steps-swapped": {
    edits: [
      inBody(
        "= stepsOf(activities.length);",
        '= [...stepsOf(activities.length).slice(0, -2), "cleanup", "expire"];',
      ),
      ...waitsAt('"cleanup"'),
      ...keepsCleanedAt,
      inBody(bothEnds, cleanupThenExpire),
    ],
  },
  "step-renamed": {
    edits: [
      listed(`.map((name) =>
      name === "expire" ? "lapse" : name,
    )`),
      ...waitsAt('"lapse"'),
      ...namesSteps('Exclude<Step, "expire"> | "lapse"'),
      inBody('step("expire",', 'step("lapse",'),
    ],
  },
  "result-reshaped": {
    edits: [
      ...readsTokenId,
      inRow("'jti'", "'tokenId'"),
      inRow("[step, jti,", "[step, tokenId,"),
      inRow('    jti: jti ?? "",', '    tokenId: tokenId ?? "",'),
      inBody("const { jti, loginAt, receipt }", "const { jti: tokenId, loginAt, receipt }"),
      inBody("await advance({ jti, loginAt", "await advance({ tokenId, loginAt"),
    ],
  },
  "wait-doubled": { edits: [inBody("idleAt + idleTimeoutMs", "idleAt + 2 * idleTimeoutMs")] },
};
