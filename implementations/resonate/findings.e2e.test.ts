/** What reviewers who know the engine found, each on a store of its own, with real requests; R1 to R6 are their numbers. */
import { createServer, type Server } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { ConsoleLogger, type Network, ResonateTimeoutException } from "@resonatehq/sdk";
import { afterEach, expect, test } from "vitest";
import { Reaper } from "../../harness/processes/reaper.ts";
import { startResonateEmbedded } from "../../harness/stores/resonate-embedded/store.ts";
import { startUnderTest } from "../../harness/testing/store-under-test.ts";
import { NoopWorld } from "../../harness/world/noop-world.ts";
import {
  longestStopMs,
  type RunningWorker,
  type SessionClient,
  type StoreAddress,
} from "../session/contract.ts";
import type { SessionSpec } from "../session/spec.ts";
import type { Effect } from "../session/steps.ts";
import type { Execution, Landing } from "../session/world.ts";
import { connectClient } from "./client.ts";
import { DrainingNetwork } from "./draining-network.ts";
import { MessageStream } from "./message-stream.ts";
import { networkTo } from "./network.ts";
import type { StoreNetwork } from "./store-network.ts";
import { startWorker } from "./worker.ts";

const spec: SessionSpec = {
  sessionId: "one",
  userId: "user",
  activities: [
    { action: "view", target: "/" },
    { action: "view", target: "/a" },
  ],
  idleTimeoutMs: 60_000,
};
const logger = new ConsoleLogger("error");
const yearMs = 365 * 24 * 60 * 60 * 1000;

/** A world that remembers what it was asked for. */
class RecordingWorld extends NoopWorld {
  readonly keys: string[] = [];
  override apply(execution: Execution, effect: Effect, key = ""): Promise<Landing> {
    this.keys.push(key);
    return super.apply(execution, effect);
  }
}

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

async function embedded() {
  const reaper = await Reaper.start();
  open.push({ close: () => reaper.stop() });
  const { store } = await startUnderTest(reaper, startResonateEmbedded, "process");
  return { store: store.address, group: "sessions", leaseMs: 1_000, retryDelayMs: 200 };
}

/** Starts the session on a worker, and resolves when it sleeps. */
async function sleeping(): Promise<{ world: RecordingWorld; store: StoreAddress }> {
  const deployment = await embedded();
  const world = new RecordingWorld(new Uint8Array(32));
  const worker: RunningWorker = await startWorker({ ...deployment, world, incarnation: "w", concurrency: 1 });
  const client: SessionClient = await connectClient(deployment);
  open.push({ close: () => worker.stop() }, client);
  await client.start(spec);
  await expect.poll(() => world.keys.at(-1)).toContain("mark-idle");
  return { world, store: deployment.store };
}

/** What the store answers to one request. */
async function ask<Data>({ url, secret }: StoreAddress, kind: string, data: object): Promise<Data> {
  const response = await fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${secret}` },
    body: JSON.stringify({ kind, head: { corrId: "1", version: "2026-04-01" }, data }),
  });
  return ((await response.json()) as { data: Data }).data;
}

/** An HTTP server that answers as it is told. */
async function serverThat(
  answers: Parameters<typeof createServer>[1],
): Promise<{ url: string; server: Server }> {
  const server = createServer(answers as never);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push({
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  });
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`, server };
}

function networkAt(url: string, timeoutMs: number): Promise<StoreNetwork> {
  return networkTo({ store: { url, secret: "" }, group: "sessions", pid: "p", logger, timeoutMs });
}

const question = {
  kind: "promise.get",
  head: { corrId: "1", version: "2026-04-01" },
  data: { id: "x" },
} as const;

test("R1: neither a session nor one of its steps is given up within years", async () => {
  const { store } = await sleeping();
  for (const id of ["session/one", "session/one:0"]) {
    const { promise } = await ask<{ promise: { timeoutAt: number } }>(store, "promise.get", { id });
    expect(promise.timeoutAt - Date.now()).toBeGreaterThan(9 * yearMs);
  }
});

test("R2: keys name the session and what is done for it; the function has a version", async () => {
  const { world, store } = await sleeping();
  expect(new Set(world.keys.map((key) => key.split("/")[0]))).toEqual(
    new Set(["one|login", "one|record:0", "one|record:1", "one|mark-idle"]),
  );
  const { promise } = await ask<{ promise: { param: { data: string } } }>(store, "promise.get", {
    id: "session/one",
  });
  expect(JSON.parse(Buffer.from(promise.param.data, "base64").toString())).toMatchObject({ version: 1 });
});

