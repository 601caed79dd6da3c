/**
 * The next versions of the workflow, as somebody would write them who edits its body and thinks of nothing else; and the way of the
 * documentation: a patch at the head of the workflow tells whether a session began with the old body, which stays beside the new one.
 */
import { type Edit, edit } from "../../../harness/engines/edit.ts";
import type { ChangeName, NextVersion } from "../../../harness/engines/upgrade.ts";

/** What the lines that change look like in one of the two lifecycles. */
interface Body {
  readonly imports: string;
  readonly logsIn: string;
  readonly idles: string;
  readonly expires: string;
  readonly cleans: string;
  /** What tells the user, and goes on from this receipt. */
  notifies(receipt: string): string;
  readonly renames: readonly (readonly [is: string, renamed: string])[];
  readonly sleeps: readonly [is: string, doubled: string];
}

const hardenedBody: Body = {
  imports: "cleanup, expire, login, markIdle, recordActivity }",
  logsIn: "login(world, spec, key)",
  idles: 'const idle = await step("mark-idle", (key) => markIdle(world, spec, key, null, receipt));',
  expires: 'const expired = await step("expire", (key) => expire(world, spec, key, null, idle.receipt));',
  cleans: `const { cleanedAt } = await step("cleanup", (key) =>
    cleanup(world, spec, issued.jti, key, null, expired.receipt),
  );`,
  notifies: (receipt) => `await step("notify", (key) => notify(world, spec, key, null, ${receipt}));`,
  renames: [
    ['step("expire"', 'step("lapse"'],
    ["(name: Step, play", '(name: Step | "lapse", play'],
  ],
  sleeps: ["idle.idleAt + idleTimeoutMs", "idle.idleAt + 2 * idleTimeoutMs"],
};

const byTheBookBody: Body = {
  imports: "cleanup, expire, login, markIdle, recordActivity }",
  logsIn: "login(world, spec, `login-${sessionId}`)",
  idles: `const idle = await DBOS.runStep(() => markIdle(world, spec, \`idle-\${sessionId}\`, null, receipt), {
      name: "markIdle",
      ...retries,
    });`,
  expires: `const expired = await DBOS.runStep(() => expire(world, spec, \`expire-\${sessionId}\`, null, idle.receipt), {
      name: "expire",
      ...retries,
    });`,
  cleans: `const { cleanedAt } = await DBOS.runStep(
      () => cleanup(world, spec, issued.jti, \`cleanup-\${sessionId}\`, null, expired.receipt),
      { name: "cleanup", ...retries },
    );`,
  notifies: (receipt) =>
    `await DBOS.runStep(() => notify(world, spec, \`notify-\${sessionId}\`, null, ${receipt}), {
      name: "notify",
      ...retries,
    });`,
  renames: [['name: "expire"', 'name: "lapse"']],
  sleeps: ["DBOS.sleep(idleTimeoutMs)", "DBOS.sleep(2 * idleTimeoutMs)"],
};

const file = "lifecycle.ts";
const change = (replace: string, by: string): Edit => edit(file, replace, by);

function versionsOf(body: Body): Readonly<Record<ChangeName, readonly Edit[]>> {
  const { imports, logsIn, idles, expires, cleans, notifies, renames, sleeps } = body;
  const importsNotify = change(imports, imports.replace("recordActivity", "notify, recordActivity"));
  const notifiesAfterIdle = `const notified = ${notifies("idle.receipt")}`;
  const expiresNotified = change(expires, expires.replace("idle.receipt", "notified.receipt"));
  return {
    "step-before-idle": [
      importsNotify,
      change(idles, `({ receipt } = ${notifies("receipt").slice(0, -1)});\n${idles}`),
    ],
    "step-before-wait": [importsNotify, change(idles, `${idles}\n${notifiesAfterIdle}`), expiresNotified],
    "step-after-wait": [
      importsNotify,
      change(expires, `${notifiesAfterIdle}\n${expires.replace("idle.receipt", "notified.receipt")}`),
    ],
    "activity-removed": [
      change(
        "for (const index of activities.keys()) {",
        "for (const index of activities.keys()) {\n    if (index === 2) continue; // it is no longer recorded",
      ),
    ],
    "step-removed": [
      change(expires, ""),
      change(imports, imports.replace("expire, ", "")),
      change(cleans, cleans.replace("expired.receipt", "idle.receipt")),
      change("expiredAt: expired.expiredAt", "expiredAt: cleanedAt"),
    ],
    "steps-swapped": [
      change(expires, cleans.replace("{ cleanedAt }", "cleaned").replace("expired.receipt", "idle.receipt")),
      change(cleans, expires.replace("idle.receipt", "cleaned.receipt")),
      change("cleanedAt,\n", "cleanedAt: cleaned.cleanedAt,\n"),
    ],
    "step-renamed": renames.map(([is, renamed]) => change(is, renamed)),
    "result-reshaped": [
      change("issued.jti", "issued.tokenId"),
      change(logsIn, `${logsIn}.then(({ jti: tokenId, ...rest }) => ({ tokenId, ...rest }))`),
    ],
    "wait-doubled": [change(...sleeps)],
  };
}

type Edits = Readonly<Record<ChangeName, readonly Edit[]>>;
const asVersions = (edits: Edits, made: (edits: readonly Edit[]) => NextVersion) =>
  Object.fromEntries(Object.entries(edits).map(([name, each]) => [name, made(each)])) as Readonly<
    Record<ChangeName, NextVersion>
  >; // the same names

const hardened = versionsOf(hardenedBody);

export const plain = asVersions(hardened, (edits) => ({ edits }));
export const byTheBook = asVersions(versionsOf(byTheBookBody), (edits) => ({ edits }));

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
