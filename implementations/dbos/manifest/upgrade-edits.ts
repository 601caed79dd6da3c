/**
 * The next versions of the workflow, as somebody would write them who edits its body and thinks of nothing else; and the way of the
 * documentation: a patch at the head of the workflow tells whether a session began with the old body, which stays beside the new one.
 */
import { type Edit, edit } from "../../../harness/engines/edit.ts";
import type { ChangeName, NextVersion } from "../../../harness/engines/upgrade.ts";

const file = "lifecycle.ts";
const change = (replace: string, by: string): Edit => edit(file, replace, by);
const importsNotify = change("markIdle, recordActivity }", "markIdle, notify, recordActivity }");

type Edits = Readonly<Record<ChangeName, readonly Edit[]>>;
const asVersions = (edits: Edits, made: (edits: readonly Edit[]) => NextVersion) =>
  Object.fromEntries(Object.entries(edits).map(([name, each]) => [name, made(each)])) as Readonly<
    Record<ChangeName, NextVersion>
  >; // the same names

const idles = 'const idle = await step("mark-idle", (key) => markIdle(world, spec, key, null, receipt));';
const expires =
  'const expired = await step("expire", (key) => expire(world, spec, key, null, idle.receipt));';
const cleans = `const { cleanedAt } = await step("cleanup", (key) =>
    cleanup(world, spec, issued.jti, key, null, expired.receipt),
  );`;
const notifies =
  'const notified = await step("notify", (key) => notify(world, spec, key, null, idle.receipt));';
const expiresNotified = change(expires, expires.replace("idle.receipt", "notified.receipt"));
const logsIn = 'await step("login", (key) => login(world, spec, key));';

const hardened: Edits = {
  "step-before-idle": [
    importsNotify,
    change(
      idles,
      `({ receipt } = await step("notify", (key) => notify(world, spec, key, null, receipt)));\n  ${idles}`,
    ),
  ],
  "step-before-wait": [importsNotify, change(idles, `${idles}\n  ${notifies}`), expiresNotified],
  "step-after-wait": [importsNotify, change(expires, `${notifies}\n  ${expires}`), expiresNotified],
  "activity-removed": [
    change(
      "for (const index of activities.keys()) {",
      "for (const index of activities.keys()) {\n    if (index === 2) continue; // it is no longer recorded",
    ),
  ],
  "step-removed": [
    change(`${expires}\n  `, ""),
    change("cleanup, expire, login", "cleanup, login"),
    change(cleans, cleans.replace("expired.receipt", "idle.receipt")),
    change("expiredAt: expired.expiredAt", "expiredAt: cleanedAt"),
  ],
  "steps-swapped": [
    change(
      `${expires}\n  ${cleans}`,
      `${cleans.replace("{ cleanedAt }", "cleaned").replace("expired.receipt", "idle.receipt")}
  ${expires.replace("idle.receipt", "cleaned.receipt")}`,
    ),
    change("    cleanedAt,\n", "    cleanedAt: cleaned.cleanedAt,\n"),
  ],
  "step-renamed": [
    change(expires, expires.replace('step("expire"', 'step("lapse"')),
    change("(name: Step, play", '(name: Step | "lapse", play'),
  ],
  "result-reshaped": [
    change("issued.jti", "issued.tokenId"),
    change(
      logsIn,
      `await step("login", async (key) => {
    const { jti: tokenId, ...rest } = await login(world, spec, key);
    return { tokenId, ...rest };
  });`,
    ),
  ],
  "wait-doubled": [change("idle.idleAt + idleTimeoutMs", "idle.idleAt + 2 * idleTimeoutMs")],
};

export const plain = asVersions(hardened, (edits) => ({ edits }));

const patched: readonly Edit[] = [
  edit(
    "worker.ts",
    'import { runSession } from "./lifecycle.ts";',
    `import { runSession } from "./lifecycle.ts";
import { runSession as runSessionV1 } from "./lifecycle-v1.ts";`,
  ),
  edit(
    "worker.ts",
    "const session = (spec: SessionSpec) => executions.play((run) => runSession(settings.world, run, spec));",
    `const session = (spec: SessionSpec) =>
    executions.play(async (run) => {
      const isNew = await DBOS.patch("session-2"); // false where something else is recorded at this place
      return (isNew ? runSession : runSessionV1)(settings.world, run, spec); // until the last session that began with it has ended
    });`,
  ),
  edit("worker.ts", "    applicationVersion,\n", "    applicationVersion,\n    enablePatching: true,\n"),
];

export const safe = asVersions(hardened, (edits) => ({
  copies: [{ from: file, to: "lifecycle-v1.ts" }],
  edits: [...edits, ...patched],
}));
