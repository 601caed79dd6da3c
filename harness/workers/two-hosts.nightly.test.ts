/**
 * A worker on another host, which loses its link to the run and gets it back. The hosts are two network namespaces of this machine,
 * joined by a veth pair; they end with the processes in them, whatever becomes of this test.
 */
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { readResults } from "../experiments/results.ts";
import { type Child, Reaper } from "../processes/reaper.ts";
import { repositoryRoot } from "../repository.ts";
import type { Entry, EntryOf } from "../world/entry.ts";

const target = "redis-bullmq@redis";
const url = "redis://10.77.0.1:6379";

interface Host {
  /** What begins a command that is to run there. */
  readonly enter: readonly string[];
  /** The process that keeps it. */
  readonly pid: number;
}

let reaper: Reaper;
let results: string;
beforeAll(async () => {
  reaper = await Reaper.start();
  results = mkdtempSync(join(tmpdir(), "killproof-test-"));
});
afterAll(async () => {
  await reaper.stop();
  rmSync(results, { recursive: true });
});

test("a worker on another host that is cut off loses its sessions to others, is named, and works again", async ({
  skip,
}) => {
  const why = await whyNoHosts();
  skip(why !== null, `no network namespaces can be built here: ${why}`);
  const [near, far] = await twoHosts();
  const redis = spawn("redis", near, ["redis-server", "--bind", "10.77.0.1", "--protected-mode", "no"]);
  await vi.waitFor(() => expect(redis.log().join("\n")).toContain("Ready to accept"), 20_000);
  const size = "--sessions 80 --arrivals 20 --kills 1 --kill-alls 0 --workers 1 --remote-workers 1";
  const killproof = [process.execPath, join(repositoryRoot, "harness/cli.ts")];
  const chaos = [...killproof, "chaos", "--targets", target, "--lease", "1000", ...size.split(" ")];
  const run = spawn("run", near, [...chaos, "--results", results]);
  const worker = spawn("worker", far, [...killproof, "worker", "--target", target]);

  await vi.waitFor(() => expect(inEarlySteps(history())).toBeGreaterThan(1), 60_000);
  await ip(far, "link set far down");
  const name = remoteIn(history());
  await vi.waitFor(() => expect(takenOver(history(), name)).not.toEqual([]), 20_000);
  await ip(far, "link set far up");
  expect((await worker.exited).code, worker.lastLogLine()).toBe(0);
  expect([0, 2], run.lastLogLine()).toContain((await run.exited).code); // 2: a fault that hit nobody

  const entries = history();
  const finished = new Set(entries.flatMap((entry) => (entry.kind === "result" ? [entry.session] : [])));
  const called = new Set(entries.flatMap((entry) => (entry.kind === "call" ? [entry.session] : [])));
  expect(called.size).toBeGreaterThanOrEqual(80);
  expect([...called].filter((session) => !finished.has(session))).toEqual([]);
  const { verdicts, faults } = await readResults(join(results, "latest", "results.json"));
  expect(verdicts.filter(({ guaranteed, verdict }) => guaranteed && verdict === "fail")).toEqual([]);
  const [cutOff] = faults.filter(({ kind }) => kind === "cut-off");
  expect(cutOff).toMatchObject({ effective: true, cutOff: { worker: name, silentMs: expect.any(Number) } });
  expect(run.log().join("\n")).toContain(`${name} was cut off from ${target}, not heard of for`);
  const heardAgain = entries.findIndex(({ kind }) => kind === "fault-ended");
  expect(begunBy(name, entries.slice(heardAgain)).length).toBeGreaterThan(0);
});

/** Why this user, or this machine, can build none; null where they can. */
async function whyNoHosts(): Promise<string | null> {
  const tried = "ip link add near type veth peer name far netns $$";
  const { failed, stderr, shortMessage } = await execa("unshare", ["-rn", "sh", "-c", tried], {
    reject: false,
  });
  return failed ? stderr || (shortMessage ?? "unshare failed") : null;
}

