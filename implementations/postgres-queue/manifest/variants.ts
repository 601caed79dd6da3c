/** Broken variants of the table in PostgreSQL: what is easily left out of a queue in a table, each time left out. */

import { edit } from "../../../harness/engines/edit.ts";
import type { Variant } from "../../../harness/engines/variant.ts";
import { afterActivity } from "../../../harness/scenarios/acts.ts";
import { cutOff } from "../../../harness/scenarios/deafness.ts";
import {
  crash,
  crashBeforeTimer,
  killInWait,
  lateCaller,
  leaveInStep,
  pauseInStep,
  race,
  slowStep,
  windowMs,
} from "../../../harness/scenarios/provocations.ts";
import { duties } from "./duties.ts";

const store = "postgres";

export const variants: readonly Variant[] = [
  {
    name: "queue-no-keys",
    duty: duties.key,
    store,
    defect: "Effects carry no idempotency key that a retry would repeat.",
    expected: "recorded-once",
    edits: [edit("lifecycle.ts", "const key = `${sessionId}|${name}`;", "const key = crypto.randomUUID();")],
    provocation: crash(afterActivity),
  },
  {
    name: "queue-mark-before-effect",
    duty: duties.effectFirst,
    store,
    defect: "A step is marked as done before its effect.",
    expected: "recorded-once",
    edits: [
      edit(
        "lifecycle.ts",
        `      const { receipt } = await recordActivity(world, spec, index, key, fence, state.receipt);
      state = { ...state, receipt };
      await mark(recordStep(index));`,
        `      await mark(recordStep(index));
      const { receipt } = await recordActivity(world, spec, index, key, fence, state.receipt);
      state = { ...state, receipt };`,
      ),
    ],
    provocation: crash({ ...afterActivity, when: "before" }),
  },
  {
    name: "queue-rows-not-locked",
    duty: duties.rowLock,
    store,
    defect: `Workers read what is due, and take it in a second step, without a lock (here ${windowMs} ms later, so that two find the gap).`,
    expected: "repeats-explained",
    edits: [
      edit(
        "session-table.ts",
        "ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED)",
        `ORDER BY due_at LIMIT $3), gap AS (SELECT pg_sleep(${windowMs / 1000}) FROM due)`,
      ),
      edit("session-table.ts", "FROM due WHERE queue", "FROM due, gap WHERE queue"),
    ],
    provocation: race,
  },
  {
    name: "queue-no-lease",
    duty: duties.lease,
    store,
    defect: "Taking a session leaves it due.",
    expected: "repeats-explained",
    edits: [
      edit(
        "session-table.ts",
        "SET fence = fence + 1, due_at = now() + $4 * interval '1 ms'\n    FROM due",
        "SET fence = fence + 1 + 0 * $4::int\n    FROM due",
      ),
    ],
    provocation: race,
  },
  {
    name: "queue-no-fence",
    duty: duties.fence,
    store,
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
        'mark: "UPDATE sessions SET done = $4, state = $5 WHERE queue = $1 AND session_id = $2 AND fence = $3"',
        'mark: "UPDATE sessions SET done = $4, state = $5 WHERE queue = $1 AND session_id = $2 AND $3::bigint > 0"',
      ),
    ],
    provocation: pauseInStep,
  },
  {
    name: "queue-lease-not-renewed",
    duty: duties.renewal,
    store,
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
    name: "queue-timer-in-process",
    duty: duties.durableWait,
    store,
    defect: "The idle window is a setTimeout in the worker.",
    expected: "timer-kept",
    edits: [
      edit(
        "lifecycle.ts",
        '    await letGo("mark-idle", { ...state, receipt }, idleAt + idleTimeoutMs);',
        `    await new Promise((resolve) => setTimeout(resolve, idleTimeoutMs));
    state = { ...state, receipt };
    await mark("mark-idle");`,
      ),
      edit("lifecycle.ts", "  if (hasGoneIdle) return;", ""),
    ],
    provocation: killInWait,
  },
  {
    name: "queue-relative-delay",
    duty: duties.deadline,
    store,
    defect: "The idle window counts from whenever the row is written, so that a recovery begins it anew.",
    expected: "timer-kept",
    edits: [edit("lifecycle.ts", "idleAt + idleTimeoutMs", "Date.now() + idleTimeoutMs")],
    provocation: crashBeforeTimer,
  },
  {
    name: "queue-upsert",
    duty: duties.oneRow,
    store,
    defect: "A caller's row replaces the one that is there.",
    expected: "started-once",
    edits: [
      edit(
        "session-table.ts",
        "ON CONFLICT DO NOTHING",
        "ON CONFLICT (queue, session_id) DO UPDATE SET done = NULL, state = '{}', fence = sessions.fence + 1, due_at = now()",
      ),
    ],
    provocation: lateCaller,
  },
  {
    name: "queue-not-polled",
    duty: duties.polled,
    store,
    defect: "Workers look for due sessions when a notice of their queue comes, and at no other time.",
    expected: "timer-kept",
    edits: [
      edit(
        "worker.ts",
        '"sessions_due", pollMs, () => wake(), stopping',
        '"sessions_due", pollMs, (notice) => notice?.endsWith(settings.group) && wake(), stopping',
      ),
    ],
    provocation: killInWait,
  },
  {
    name: "queue-result-only-notified",
    duty: duties.result,
    store,
    defect: "Whoever waits for a result looks for it when a notice comes, and at no other time.",
    expected: "completed",
    edits: [edit("client.ts", "void look([sessionId]);", ""), edit("client.ts", "[...waiting.keys()]", "[]")],
    provocation: lateCaller,
  },
  {
    name: "queue-exit-at-once",
    duty: duties.drain,
    store,
    defect: "A worker that is told to leave does so at once.",
    expected: "repeats-explained",
    edits: [edit("worker.ts", "await Promise.race([Promise.all(runs.values()), delay(longestStopMs)]);", "")],
    provocation: leaveInStep,
  },
  {
    name: "queue-look-fails-once",
    duty: duties.looksAgain,
    store,
    defect: "A worker whose look for due sessions has failed once takes no more.",
    expected: "nobody-deaf",
    edits: [
      edit(
        "worker.ts",
        "await table.claim(free, [...runs.keys()]).catch(() => []) : [];",
        "await table.claim(free, [...runs.keys()]).catch(() => null) : [];\n      if (taken === null) return;",
      ),
    ],
    provocation: cutOff,
  },
];
