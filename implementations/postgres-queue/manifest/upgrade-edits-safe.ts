/**
 * The next version of the lifecycle as it is written by somebody who thinks of sessions under way: a row says with which version it
 * was begun, its list of steps is that version's to its end, and the body has a block for every step that a list can name.
 * What only has another shape needs no version: as long as two versions may take a session, its row has both shapes.
 */
import type { Edit } from "../../../harness/engines/edit.ts";
import type { ChangeName, NextVersion, UnsafeWay } from "../../../harness/engines/upgrade.ts";
import {
  bothEnds,
  importsNotify,
  inBody,
  inTable,
  issues,
  keepsIdleAt,
  list,
  listed,
  listedBefore,
  namesSteps,
  notifies,
  parksWhenIdle,
} from "./upgrade-edits.ts";

/** Whoever adds a row stamps it; what clients of version 1 add gets the column's default, and their workers do not touch it. */
const stamped: readonly Edit[] = [
  inTable(
    "  readonly spec: SessionSpec;\n",
    `  readonly spec: SessionSpec;
  /** Of the lifecycle, when the session began: it ends by the same. */
  readonly version: number;
`,
  ),
  inTable(
    "END $$`;",
    `END $$;
ALTER TABLE sessions ADD COLUMN IF NOT EXISTS version int NOT NULL DEFAULT 1; -- what those add that do not say
\`;`,
  ),
  inTable(
    "(queue, session_id, spec) VALUES ($1, $2, $3)",
    "(queue, session_id, spec, version) VALUES ($1, $2, $3, 2)",
  ),
  inTable("RETURNING spec, done, state, fence`", "RETURNING spec, version, done, state, fence`"),
  inBody("const { spec, fence } = hold;", "const { spec, fence, version } = hold;"),
];

/** The row is let go of with the last step before the wait, whichever that is. */
const parksByVersion = `  const isIdle = await step("mark-idle", async (key) => {
    state = { ...state, ...(await markIdle(world, spec, key, fence, state.receipt)) };
    if (version >= 2) await mark("mark-idle");
  });
  const isTold = await step("notify", async (key) => {
    const { receipt } = await notify(world, spec, key, fence, state.receipt);
    state = { ...state, receipt };
  });

  // concern: timer
  if (isIdle || isTold) {
    // From the recorded idleAt, not from now: neither a crash nor a step's time must move the window.
    const { idleAt } = state as Required<State>; // mark-idle has been done
    return letGo(isTold ? "notify" : "mark-idle", state, idleAt + idleTimeoutMs);
  }
  // Whoever takes the session when its window is over goes on here.
`;
/** The steps of the end in either order; whichever comes last brings the result. */
const eitherEnd = `  const ends = {
    expire: (key: string) => expire(world, spec, key, fence, state.receipt),
    cleanup: (key: string) => cleanup(world, spec, state.jti ?? "", key, fence, state.receipt),
  };
  for (const name of end) {
    await step(name, async (key) => {
      state = { ...state, ...(await ends[name](key)) };
      if (name !== end[1]) return mark(name);
      const { loginAt, expiredAt, cleanedAt } = state as Required<State>; // complete: this was the last step
      const outcome = { activitiesRecorded: activities.length, loginAt, expiredAt, cleanedAt };
      await letGo(name, { sessionId, userId, finalStatus: "cleaned_up", ...outcome }, null);
    });
  }
`;

export const safe: Readonly<Record<ChangeName, NextVersion>> = {
  "step-before-idle": {
    edits: [...stamped, listedBefore('name === "mark-idle" && version >= 2'), ...notifies.beforeIdle],
  },
  "step-before-wait": {
    edits: [
      ...stamped,
      listedBefore('name === "expire" && version >= 2'),
      importsNotify,
      keepsIdleAt,
      inBody(parksWhenIdle, parksByVersion),
    ],
  },
  "step-after-wait": {
    edits: [...stamped, listedBefore('name === "expire" && version >= 2'), ...notifies.afterWait],
  },
  "activity-removed": {
    edits: [...stamped, listed(".filter((name) => version < 2 || name !== recordStep(2))")],
  },
  "step-removed": {
    edits: [
      ...stamped,
      listed('.filter((name) => version < 2 || name !== "expire")'),
      inBody("loginAt, expiredAt } = state", "loginAt } = state"),
      inBody(
        "    const outcome =",
        "    const { expiredAt = cleanedAt } = state; // only version 1 expires a session\n    const outcome =",
      ),
    ],
  },
  "steps-swapped": {
    edits: [
      ...stamped,
      inBody(
        list,
        `  const end = version < 2 ? (["expire", "cleanup"] as const) : (["cleanup", "expire"] as const);
  const steps = [...stepsOf(activities.length).slice(0, -2), ...end];
`,
      ),
      inBody(bothEnds, eitherEnd),
      inTable('"loginAt" | "expiredAt"', '"loginAt" | "expiredAt" | "cleanedAt"'),
    ],
  },
  "step-renamed": {
    edits: [
      ...stamped,
      inBody(
        list,
        `  const lapse = version < 2 ? "expire" : "lapse"; // in the row, and in the key: neither changes for a session under way
  const steps = stepsOf(activities.length).map((name) => (name === "expire" ? lapse : name));
`,
      ),
      ...namesSteps('Step | "lapse"'),
      inBody('step("expire",', "step(lapse,"),
      inBody('mark("expire")', "mark(lapse)"),
    ],
  },
  "result-reshaped": {
    edits: [
      inTable(
        "  readonly jti?: string;",
        "  readonly tokenId?: string;\n  /** The same, for workers of version 1; of a login by such a worker, all that there is. */\n  readonly jti?: string;",
      ),
      inBody(
        issues,
        `    const issued = await login(world, spec, key, fence);
    state = { ...issued, tokenId: issued.jti };
`,
      ),
      inBody("const { jti, receipt, loginAt", "const { jti, tokenId = jti, receipt, loginAt"),
      inBody("cleanup(world, spec, jti", "cleanup(world, spec, tokenId"),
    ],
  },
  "wait-doubled": {
    edits: [...stamped, inBody("idleAt + idleTimeoutMs", "idleAt + (version < 2 ? 1 : 2) * idleTimeoutMs")],
  },
};

export const unsafe: readonly UnsafeWay[] = [
  {
    name: "old-rows-taken-for-new",
    defect: "The new column's default is the new version, so that rows which were there before count as new.",
    change: "step-renamed",
    version: {
      edits: safe["step-renamed"].edits.map((edit) => ({
        ...edit,
        by: edit.by.replace("DEFAULT 1;", "DEFAULT 2;"),
      })),
    },
    expected: "wrong",
  },
];
