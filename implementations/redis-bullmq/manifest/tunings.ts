/**
 * What an expert of BullMQ turns. Left alone: auto-pipelining on BullMQ's own connections, which its maintainers have not tried and
 * users lost jobs with (https://github.com/taskforcesh/bullmq/issues/457); on the client's, where a pipeline that breaks half-way
 * would reject a start that waits today; the renewal of locks and the look for stalled jobs, which are promises; `drainDelay`, which
 * speaks of an empty queue. A Worker has one blocking connection, to hear of a job when it has none; a busy one takes its next job in
 * the answer to the last one's end. Jobs are removed when they are completed already.
 */
import { edit } from "../../../harness/engines/edit.ts";
import type { Tuning } from "../../../harness/engines/tuning.ts";

export const tunings: readonly Tuning[] = [
  {
    name: "auto-pipelined rows",
    turns:
      "enableAutoPipelining of ioredis on the worker's connection for session rows: what steps ask for in one turn of the event loop is one write",
    keeps:
      "Order and scripts stay as they are. Of a pipeline that breaks half-way ioredis rejects the rest in place of sending it again: that job is tried again, as after any failure, and its row says from where.",
    source: "https://github.com/redis/ioredis#autopipelining",
    edits: [
      edit(
        "worker.ts",
        "commandTimeout: leaseMs ?? undefined }",
        "commandTimeout: leaseMs ?? undefined, enableAutoPipelining: true }",
      ),
    ],
  },
  {
    name: "concurrency 200",
    turns: "how many jobs a worker runs at once: 200 in place of 50",
    keeps: "Each job has a lock of its own, and one script renews those of all.",
    source: "https://docs.bullmq.io/guide/parallelism-and-concurrency",
    edits: [
      edit(
        "worker.ts",
        "    concurrency,\n    // concern: retry and recovery",
        "    concurrency: 4 * concurrency,\n    // concern: retry and recovery",
      ),
    ],
  },
  {
    name: "one subscription",
    turns:
      "the channel of results: one for the group, to which a client subscribes once, in place of one for each session, which it subscribes to and leaves",
    keeps:
      "A client listens before it reads the row, and looks again every 10 s, as before; it hears of sessions that others wait for, and lets those go.",
    source: "https://redis.io/docs/latest/develop/pubsub/",
    edits: [
      edit("session-row.ts", "return `${this.name}:result:${sessionId}`;", "return `${this.name}:result`;"),
      edit(
        "session-row.ts",
        "resultChannel(sessionId: string): string",
        "resultChannel(_sessionId: string): string",
      ),
      edit(
        "client.ts",
        `  subscriber.on("message", (channel, message) => {
    for (const resolve of waiting.get(channel) ?? []) resolve(JSON.parse(message));`,
        `  subscriber.on("message", (_channel, message) => {
    const result: SessionResult = JSON.parse(message);
    for (const resolve of waiting.get(result.sessionId) ?? []) resolve(result);`,
      ),
      edit("client.ts", "const channel = rows.resultChannel(sessionId);", "const channel = sessionId;"),
      edit("client.ts", "    await subscriber.subscribe(channel);\n", ""),
      edit(
        "client.ts",
        `      if (resolvers.size === 0 && waiting.delete(channel)) {
        subscriber.unsubscribe(channel).catch(() => {}); // it may be closing
      }`,
        "      if (resolvers.size === 0) waiting.delete(channel);",
      ),
      edit("client.ts", "subscriber.ping()", 'subscriber.subscribe(rows.resultChannel(""))'),
    ],
  },
];
