/**
 * The next version of the lifecycle as it is written by somebody who thinks of sessions under way: a row says with which version it
 * was begun, its list of steps is that version's to its end, and the body has a block for every step that a list can name.
 * What only has another shape needs no version: as long as two versions may take a session, its row has both shapes.
 */
import type { Edit } from "../../../harness/engines/edit.ts";
import type { ChangeName, NextVersion, UnsafeWay } from "../../../harness/engines/upgrade.ts";
import {
  bothEnds,
  inBody,
  inRow,
  keepsCleanedAt,
  listed,
  listedBefore,
  namesSteps,
  notifies,
  plain,
  readsTokenId,
  waitsAt,
} from "./upgrade-edits.ts";

/** Whoever creates a row stamps it; workers and clients of version 1 neither write the field nor touch it. */
const stamped: readonly Edit[] = [
  inRow(
    "  readonly step: Progress;",
    `  readonly step: Progress;
  /** Of the lifecycle, when the session began: it ends by the same. */
  readonly version: number;`,
  ),
  inRow("'attempt', 0)", "'attempt', 0, 'version', 2)"),
  inRow("'result')", "'result', 'version')"),
  inRow("result] = state", "result, version] = state"),
  inRow(
    "    result: result == null",
    "    version: Number(version ?? 1), // which did not say so\n    result: result == null",
  ),
  inBody("const { spec, fence } = row;", "const { spec, fence, version } = row;"),
];

/** The list knows which step comes after the wait. */
const waitsByTheList = waitsAt('steps[steps.indexOf("mark-idle") + 1]');

/** The steps of the end in either order; whichever comes last brings the result. */
const eitherEnd = `    const ends = {
      expire: (key: string) => expire(world, spec, key, fence, row.receipt),
      cleanup: (key: string) => cleanup(world, spec, row.jti, key, fence, row.receipt),
    };
    for (const name of end) {
      await step(name, async (key) => {
        const change = await ends[name](key);
        if (name !== end[1]) return advance(change);
        const { loginAt, expiredAt, cleanedAt } = { ...row, ...change };
        const outcome = { activitiesRecorded: activities.length, loginAt, expiredAt, cleanedAt };
        row = await rows.finish(row, { sessionId, userId, finalStatus: "cleaned_up", ...outcome });
      });
    }
`;

export const safe: Readonly<Record<ChangeName, NextVersion>> = {
  "step-before-idle": {
    edits: [...stamped, listedBefore('name === "mark-idle" && version >= 2'), ...notifies.beforeIdle],
  },
  "step-before-wait": {
    edits: [...stamped, listedBefore('name === "expire" && version >= 2'), ...notifies.beforeWait],
  },
  "step-after-wait": {
    edits: [
      ...stamped,
      listedBefore('name === "expire" && version >= 2'),
      ...waitsByTheList,
      ...notifies.afterWait,
    ],
  },
  "activity-removed": {
    edits: [
      ...stamped,
      listed(`.filter(
      (name) => version < 2 || name !== recordStep(2),
    )`),
    ],
  },
  "step-removed": {
    edits: [
      ...stamped,
      listed(`.filter(
      (name) => version < 2 || name !== "expire",
    )`),
      ...waitsByTheList,
      inBody(
        "      const { loginAt, expiredAt } = row;",
        "      const { loginAt } = row;\n      const expiredAt = version < 2 ? row.expiredAt : cleanedAt;",
      ),
    ],
  },
  "steps-swapped": {
    edits: [
      ...stamped,
      inBody(
        "    const steps: readonly string[] = stepsOf(activities.length);",
        `    const end = version < 2 ? (["expire", "cleanup"] as const) : (["cleanup", "expire"] as const);
    const steps: readonly string[] = [...stepsOf(activities.length).slice(0, -2), ...end];`,
      ),
      ...waitsByTheList,
      ...keepsCleanedAt,
      inBody(bothEnds, eitherEnd),
    ],
  },
  "step-renamed": {
    edits: [
      ...stamped,
      inBody(
        "    const steps: readonly string[] = stepsOf(activities.length);",
        `    const lapse = version < 2 ? "expire" : "lapse"; // in the row, and in the key: neither changes for a session under way
    const steps: readonly string[] = stepsOf(activities.length).map((name) =>
      name === "expire" ? lapse : name,
    );`,
      ),
      ...waitsAt("lapse"),
      ...namesSteps('Step | "lapse"'),
      inBody('step("expire",', "step(lapse,"),
    ],
  },
  "result-reshaped": {
    edits: [
      ...readsTokenId,
      inRow(
        "  readonly receipt?: Receipt;",
        "  /** For workers of version 1, to which this is the token's id. */\n  readonly jti?: string;\n  readonly receipt?: Receipt;",
      ),
      inRow("'jti'", "'jti', 'tokenId'"),
      inRow("[step, jti,", "[step, jti, tokenId,"),
      inRow('    jti: jti ?? "",', '    tokenId: tokenId ?? jti ?? "", // version 1 knows the latter alone'),
      inBody("await advance({ jti, loginAt", "await advance({ jti, tokenId: jti, loginAt"),
    ],
  },
  "wait-doubled": {
    edits: [...stamped, inBody("idleAt + idleTimeoutMs", "idleAt + (version < 2 ? 1 : 2) * idleTimeoutMs")],
  },
};

/** The two halves of the safe way, each left out: whoever stamps a row, and whoever goes by the stamp. */
export const unsafe: readonly UnsafeWay[] = [
  {
    name: "row-not-stamped",
    defect: "No client says with which version a session begins.",
    change: "step-before-idle",
    version: {
      edits: safe["step-before-idle"].edits.filter(({ by }) => !by.includes("'version', 2")),
    },
    expected: "skipped",
  },
  {
    name: "stamp-not-read",
    defect: "Rows are stamped, and the lifecycle goes by the list of the code.",
    change: "step-renamed",
    version: { edits: [...stamped, ...plain["step-renamed"].edits] },
    expected: "refused",
  },
];