/** Two hosts and a link between them, up. */
async function twoHosts(): Promise<readonly [near: Host, far: Host]> {
  const near = await host("near", ["unshare", "-rn"]);
  const far = await host("far", [...entering(near.pid, "-U"), "unshare", "-n"]);
  await ip(near, `link add near type veth peer name far netns ${far.pid}`);
  for (const [at, name, address] of [
    [near, "near", "10.77.0.1"] as const,
    [far, "far", "10.77.0.2"] as const,
  ]) {
    await ip(at, "link set lo up");
    await ip(at, `address add ${address}/24 dev ${name}`);
    await ip(at, `link set ${name} up`);
  }
  return [near, far];
}

/** A host, which lasts as long as its process. Resolves once it has a network of its own: before, it would have this machine's. */
async function host(name: string, command: readonly string[]): Promise<Host> {
  const [file = "", ...args] = [...command, "sleep", "infinity"];
  const { pid } = reaper.spawn({ name, file, args });
  const networkOf = (process: number | "self") => readlinkSync(`/proc/${process}/ns/net`);
  await vi.waitFor(() => expect(networkOf(pid)).not.toBe(networkOf("self")), 10_000);
  return { pid, enter: entering(pid, "-U", "-n") };
}

function entering(pid: number, ...namespaces: readonly string[]): readonly string[] {
  return ["nsenter", "-t", String(pid), ...namespaces, "--preserve-credentials"];
}

async function ip({ enter: [file = "", ...args] }: Host, command: string): Promise<void> {
  await execa(file, [...args, "ip", ...command.split(" ")]);
}

function spawn(name: string, { enter }: Host, command: readonly string[]): Child {
  const [file = "", ...args] = [...enter, ...command];
  const env = { KILLPROOF_REDIS_URL: url, KILLPROOF_WORLD_URL: url };
  return reaper.spawn({ name, file, args, env, cwd: name === "redis" ? reaper.folder : repositoryRoot });
}

/** What the run has noted so far. */
function history(): readonly Entry[] {
  const [folder = ""] = readdirSync(join(results, "runs"));
  const text = readFileSync(join(results, "runs", folder, "history.jsonl"), "utf8");
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  return whole
    .split("\n")
    .flatMap((line) => (line === "" ? [] : [JSON.parse(line).entry ?? JSON.parse(line)]));
}

function remoteIn(entries: readonly Entry[]): string {
  const isRemote = (entry: Entry): entry is EntryOf<"ready"> =>
    entry.kind === "ready" && entry.worker.startsWith("remote-");
  return entries.find(isRemote)?.worker ?? "";
}

function begunBy(worker: string, entries: readonly Entry[]): readonly EntryOf<"begin">[] {
  return entries.filter((entry) => entry.kind === "begin").filter((begin) => begin.worker === worker);
}

const earlySteps: readonly string[] = ["login", "record:0", "record:1"];

/** How many sessions the remote worker has under way that have more than one step before their wait. */
function inEarlySteps(entries: readonly Entry[]): number {
  const latest = new Map(begunBy(remoteIn(entries), entries).map(({ session, step }) => [session, step]));
  return [...latest.values()].filter((step) => earlySteps.includes(step)).length;
}

/** The sessions that a worker had begun when it was cut off, and that another one goes on with before their wait. */
function takenOver(entries: readonly Entry[], worker: string): readonly string[] {
  const cutAt = entries.findIndex((entry) => entry.kind === "fault" && entry.faultKind === "cut-off");
  if (cutAt === -1) return [];
  const held = new Set(begunBy(worker, entries.slice(0, cutAt)).map(({ session }) => session));
  const since = entries.slice(cutAt).filter((entry) => entry.kind === "begin");
  const byOthers = since.filter((begin) => begin.worker !== worker && held.has(begin.session));
  return byOthers.filter(({ step }) => step !== "expire" && step !== "cleanup").map(({ session }) => session);
}
