/** The Restate server as a store: one of the run's own, from its npm package, or one that is running already. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { join } from "node:path";
import { bytesOf } from "../../../harness/stores/bytes-of.ts";
import { addressOf, drawPrefix, notOurs } from "../../../harness/stores/external.ts";
import type { StoreKind } from "../../../harness/stores/kinds.ts";
import { preloadedClock, whyNoPreload } from "../../../harness/stores/preload/preload.ts";
import { type Durability, type StartStore, unknownTraffic } from "../../../harness/stores/store.ts";
import { startStoreProcess } from "../../../harness/stores/store-process.ts";
import type { StoreAddress } from "../../session/contract.ts";
import { askServer, residueIn } from "./admin.ts";
import { configuration } from "./configuration.ts";
import { trafficIn } from "./metrics.ts";

const program = "@restatedev/restate-server";
const durabilities: readonly Durability[] = ["process", "fsync"];

/** The package that brings the server for this machine; null where there is none, or it is not installed. */
function serverPackage(): { readonly file: string; readonly version: string } | null {
  const require = createRequire(new URL("../package.json", import.meta.url));
  try {
    const named = require.resolve(`${program}-${platform()}-${arch()}/package.json`);
    const { version }: { version: string } = require(named);
    const file = join(named, "../bin/restate-server");
    return existsSync(file) ? { file, version } : null;
  } catch {
    return null;
  }
}

export function restateServer(url: string | undefined): StoreKind {
  return url === undefined ? ownServer() : externalServer(url);
}

function ownServer(): StoreKind {
  const why = whyNoPreload();
  return {
    external: null,
    callsWorkers: true,
    startStore: startServer,
    durabilities,
    whyNoOthers: "its log is synced at each commit or not at all",
    goesBy: preloadedClock,
    lacks: {
      ...(why === null ? {} : { clock: why }),
      refusal: "nothing brings it to refuse writes",
      replica: "a single node has no replica",
      power: "RocksDB writes over its files, and what of them it has synced is not told",
    },
    whyUnavailable: async () =>
      serverPackage() === null
        ? `there is no Restate server for ${platform()} on ${arch()} among its npm packages`
        : null,
  };
}

/** @throws UsageError for a URL that is none of HTTP's. */
function externalServer(text: string): StoreKind {
  const address = addressOf({ flag: "--store-url", text, schemes: ["http:", "https:"] });
  return {
    external: address,
    callsWorkers: true,
    durabilities,
    startStore: async ({ sweepAtEnd }) => {
      const ours = { ...address, prefix: drawPrefix() };
      sweepAtEnd(ours, new URL("sweep.ts", import.meta.url).href);
      return {
        address: ours,
        version: `restate-server ${await versionOf(ours)}, not started by the run`,
        inspect: (sessions) => residueIn(ours, sessions),
        traffic: async () => unknownTraffic,
        ...notOurs,
      };
    },
    async whyUnavailable() {
      const why = await versionOf(address).then(
        () => null,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
      return why === null
        ? null
        : `the Restate server at ${address.url} cannot be used (${why}); start it, or name another`;
    },
  };
}

async function versionOf(address: StoreAddress): Promise<string> {
  const { version } = (await askServer(address, "/version")) as { version: string };
  return version;
}

/** Starts a server in the run's folder. @throws HarnessError when it does not start. */
const startServer: StartStore = async (settings) => {
  const { folder, port, nextPort, spawn } = settings;
  const server = serverPackage();
  if (server === null) throw new Error("a server that is not installed was to be started");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const ports = { ingress: port, admin: await nextPort(), node: await nextPort() };
  const config = join(folder, "restate.toml");
  writeFileSync(config, configuration(settings, ports), { mode: 0o600 });
  const address: StoreAddress = { url: `http://127.0.0.1:${port}/?admin=${ports.admin}`, secret: "" };
  const begin = () =>
    spawn({
      name: "restate-server",
      file: server.file,
      args: ["--config-file", config, "--no-logo"],
      cwd: folder,
      env: { DO_NOT_TRACK: "1" },
    });
  const lives = await startStoreProcess({ name: "restate-server", begin, ask: () => untilReady(address) });
  return {
    address,
    version: `restate-server ${server.version}`,
    inspect: (sessions) => residueIn(address, sessions),
    traffic: async () => {
      await untilReady(address);
      const answer = await fetch(`http://127.0.0.1:${ports.node}/metrics`);
      return {
        ...unknownTraffic,
        ...trafficIn(await answer.text()),
        diskBytes: await bytesOf(filesIn(folder)),
      };
    },
    ...lives,
  };
};

/** Rejects unless the ingress and the admin API take requests. */
async function untilReady(address: StoreAddress): Promise<void> {
  const health = new URL("/restate/health", address.url);
  const { ok, status } = await fetch(health, { signal: AbortSignal.timeout(5_000) });
  if (!ok) throw new Error(`the server is not ready: HTTP ${status}`);
  await askServer(address, "/health");
}

/** All files that it keeps. */
function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name));
}
