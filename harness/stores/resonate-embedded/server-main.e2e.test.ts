/** The store's process as the real SDK and its starter meet it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Context, Resonate } from "@resonatehq/sdk";
import getPort from "get-port";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { post, StoreProcess, urlOf } from "../../testing/embedded-process-under-test.ts";
import { create, get } from "../../testing/embedded-requests-under-test.ts";
import { inspectEmbedded } from "./store.ts";

const secret = "the-token-of-this-test";
let folder: string;
let config: { port: number; secret: string; journalPath: string; durability: "process" };
/** Ends what a test started, whether it passed or not. */
let cleanUp: (() => Promise<unknown>)[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "killproof-e2e-"));
  const port = await getPort({ host: "127.0.0.1" });
  config = { port, secret, journalPath: join(folder, "journal.jsonl"), durability: "process" };
  cleanUp = [];
});
afterEach(async () => {
  for (const end of cleanUp.reverse()) await end();
  rmSync(folder, { recursive: true });
});

async function startStore(): Promise<StoreProcess> {
  const store = await StoreProcess.start(config);
  cleanUp.push(() => store.end("SIGKILL"));
  return store;
}

const inspect = () => inspectEmbedded({ url: urlOf(config), secret });

describe("with the real SDK", () => {
  const sleepMs = 1_500;

  function startSdk(group: string): Resonate {
    const resonate = new Resonate({
      url: urlOf(config),
      token: secret,
      group,
      ttl: 1_000,
      logLevel: "error",
    });
    cleanUp.push(() => resonate.stop());
    return resonate;
  }

  /** A worker and a client; `ran` is what the steps did. */
  function startWorkerAndClient() {
    const ran: string[] = [];
    const worker = startSdk("workers");
    worker.register("nap", function* nap(ctx: Context) {
      yield* ctx.run(async () => void ran.push("before"));
      yield* ctx.sleep(sleepMs);
      yield* ctx.run(async () => void ran.push("after"));
      return "rested";
    });
    const client = startSdk("clients");
    const begin = (id: string) =>
      client.beginRpc<string>(id, "nap", client.options({ target: "poll://any@workers" }));
    return { ran, begin };
  }

  test("a generator with steps and a sleep completes, and leaves nothing behind", async () => {
    await startStore();
    const { ran, begin } = startWorkerAndClient();
    const handle = await begin("session/plain");
    expect(await handle.result()).toBe("rested");
    expect(ran).toEqual(["before", "after"]);
    expect(await inspect()).toMatchObject({ pendingPromises: [], openTasks: [] });
    expect(readFileSync(config.journalPath, "utf8")).not.toContain(secret);
  });

  test("a sleep survives kill -9 of the store: no step runs twice, the client gets the result", async () => {
    const store = await startStore();
    const { ran, begin } = startWorkerAndClient();
    const handle = await begin("session/interrupted");
    const result = handle.result();
    const isAsleep = async () =>
      (await inspect()).openTasks.some(
        ({ id, state }) => id === "session/interrupted" && state === "suspended",
      );
    while (!(await isAsleep())) await delay(10);
    await store.end("SIGKILL");
    await startStore();
    expect(await result).toBe("rested");
    expect(ran).toEqual(["before", "after"]);
  });

  test("work that was asked for while no worker was there is done once one comes, across a restart", async () => {
    const store = await startStore();
    const client = startSdk("clients");
    const target = client.options({ target: "poll://any@workers" });
    const handle = await client.beginRpc<string>("session/early", "nap", target);
    await store.end("SIGKILL");
    await startStore();
    const { ran } = startWorkerAndClient();
    expect(await handle.result()).toBe("rested");
    expect(ran).toEqual(["before", "after"]);
  });
});

describe("the process", () => {
  test("answers only to its token, on every route", async () => {
    await startStore();
    const routes = [
      ["POST", "/"],
      ["GET", "/inspect"],
      ["GET", "/poll/g/p"],
    ] as const;
    for (const [method, path] of routes) {
      for (const authorization of ["", "Bearer wrong", secret, `Bearer ${secret}x`]) {
        const response = await fetch(urlOf(config) + path, { method, headers: { authorization } });
        expect(response.status, `${method} ${path}`).toBe(401);
        expect(await response.text()).not.toContain(secret);
      }
    }
  });

  test("refuses a body larger than it takes, and goes on", async () => {
    await startStore();
    const headers = { authorization: `Bearer ${secret}` };
    const body = "x".repeat(17 << 20);
    const response = await fetch(urlOf(config), { method: "POST", headers, body }).catch(() => null);
    if (response !== null) expect(response.status).toBe(413);
    expect((await post(config, get("p"))).head.status).toBe(404);
  });

  test("ends with code 0 on SIGTERM, with all that it acknowledged in the journal", async () => {
    const store = await startStore();
    await post(config, create("p"));
    expect(await store.end("SIGTERM")).toEqual({ code: 0, signal: null, errors: "" });
    await startStore();
    expect((await post(config, get("p"))).head.status).toBe(200);
  });

  test("names a port that is taken, and leaves the journal of its holder alone", async () => {
    await startStore();
    await post(config, create("p"));
    const { code, errors } = await StoreProcess.launch(config).ended;
    expect(code).toBe(70);
    expect(errors).toMatch(/^killproof store: PortUnavailable: .*EADDRINUSE.*\n$/);
    expect((await post(config, get("p"))).head.status).toBe(200);
  });

  test("refuses a damaged journal, with its place", async () => {
    writeFileSync(config.journalPath, "[1,\n[2,\n");
    const { code, errors } = await StoreProcess.launch(config).ended;
    expect(code).toBe(70);
    expect(errors).toMatch(/^killproof store: JournalDamaged: .*line 1 \(byte 0\).*\n$/);
  });

  test("names what is wrong with its configuration, without showing it", async () => {
    const { code, errors } = await StoreProcess.launch({ ...config, port: 0 }).ended;
    expect(code).toBe(70);
    expect(errors).toMatch(/^killproof store: ConfigInvalid: .*port.*\n$/);
    expect(errors).not.toContain(secret);
  });
});
