/**
 * The next versions of the workflow, as somebody would write them who edits its handler and thinks of nothing else; and the way of
 * the documentation: the old code stays at its own address, and the new one is another deployment.
 */
import { type Edit, edit } from "../../../harness/engines/edit.ts";
import type { ChangeName, NextVersion } from "../../../harness/engines/upgrade.ts";

const file = "lifecycle.ts";
const change = (replace: string, by: string): Edit => edit(file, replace, by);

const importsNotify = change("markIdle, recordActivity }", "markIdle, notify, recordActivity }");
const idles =
  '    const idle = await step(ctx, "mark-idle", (key) => markIdle(world, spec, key, null, receipt));\n';
const notified =
  '    const notified = await step(ctx, "notify", (key) => notify(world, spec, key, null, idle.receipt));\n';
const expires =
  '    const expired = await step(ctx, "expire", (key) => expire(world, spec, key, null, idle.receipt));\n';
const cleans = `    const { cleanedAt } = await step(ctx, "cleanup", (key) =>
      cleanup(world, spec, jti, key, null, expired.receipt),
    );
    const { expiredAt } = expired;
`;
const expiresNotified = expires.replace("idle.receipt", "notified.receipt");
const logsIn = `    const { jti, loginAt, ...issued } = await step(ctx, "login", (key) => login(world, spec, key));
`;

const versions: Readonly<Record<ChangeName, readonly Edit[]>> = {
  "step-before-idle": [
    importsNotify,
    change(
      idles,
      `    const told = await step(ctx, "notify", (key) => notify(world, spec, key, null, receipt));
    receipt = told.receipt;
${idles}`,
    ),
  ],
  "step-before-wait": [importsNotify, change(idles, idles + notified), change(expires, expiresNotified)],
  "step-after-wait": [importsNotify, change(expires, notified + expiresNotified)],
  "activity-removed": [
    change(
      "    for (const index of activities.keys()) {\n",
      "    for (const index of activities.keys()) {\n      if (index === 2) continue; // it is no longer recorded\n",
    ),
  ],
  "step-removed": [
    change("cleanup, expire, login", "cleanup, login"),
    change(expires, ""),
    change(
      cleans,
      cleans
        .replace("expired.receipt", "idle.receipt")
        .replace("expiredAt } = expired", "cleanedAt: expiredAt } = { cleanedAt }"),
    ),
  ],
  "steps-swapped": [
    change(
      expires + cleans,
      `    const cleaned = await step(ctx, "cleanup", (key) =>
      cleanup(world, spec, jti, key, null, idle.receipt),
    );
    const { expiredAt } = await step(ctx, "expire", (key) =>
      expire(world, spec, key, null, cleaned.receipt),
    );
    const { cleanedAt } = cleaned;
`,
    ),
  ],
  "step-renamed": [
    change("name: Step,", 'name: Step | "lapse",'),
    change(expires, expires.replace('"expire"', '"lapse"')),
  ],
  "result-reshaped": [
    change(
      logsIn,
      `    const { tokenId, loginAt, ...issued } = await step(ctx, "login", async (key) => {
      const { jti, ...rest } = await login(world, spec, key);
      return { tokenId: jti, ...rest };
    });
`,
    ),
    change("cleanup(world, spec, jti, key", "cleanup(world, spec, tokenId, key"),
  ],
  "wait-doubled": [change("idle.idleAt + idleTimeoutMs", "idle.idleAt + 2 * idleTimeoutMs")],
};

const asVersions = (made: (edits: readonly Edit[]) => NextVersion) =>
  Object.fromEntries(Object.entries(versions).map(([name, edits]) => [name, made(edits)])) as Readonly<
    Record<ChangeName, NextVersion>
  >; // the same names

export const plain = asVersions((edits) => ({ edits }));

export const isNext = change("export const version = 1;", "export const version = 2;");

/** The file of the old code stays under another name, and workers answer at the addresses of both. */
export const safe = asVersions((edits) => ({
  copies: [{ from: file, to: "lifecycle-v1.ts" }],
  edits: [
    ...edits,
    isNext,
    edit(
      "worker.ts",
      'import { sessionWorkflow, version } from "./lifecycle.ts";',
      `import { sessionWorkflow, version } from "./lifecycle.ts";
import { sessionWorkflow as sessionWorkflowV1, version as versionV1 } from "./lifecycle-v1.ts";`,
    ),
    edit(
      "worker.ts",
      "  let isLeaving = false;\n",
      `  handlers.set(\`v\${versionV1}\`, serve(sessionWorkflowV1(surroundings))); // until the last session that began with it has ended
  let isLeaving = false;
`,
    ),
  ],
}));
