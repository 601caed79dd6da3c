import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type CpuPart, type CpuProfile, cpuMsByPart, cpuParts, readCpuProfile } from "./cpu-profile.ts";

const packages = { sdk: ["@engine/sdk"], drivers: ["pg"] };
const modules = "file:///anywhere/node_modules";
const ours = "file:///anywhere/implementations/mine/lifecycle.ts";

/** Callers from the root down, each by its URL; what begins with a bracket, or has no file, by the function's name. */
type Stack = readonly string[];

/** A profile that saw these stacks, one after the other, each for a ms from 1,000 ms on. */
function profileOf(...stacks: readonly Stack[]): CpuProfile {
  const nodes: CpuProfile["nodes"] = [
    { id: 1, callFrame: { functionName: "(root)", url: "" }, children: [] },
  ];
  const samples = stacks.map((stack) => {
    let parent = nodes[0];
    for (const frame of stack) {
      const hasFile = /^(file|node|wasm):|^\//.test(frame);
      const callFrame = { functionName: hasFile ? "any" : frame, url: hasFile ? frame : "" };
      const node = { id: nodes.length + 1, callFrame, children: [] };
      nodes.push(node);
      parent?.children.push(node.id);
      parent = node;
    }
    return nodes.length;
  });
  const timeDeltas = samples.map((_, index) => (index === 0 ? 500 : 1_000)); // in the middle of its ms
  return { nodes, samples, timeDeltas, startTime: 1e6, endTime: 1e6 + 1_000 * stacks.length };
}

const all = { fromMs: 1_000, toMs: 1_001 };

const cases: readonly (readonly [CpuPart, ...Stack])[] = [
  ["our code", ours],
  ["our code", "/anywhere/harness/workers/worker-main.ts"],
  ["our code", `${modules}/@engine/sdk/core.js`, ours],
  ["engine SDK", ours, `${modules}/@engine/sdk/core.js`],
  ["engine SDK", `${modules}/@engine/sdk-core/index.js`],
  ["driver", `${modules}/@engine/sdk/core.js`, `${modules}/pg/lib/client.js`],
  ["driver", "node:net", `${modules}/pg-protocol/dist/parser.js`],
  ["driver", `${modules}/@engine/sdk/node_modules/pg/lib/client.js`],
  ["transport", `${modules}/pg/lib/client.js`, "node:net"],
  ["transport", "node:_http_client"],
  ["transport", "node:internal/streams/writable"],
  ["transport", "node:internal/stream_base_commons"],
  ["transport", "node:internal/http2/core"],
  ["transport", "node:dns"],
  ["transport", "node:internal/deps/undici/undici"],
  ["transport", `${modules}/@engine/sdk/core.js`, `${modules}/undici/lib/core/request.js`],
  ["runtime", `${modules}/@engine/sdk/core.js`, "node:internal/timers"],
  ["runtime", "node:internal/network_interfaces"],
  ["runtime", "(garbage collector)"],
  ["runtime", "(program)"],
  ["runtime", "then"],
  ["waiting", "(idle)"],
];

test.each(cases)("time counts as %s, from the root: %s %s", (part, ...stack) => {
  const ms = cpuMsByPart(profileOf(stack), all, packages);
  expect(ms).toEqual({ ...Object.fromEntries(cpuParts.map((each) => [each, 0])), [part]: 1 });
});

test("a function without a file counts for the nearest of its callers that has one", () => {
  const sdk = `${modules}/@engine/sdk/core.js`;
  const profile = profileOf(
    [ours, sdk, "JSON.parse"],
    [sdk, "wasm://wasm/0a1b", "wasm://wasm/0a1b"],
    [sdk, ours, "then"],
    [sdk, "node:net", "writeUtf8String"],
  );
  expect(cpuMsByPart(profile, { fromMs: 1_000, toMs: 1_004 }, packages)).toMatchObject({
    "engine SDK": 2,
    "our code": 1,
    transport: 1,
  });
});

test("a package that is not named counts for the nearest that is and called it, and else as a driver", () => {
  const other = `${modules}/msgpack/pack.js`;
  const profile = profileOf(
    [`${modules}/pg/lib/client.js`, "node:events", `${modules}/@engine/sdk/core.js`, "node:events", other],
    [`${modules}/@engine/sdk/core.js`, `${modules}/pg/lib/client.js`, other, other],
    [`${modules}/@engine/sdk/core.js`, ours, other],
    ["node:net", other],
  );
  expect(cpuMsByPart(profile, { fromMs: 1_000, toMs: 1_004 }, packages)).toMatchObject({
    "engine SDK": 1,
    driver: 3,
  });
});

test("only what lies in the window counts, and the parts are the whole window", () => {
  const profile = profileOf([ours], ["(idle)"], ["(idle)"], [ours]);
  expect(cpuMsByPart(profile, { fromMs: 1_000.25, toMs: 1_003.5 }, packages)).toMatchObject({
    "our code": 1.25,
    waiting: 2,
  });
});

test("time that was not looked at goes to both sides of it, and samples may be out of order", () => {
  const profile = {
    ...profileOf([ours], ["(idle)"], [ours]),
    timeDeltas: [1_000, 9_000, -8_000],
    endTime: 1e6 + 10_000,
  };
  // Ours at 1 ms and at 2 ms, idle at 10 ms: from 2 to 10 ms nobody looked.
  expect(cpuMsByPart(profile, { fromMs: 1_000, toMs: 1_010 }, packages)).toMatchObject({
    "our code": 6,
    waiting: 4,
  });
});

test("a window that the profile does not hold is not known", () => {
  const profile = profileOf([ours], [ours]);
  expect(cpuMsByPart(profile, { fromMs: 999, toMs: 1_001 }, packages)).toBeNull();
  expect(cpuMsByPart(profile, { fromMs: 1_001, toMs: 1_003 }, packages)).toBeNull();
});

test("the profile of a process is that of its main thread, and none where it was not written to its end", () => {
  const folder = mkdtempSync(join(tmpdir(), "killproof-profile-"));
  const write = (pid: number, thread: number, text: string) =>
    writeFileSync(join(folder, `CPU.20260101.000000.${pid}.${thread}.001.cpuprofile`), text);
  try {
    const profile = profileOf([ours]);
    write(7, 1, JSON.stringify(profileOf()));
    write(17, 0, JSON.stringify(profileOf()));
    expect(readCpuProfile(folder, { pid: 7 })).toBeNull();
    write(7, 0, JSON.stringify(profile));
    expect(readCpuProfile(folder, { pid: 7 })).toEqual(profile);
    write(8, 0, JSON.stringify(profile).slice(0, -1));
    expect(readCpuProfile(folder, { pid: 8 })).toBeNull();
    write(9, 0, "{}");
    expect(() => readCpuProfile(folder, { pid: 9 })).toThrow("nodes");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