test("a sleeping session's timer is held by the sink, and sent to nobody again", async () => {
  const { store } = await sleeping();
  const timer = () => ask<{ task?: { state: string } }>(store, "task.get", { id: "session/one:4" }); // after four steps
  await expect.poll(async () => (await timer()).task?.state).toBe("acquired");
});

/** A client of a store that takes its stream, and answers each request with the next of these, the last one for good. */
async function clientOfStoreThatAnswers(...statuses: readonly number[]) {
  let asked = 0;
  const { url } = await serverThat((request, response) => {
    if (request.url?.startsWith("/poll/"))
      response.writeHead(200, { "content-type": "text/event-stream" }).write(":\n\n");
    else response.writeHead(statuses[asked++] ?? statuses.at(-1) ?? 500).end();
  });
  const store = { url, secret: "" };
  const client = await connectClient({ store, group: "g", leaseMs: 1_000, retryDelayMs: 50 });
  open.push(client);
  return { client, timesAsked: () => asked };
}

test.each([400, 401, 413])("R3: a start that the store refuses with %i rejects with that", async (status) => {
  const { client, timesAsked } = await clientOfStoreThatAnswers(status);
  await expect(client.start(spec)).rejects.toThrow(`HTTP ${status}`);
  expect(timesAsked()).toBe(1);
});

test("R3: a start that meets a store which is away waits for it", async () => {
  const { client, timesAsked } = await clientOfStoreThatAnswers(503, 503, 503, 413);
  await expect(client.start(spec)).rejects.toThrow("HTTP 413");
  expect(timesAsked()).toBe(4);
});

test("R4: a stream that is broken when it is stopped is not opened again; one that is not is, soon", async () => {
  let polls = 0;
  const { url } = await serverThat((_request, response) => {
    polls++;
    response.writeHead(200, { "content-type": "text/event-stream" }).write(":\n\n");
    setTimeout(() => response.destroy(), 20);
  });
  const stream = new MessageStream({ url, secret: "", group: "g", pid: "p", logger });
  await stream.init();
  await expect.poll(() => polls, { timeout: 3_000 }).toBeGreaterThan(2); // the SDK's own would wait for 1 and 3 s
  await delay(100); // it is broken, and waits
  await stream.stop();
  const before = polls;
  await delay(600);
  expect(polls).toBe(before);
});

test("R5: an answer whose body comes too late is not believed", async () => {
  const { url } = await serverThat((_request, response) => {
    response.writeHead(200, { "content-type": "application/json" }).write('{"kind":"promise.get",');
    setTimeout(() => response.end('"head":{"corrId":"1","status":404,"version":"1"},"data":"none"}'), 400);
  });
  const { send: ask } = (await networkAt(url, 100)) as Network;
  await expect(ask(question)).rejects.toThrow(ResonateTimeoutException);
});

test("R6: a worker that leaves waits for what it works on, and not for a task that the SDK has forgotten", async () => {
  const answers: Record<string, number> = {};
  const below = {
    send: async ({ kind, data }: { kind: string; data: { id: string } }) => ({
      kind,
      head: { status: answers[`${kind} ${data.id}`] ?? 200 },
      data: {},
    }),
    hearNoMore: async () => {},
  } as unknown as StoreNetwork;
  const network = new DrainingNetwork(below, { leaseMs: 300, retryDelayMs: 50 });
  const say = (kind: string, data: object) => network.send({ kind, head: question.head, data } as never);
  answers["task.acquire refused"] = 409;
  await say("task.acquire", { id: "refused", version: 1, pid: "p", ttl: 1 });
  const startedAt = performance.now();
  await network.drain(longestStopMs);
  expect(performance.now() - startedAt).toBeLessThan(200);

  await say("task.acquire", { id: "forgotten", version: 1, pid: "p", ttl: 1 });
  await say("task.acquire", { id: "working", version: 1, pid: "p", ttl: 1 });
  const beats = setInterval(
    () => void say("task.heartbeat", { pid: "p", tasks: [{ id: "working", version: 2 }] }),
    100,
  );
  let isDrained = false;
  const draining = network.drain(longestStopMs).then(() => {
    isDrained = true;
  });
  await delay(800);
  expect(isDrained).toBe(false);
  clearInterval(beats);
  await say("task.suspend", { id: "working", version: 1, actions: [] }); // of the time before: it was taken again since
  await delay(50);
  expect(isDrained).toBe(false);
  await say("task.suspend", { id: "working", version: 2, actions: [] });
  await draining;
});
