/**
 * The next version of the step job as BullMQ's documentation has one write it. There is no list of steps: each case names its
 * successor, and a job that is under way names a case. Files are named from `by-the-book/`.
 */
import { type Edit, edit } from "../../../harness/engines/edit.ts";
import type { ChangeName, NextVersion } from "../../../harness/engines/upgrade.ts";

const inBody = (replace: string, by: string): Edit => edit("lifecycle.ts", replace, by);

/** The case that does the step, and where its job goes on. */
const notifyCase = (next: string) => `        case "notify": {
          const notified = await notify(world, spec, \`notify-\${sessionId}\`, null, receipt);
          await advance({ step: "${next}", receipt: notified.receipt });
          break;
        }
`;
const namesNotify = (before: string): readonly Edit[] => [
  inBody("markIdle, recordActivity }", "markIdle, notify, recordActivity }"),
  inBody(`| "${before}"`, `| "notify" | "${before}"`),
];

/** Where a job goes on after its wait. */
const wakesAt = (step: string): Edit =>
  inBody('await advance({ step: "expire"', `await advance({ step: "${step}"`);

const idleCase = '        case "mark-idle": {\n';
const parks = `          // concern: timer
          await job.moveToDelayed(Date.now() + idleTimeoutMs, token);
          await advance({ step: "expire", receipt: idle.receipt });
`;

const expireCase = `        case "expire": {
          const expired = await expire(world, spec, \`expire-\${sessionId}\`, null, receipt);
          await advance({ ...expired, step: "cleanup" });
          break;
        }
`;
const cleansUp =
  "          const { cleanedAt } = await cleanup(world, spec, jti, `cleanup-${sessionId}`, null, receipt);\n";
const ends = `          const activitiesRecorded = activities.length;
          const outcome = { activitiesRecorded, loginAt, expiredAt, cleanedAt };
          return { sessionId, userId, finalStatus: "cleaned_up", ...outcome };
        }
`;

export const byTheBook: Readonly<Record<ChangeName, NextVersion>> = {
  "step-before-idle": {
    edits: [
      ...namesNotify("mark-idle"),
      inBody('else await advance({ step: "mark-idle" });', 'else await advance({ step: "notify" });'),
      inBody(idleCase, notifyCase("mark-idle") + idleCase),
    ],
  },
  "step-before-wait": {
    edits: [
      ...namesNotify("expire"),
      inBody(
        parks,
        `          await advance({ step: "notify", receipt: idle.receipt });
          break;
        }
        case "notify": {
          const notified = await notify(world, spec, \`notify-\${sessionId}\`, null, receipt);
${parks.replace("idle.receipt", "notified.receipt")}`,
      ),
    ],
  },
  "step-after-wait": {
    edits: [
      ...namesNotify("expire"),
      wakesAt("notify"),
      inBody('        case "expire": {\n', `${notifyCase("expire")}        case "expire": {\n`),
    ],
  },
  "activity-removed": {
    edits: [
      inBody(
        "          if (recorded < activities.length) {\n",
        `          // The third is no longer recorded.
          if (recorded === 2) await advance({ recorded: recorded + 1 });
          else if (recorded < activities.length) {
`,
      ),
    ],
  },
  "step-removed": {
    edits: [
      wakesAt("cleanup"),
      inBody("cleanup, expire, login", "cleanup, login"),
      inBody(' | "expire"', ""),
      inBody("  readonly expiredAt: number;\n", ""),
      inBody("loginAt, expiredAt } = job.data", "loginAt } = job.data"),
      inBody(expireCase, ""),
      inBody("loginAt, expiredAt, cleanedAt };", "loginAt, expiredAt: cleanedAt, cleanedAt };"),
      edit("client.ts", ", loginAt: 0, expiredAt: 0 }", ", loginAt: 0 }"),
    ],
  },
  "steps-swapped": {
    edits: [
      wakesAt("cleanup"),
      inBody("  readonly expiredAt: number;\n", "  readonly cleanedAt: number;\n"),
      inBody("loginAt, expiredAt } = job.data", "loginAt, cleanedAt } = job.data"),
      inBody(
        `${expireCase}        case "cleanup": {\n${cleansUp}${ends}`,
        `        case "cleanup": {
          const cleaned = await cleanup(world, spec, jti, \`cleanup-\${sessionId}\`, null, receipt);
          await advance({ ...cleaned, step: "expire" });
          break;
        }
        case "expire": {
          const { expiredAt } = await expire(world, spec, \`expire-\${sessionId}\`, null, receipt);
${ends}`,
      ),
      edit("client.ts", "expiredAt: 0", "cleanedAt: 0"),
    ],
  },
  "step-renamed": {
    edits: [
      wakesAt("lapse"),
      inBody('| "expire"', '| "lapse"'),
      inBody('case "expire": {', 'case "lapse": {'),
      inBody("`expire-${sessionId}`", "`lapse-${sessionId}`"),
    ],
  },
  "result-reshaped": {
    edits: [
      inBody("  readonly jti: string;", "  readonly tokenId: string;"),
      inBody("recorded, jti, receipt", "recorded, tokenId, receipt"),
      inBody("const issued = await login", "const { jti, ...issued } = await login"),
      inBody("...issued, step", "...issued, tokenId: jti, step"),
      inBody("cleanup(world, spec, jti", "cleanup(world, spec, tokenId"),
      edit("client.ts", 'jti: ""', 'tokenId: ""'),
    ],
  },
  "wait-doubled": { edits: [inBody("Date.now() + idleTimeoutMs", "Date.now() + 2 * idleTimeoutMs")] },
};
