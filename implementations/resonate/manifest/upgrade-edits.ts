/**
 * The next versions of the durable function, as somebody would write them who edits its body and thinks of nothing else; and
 * the way of the documentation: the old function stays registered beside the new one.
 */
import { type Edit, edit } from "../../../harness/engines/edit.ts";
import type { ChangeName, NextVersion } from "../../../harness/engines/upgrade.ts";

/** What the lines that change look like in one of the two lifecycles. */
interface Body {
  /** What each `ctx.run` is handed last. */
  readonly options: "" | ", options";
  /** The key of a step, as its definition says it. */
  keyOf(step: "login" | "notify" | "expire"): string;
  readonly sleep: readonly [is: string, doubled: string];
}

const hardenedBody: Body = {
  options: ", options",
  keyOf: (step) => `key(spec, "${step}")`,
  sleep: ["idle.idleAt + idleTimeoutMs", "idle.idleAt + 2 * idleTimeoutMs"],
};

const byTheBookBody: Body = {
  options: "",
  keyOf: (step) => `\`${step}-\${spec.sessionId}\``,
  sleep: ["ctx.sleep(idleTimeoutMs)", "ctx.sleep(2 * idleTimeoutMs)"],
};

const file = "lifecycle.ts";
const change = (replace: string, by: string): Edit => edit(file, replace, by);

function versionsOf({ options, keyOf, sleep }: Body): Record<ChangeName, readonly Edit[]> {
  const run = (step: string, receipt: string) => `yield* ctx.run(${step}, spec, ${receipt}${options});`;
  const idles = `const idle = ${run("markIdle", "receipt")}`;
  const expires = `const expired = ${run("expire", "idle.receipt")}`;
  const cleansUp = (after: string) => run("cleanup", `issued.jti, ${after}`);
  const cleans = `const { cleanedAt } = ${cleansUp("expired.receipt")}`;
  const definesExpire = "const expire = (ctx: Context, spec: SessionSpec, after: Receipt) =>";
  const definesNotify = change(
    definesExpire,
    `const notify = (ctx: Context, spec: SessionSpec, after: Receipt) =>
  operations.notify(world(ctx), spec, ${keyOf("notify")}, null, after);
${definesExpire}`,
  );
  const loginCall = `operations.login(world(ctx), spec, ${keyOf("login")})`;
  const notifies = `const notified = ${run("notify", "idle.receipt")}`;
  const expiresNotified = change(expires, `const expired = ${run("expire", "notified.receipt")}`);
  return {
    "step-before-idle": [
      definesNotify,
      change(idles, `({ receipt } = ${run("notify", "receipt").slice(0, -1)});\n  ${idles}`),
    ],
    "step-before-wait": [definesNotify, change(idles, `${idles}\n  ${notifies}`), expiresNotified],
    "step-after-wait": [definesNotify, change(expires, `${notifies}\n  ${expires}`), expiresNotified],
    "activity-removed": [
      change(
        "for (const index of activities.keys()) {",
        "for (const index of activities.keys()) {\n    if (index === 2) continue; // it is no longer recorded",
      ),
    ],
    "step-removed": [
      change(`${expires}\n  `, ""),
      change(
        `${definesExpire}\n  operations.expire(world(ctx), spec, ${keyOf("expire")}, null, after);\n`,
        "",
      ),
      change(cleans, `const { cleanedAt } = ${cleansUp("idle.receipt")}`),
      change("expiredAt: expired.expiredAt", "expiredAt: cleanedAt"),
    ],
    "steps-swapped": [
      change(
        `${expires}\n  ${cleans}`,
        `const cleaned = ${cleansUp("idle.receipt")}\n  const expired = ${run("expire", "cleaned.receipt")}`,
      ),
      change("    cleanedAt,\n", "    cleanedAt: cleaned.cleanedAt,\n"),
    ],
    "step-renamed": [
      change(expires, expires.replace("(expire,", "(lapse,")),
      change(definesExpire, definesExpire.replace("const expire", "const lapse")),
    ],
    "result-reshaped": [
      change("issued.jti", "issued.tokenId"),
      change(loginCall, `${loginCall}.then(({ jti: tokenId, ...rest }) => ({ tokenId, ...rest }))`),
    ],
    "wait-doubled": [change(...sleep)],
  };
}

const asVersions = (
  edits: Record<ChangeName, readonly Edit[]>,
  made: (edits: readonly Edit[]) => NextVersion,
) =>
  Object.fromEntries(Object.entries(edits).map(([name, each]) => [name, made(each)])) as Readonly<
    Record<ChangeName, NextVersion>
  >; // the same names

const hardened = versionsOf(hardenedBody);

export const plain = asVersions(hardened, (edits) => ({ edits }));
export const byTheBook = asVersions(versionsOf(byTheBookBody), (edits) => ({ edits }));

/** The file of the old function stays under another name, and workers register both. Callers ask for the new one by its number. */
export const safe = asVersions(hardened, (edits) => ({
  copies: [{ from: file, to: "lifecycle-v1.ts" }],
  edits: [
    ...edits,
    change("export const version = 1;", "export const version = 2;"),
    edit(
      "worker.ts",
      'import { session, version } from "./lifecycle.ts";',
      `import { session, version } from "./lifecycle.ts";
import { session as sessionV1, version as versionV1 } from "./lifecycle-v1.ts";`,
    ),
    edit(
      "worker.ts",
      'resonate.register("session", session, { version });',
      `resonate.register("session", session, { version });
  resonate.register("session", sessionV1, { version: versionV1 }); // until the last session that began with it has ended`,
    ),
  ],
}));
