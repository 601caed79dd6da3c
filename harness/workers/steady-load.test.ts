import { expect, test, vi } from "vitest";
import type { SessionClient } from "../../implementations/session/contract.ts";
import { plainSpec } from "../run/sample-session.ts";
import { SteadyLoad } from "./steady-load.ts";

const order = { kind: "steady", spec: plainSpec("steady"), perSecond: 500, forMs: 40 } as const;
const all = 20;

/** Somebody who serves sessions when the test says so. */
class Server implements Pick<SessionClient, "start"> {
  readonly ids: string[] = [];
  readonly #open = Promise.withResolvers<void>();

  async start({ sessionId, userId }: Parameters<SessionClient["start"]>[0]) {
    this.ids.push(sessionId);
    if (sessionId.endsWith("-3")) throw new Error(`no room for ${sessionId}`);
    await this.#open.promise;
    const outcome = { activitiesRecorded: 1, loginAt: 0, expiredAt: 0, cleanedAt: 0 };
    return { result: async () => ({ sessionId, userId, finalStatus: "cleaned_up" as const, ...outcome }) };
  }

  serve(): void {
    this.#open.resolve();
  }
}

test("sessions are started at their time though none ends, and what waits is told apart from what failed", async () => {
  const server = new Server();
  const load = new SteadyLoad(server, order);
  await vi.waitUntil(() => load.tally().lastStart !== null);
  const { begun, finished, failed, failure, lastStart, drainedMs } = load.tally();
  expect({ begun, finished, failed, drainedMs }).toEqual({
    begun: all,
    finished: 0,
    failed: 1,
    drainedMs: null,
  });
  expect(failure).toBe("no room for steady-3");
  expect(lastStart?.backlog).toBe(all - 1);
  expect(lastStart?.afterMs).toBeGreaterThanOrEqual(((all - 1) * 1000) / order.perSecond);
  expect(new Set(server.ids).size).toBe(all);
});

test("it says when nothing is left, and each latency once", async () => {
  const server = new Server();
  const load = new SteadyLoad(server, order);
  await vi.waitUntil(() => load.tally().lastStart !== null);
  server.serve();
  await vi.waitUntil(() => load.tally().drainedMs !== null);
  const late = new SteadyLoad(server, order); // everybody is served at once now
  await vi.waitUntil(() => late.tally().drainedMs !== null);
  expect(load.tally()).toMatchObject({ begun: all, finished: all - 1, failed: 1, latenciesMs: [] });
});

test("a latency counts from when the session was due", async () => {
  const server = new Server();
  const load = new SteadyLoad(server, order);
  let drainedMs: number | null = null;
  const latenciesMs: number[] = [];
  await vi.waitUntil(() => load.tally().lastStart !== null);
  server.serve();
  await vi.waitUntil(() => {
    const tally = load.tally();
    latenciesMs.push(...tally.latenciesMs);
    drainedMs = tally.drainedMs;
    return drainedMs !== null;
  });
  expect(latenciesMs).toHaveLength(all - 1);
  // The first was due when the load began, and waited for all others to be started.
  expect(Math.max(...latenciesMs)).toBeGreaterThanOrEqual(((all - 1) * 1000) / order.perSecond);
});
