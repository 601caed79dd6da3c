/**
 * Where the time of one Node process goes, by whose code it runs: what Node's own profiler saw (`--cpu-prof`), which looks about once
 * per ms at what the main thread is doing and writes it down when the process exits in good order, by `process.exit` too. Threads
 * beside that one, and native code that they run, are not seen.
 */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Child } from "./reaper.ts";

/**
 * `transport` is Node's HTTP, sockets, streams and `fetch`. `runtime` is garbage collection, native code that no function called, and
 * the rest of Node. All but `waiting` is time in which there was something to do: on a machine whose processors are taken, that is
 * longer than the processor time.
 */
export const cpuParts = ["engine SDK", "driver", "transport", "our code", "runtime", "waiting"] as const;
export type CpuPart = (typeof cpuParts)[number];

/** Names of npm packages; each stands for those too whose names go on with a hyphen. */
export interface EnginePackages {
  readonly sdk: readonly string[];
  /** By which the engine speaks with its store. */
  readonly drivers: readonly string[];
}

/** Times of {@link monotonicMs}. */
export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A profile as V8 writes it. Times in µs, of the clock of {@link monotonicMs}. */
const profileSchema = z.object({
  /** A tree, whose root is the first. */
  nodes: z
    .array(
      z.object({
        id: z.int(),
        callFrame: z.object({ functionName: z.string(), url: z.string() }),
        children: z.array(z.int()).default([]),
      }),
    )
    .min(1),
  startTime: z.number(),
  endTime: z.number(),
  /** Ids of nodes. */
  samples: z.array(z.int()),
  /** From each sample's predecessor to it, and from the start to the first. */
  timeDeltas: z.array(z.number()),
});

export type CpuProfile = Readonly<z.output<typeof profileSchema>>;

/** Now, by the clock of profiles, ms: one for all processes of a machine, which on macOS stops for profiles alone while the machine sleeps. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Variables by which a Node process writes its profile into a folder. Its children inherit them. */
export function profilingInto(folder: string): Readonly<Record<string, string>> {
  const options = `--cpu-prof --cpu-prof-dir=${JSON.stringify(folder)}`; // quoted as Node reads it
  return { NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ""} ${options}`.trim() };
}

/**
 * What a process that has exited wrote of its main thread into that folder; null where it was killed before all was written.
 * @throws ZodError for what is no profile of V8's.
 */
export function readCpuProfile(folder: string, { pid }: Pick<Child, "pid">): CpuProfile | null {
  // Day, time, process, thread and a number; 0 is the main thread.
  const [file] = globSync(`CPU.*.*.${pid}.0.*.cpuprofile`, { cwd: folder });
  if (file === undefined) return null;
  try {
    return profileSchema.parse(JSON.parse(readFileSync(join(folder, file), "utf8")));
  } catch (error) {
    if (error instanceof SyntaxError) return null; // its end is missing
    throw error;
  }
}

/**
 * How many ms of the window each part took; together they are the whole window. A function without a file, such as `JSON.parse`,
 * counts for the nearest of its callers that has one; a package that is not among those named counts for the nearest that is and
 * called it, and else as a driver. Null where the profile does not hold all of the window. Pure.
 */
export function cpuMsByPart(
  profile: CpuProfile,
  { fromMs, toMs }: Window,
  packages: EnginePackages,
): Readonly<Record<CpuPart, number>> | null {
  if (fromMs < profile.startTime / 1000 || toMs > profile.endTime / 1000) return null;
  const partOf = partsOfNodes(profile, packages);
  const ms: Record<CpuPart, number> = {
    "engine SDK": 0,
    driver: 0,
    transport: 0,
    "our code": 0,
    runtime: 0,
    waiting: 0,
  };
  for (const span of spansOf(profile)) {
    const within = Math.min(span.toMs, toMs) - Math.max(span.fromMs, fromMs);
    if (within > 0) ms[partOf.get(span.node) ?? "runtime"] += within;
  }
  return ms;
}

/**
 * What each sample stands for: from halfway since the one before it to halfway to the next, so that the time of a sample that was
 * left out, as on a busy machine, goes to both sides of it. V8 notes some out of order.
 */
function spansOf({ startTime, endTime, samples, timeDeltas }: CpuProfile): (Window & { node: number })[] {
  let atUs = startTime;
  const seen = samples
    .map((node, index) => {
      atUs += timeDeltas[index] ?? 0;
      return { node, atUs };
    })
    .sort((a, b) => a.atUs - b.atUs);
  return seen.map(({ node, atUs: at }, index) => {
    const [before, after] = [seen[index - 1], seen[index + 1]];
    const fromUs = before === undefined ? startTime : (before.atUs + at) / 2;
    const toUs = after === undefined ? endTime : (at + after.atUs) / 2;
    return { node, fromMs: fromUs / 1000, toMs: toUs / 1000 };
  });
}

/** A node's part, and that of the named package that has called it, if it is the nearest that is not Node or a package without a name. */
interface Owner {
  readonly part: CpuPart;
  readonly named: "engine SDK" | "driver" | null;
}

function partsOfNodes({ nodes }: CpuProfile, packages: EnginePackages): ReadonlyMap<number, CpuPart> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parts = new Map<number, CpuPart>();
  const open = [{ node: nodes[0], caller: { part: "runtime", named: null } as Owner }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, caller } = next;
    if (node === undefined) continue;
    const owner = ownerOf(node.callFrame, caller, packages);
    parts.set(node.id, owner.part);
    open.push(...node.children.map((child) => ({ node: byId.get(child), caller: owner })));
  }
  return parts;
}

/** What V8 calls its own states. */
const states: Readonly<Record<string, CpuPart>> = {
  "(idle)": "waiting",
  "(program)": "runtime",
  "(garbage collector)": "runtime",
};

/** Such as `node:_http_client`, `node:internal/streams/writable` and `node:internal/deps/undici/undici`. */
const transport =
  /^node:(?:internal\/)?(?:deps\/undici|js_stream_socket|_?(?:http2?|https|tls|net|dns|stream|streams|webstreams)(?=[/_]|$))/;

function ownerOf(
  { functionName, url }: CpuProfile["nodes"][number]["callFrame"],
  caller: Owner,
  { sdk, drivers }: EnginePackages,
): Owner {
  if (url.startsWith("node:")) return { ...caller, part: transport.test(url) ? "transport" : "runtime" };
  if (!/^(file:|\/)/.test(url)) return { ...caller, part: states[functionName] ?? caller.part };
  const name = /^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (name === undefined) return { part: "our code", named: null };
  if (isAmong(sdk, name)) return { part: "engine SDK", named: "engine SDK" };
  if (isAmong(drivers, name)) return { part: "driver", named: "driver" };
  if (name === "undici") return { ...caller, part: "transport" }; // the same code as Node's `fetch`
  return { ...caller, part: caller.named ?? "driver" };
}

function isAmong(packages: readonly string[], name: string): boolean {
  return packages.some((each) => name === each || name.startsWith(`${each}-`));
}
