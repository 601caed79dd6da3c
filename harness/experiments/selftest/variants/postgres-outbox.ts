/** Broken variants of the table in PostgreSQL: what is easily left out of an outbox, each time left out. */
import { editsOf } from "../edited-copy.ts";
import { afterActivity, crash, killInWait, lateCaller, pauseInStep, slowStep } from "../provocations.ts";
import type { Variant } from "../variant.ts";

const of = "postgres-outbox@postgres";

const edit = editsOf("postgres-outbox");

const countsFromRecord = "until = (await markIdle(world, spec, key, fence)).idleAt + idleTimeoutMs;";

export const postgresOutboxVariants: readonly Variant[] = [
  {
    name: "outbox-no-keys",
    of,
    defect: "Effects carry no idempotency key that a retry would repeat.",
    expected: "recorded-once",
    edits: [edit("lifecycle.ts", "const key = `${sessionId}|${step}`;", "const key = crypto.randomUUID();")],
    provocation: crash(afterActivity),
  },
  {
    name: "outbox-mark-before-effect",
    of,
    defect: "A step is marked as done before its effect.",
    expected: "recorded-once",
    edits: [
      edit(
        "lifecycle.ts",
        "        await recordActivity(world,",
        "        await table.mark(hold, step, state);\n        await recordActivity(world,",
      ),
    ],
    provocation: crash({ ...afterActivity, when: "before" }),
  },
  {
    name: "outbox-no-fence",
    of,
    defect: "A row is renewed and marked by whoever asks.",
    expected: "repeats-explained",
    edits: [
      edit(
        "session-table.ts",
        "AND session_id = held.id AND fence = held.number",
        "AND session_id = held.id",
      ),
      edit(
        "session-table.ts",
        'mark: "UPDATE sessions SET done = $4, state = $5 WHERE lane = $1 AND session_id = $2 AND fence = $3"',
        'mark: "UPDATE sessions SET done = $4, state = $5 WHERE lane = $1 AND session_id = $2 AND $3::bigint > 0"',
      ),
    ],
    provocation: pauseInStep,
  },
  {
    name: "outbox-lease-not-renewed",
    of,
    defect: "A lease is taken and never renewed.",
    expected: "repeats-explained",
    edits: [
      edit(
        "worker.ts",
        "const renew = () => table.renew([...runs.keys()]).catch(() => {});",
        "const renew = () => {};",
      ),
    ],
    provocation: slowStep,
  },
  {
    name: "outbox-timer-in-process",
    of,
    defect: "The idle window is a setTimeout in the worker.",
    expected: "timer-kept",
    edits: [
      edit(
        "lifecycle.ts",
        countsFromRecord,
        "await markIdle(world, spec, key, fence);\n        await new Promise((resolve) => setTimeout(resolve, idleTimeoutMs));",
      ),
    ],
    provocation: killInWait(0.6),
  },
  {
    name: "outbox-relative-delay",
    of,
    defect: "The idle window counts from whenever the row is written, so that a recovery begins it anew.",
    expected: "timer-kept",
    edits: [
      edit(
        "lifecycle.ts",
        countsFromRecord,
        "await markIdle(world, spec, key, fence);\n        until = Date.now() + idleTimeoutMs;",
      ),
    ],
    provocation: crash({ step: "mark-idle", when: "after", effect: "set-idle", idleTimeoutMs: 5_000 }),
  },
  {
    name: "outbox-upsert",
    of,
    defect: "A caller's row replaces the one that is there.",
    expected: "started-once",
    edits: [
      edit(
        "session-table.ts",
        "ON CONFLICT DO NOTHING",
        "ON CONFLICT (lane, session_id) DO UPDATE SET done = '', state = '{}', fence = sessions.fence + 1, due_at = now()",
      ),
    ],
    provocation: lateCaller,
  },
];
