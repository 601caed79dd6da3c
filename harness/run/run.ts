/**
 * What every experiment of one run shares: the reaper, the world, the folder of results and the history.
 * Opened once; closing it, in whatever way, leaves no process, port or temporary folder behind.
 */

import { randomBytes } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, dirname, join } from "node:path";
import type { StoreAddress } from "../../implementations/session/contract.ts";
import { messageOf, UsageError } from "../errors.ts";
import { HistoryFile } from "../history/history-file.ts";
import { Reaper } from "../processes/reaper.ts";
import { addressOf, drawPrefix } from "../stores/external.ts";
import type { Ports } from "../stores/ports.ts";
import { startRedisServer } from "../stores/redis.ts";
import { whyRedisIsAway } from "../stores/redis-external.ts";
import type { Durability } from "../stores/store.ts";
import { sweepModule } from "../stores/sweep.ts";
import { DiskWatch, fullDisk } from "./disk-space.ts";

export interface RunSettings {
  /** Names the folder; null where nothing is drawn. */
  readonly seed: number | null;
  readonly durability: Durability;
  readonly ports: Ports;
  /** The folder that holds `runs/` and `latest`. */
  readonly resultsFolder: string;
  /** A Redis that is running already, to hold the world where other hosts can reach it. */
  readonly worldUrl?: string | undefined;
  /** How many workers, besides the run's own, somebody starts by hand for each target. */
  readonly remoteWorkers?: number | undefined;
  /** How many targets play a plan, or cases, at the same time (default: one per core, and two at least). */
  readonly atOnce?: number | undefined;
}

export class Run {
  readonly startedAt: Date;
  readonly settings: RunSettings;
  /** Where this run's files go. */
  readonly folder: string;
  readonly history: HistoryFile;
  readonly reaper: Reaper;
  readonly world: StoreAddress;
  /** Name and version of each target's store, once it has been started. */
  readonly storeVersions = new Map<string, string>();
  /** Signs the tokens of this run's world. */
  readonly tokenKey = randomBytes(32).toString("hex");

  /** More targets than this would take the cores from each other, and be late for no reason of their own. */
  readonly targetsAtOnce: number;

  private readonly disks: DiskWatch;

  private constructor(
    settings: RunSettings,
    startedAt: Date,
    folder: string,
    reaper: Reaper,
    world: StoreAddress,
  ) {
    this.settings = settings;
    this.disks = new DiskWatch([folder, reaper.folder]);
    this.targetsAtOnce = settings.atOnce ?? Math.max(2, availableParallelism());
    this.startedAt = startedAt;
    this.folder = folder;
    this.history = new HistoryFile(join(folder, "history.jsonl"));
    this.reaper = reaper;
    this.world = world;
  }

  /**
   * @throws UsageError when the folder of results, or that for temporary files, cannot be used, HarnessError when a disk is full
   * or the world cannot be started; nothing is left running then.
   */
  static async open(settings: RunSettings): Promise<Run> {
    const startedAt = new Date();
    const folder = makeFolder(settings, startedAt);
    let reaper: Reaper | null = null;
    try {
      reaper = await Reaper.start();
      const full = fullDisk([folder, reaper.folder]);
      if (full !== null) throw full;
      return new Run(settings, startedAt, folder, reaper, await openWorld(settings, reaper));
    } catch (error) {
      rmSync(folder, { recursive: true });
      await reaper?.stop();
      throw error;
    }
  }

  /**
   * Resolves as what is under way does; rejects once a process that nobody faults has died by itself, the history cannot be
   * written, or a disk is full, and with the latter whatever else has failed because of it.
   */
  async orFailure<Result>(underWay: Promise<Result>): Promise<Result> {
    try {
      return await Promise.race([underWay, this.reaper.failed, this.history.failed, this.disks.failed]);
    } catch (error) {
      throw fullDisk([this.folder, this.reaper.folder]) ?? error;
    }
  }

  /** Lets `latest` point to this run. Called once its files are complete. */
  publish(): void {
    const latest = join(this.settings.resultsFolder, "latest");
    const unfinished = `${latest}.${process.pid}`;
    symlinkSync(join("runs", basename(this.folder)), unfinished, "dir");
    renameSync(unfinished, latest);
  }

  async close(): Promise<void> {
    this.disks.stop();
    this.history.close();
    await this.reaper.stop();
  }
}

/** A world of the run's own; or its own keys in one that was given, which are taken away at the end. */
async function openWorld({ worldUrl, ports }: RunSettings, reaper: Reaper): Promise<StoreAddress> {
  if (worldUrl === undefined) {
    const world = await startRedisServer({
      name: "world",
      folder: join(reaper.folder, "world"),
      port: await ports.next(),
      persistence: "none",
      spawn: (command) => reaper.spawnVital(command),
    });
    return world.address;
  }
  const given = addressOf({ flag: "--world-url", text: worldUrl, schemes: ["redis:", "rediss:"] });
  const why = await whyRedisIsAway(given);
  if (why !== null)
    throw new UsageError(`The world at ${given.url} cannot be used (${why}).`, "Start it, or name another.");
  const address = { ...given, prefix: drawPrefix() };
  reaper.sweepAtEnd(address, sweepModule);
  return address;
}

/** `runs/TIME-SEED`, or `runs/TIME` where nothing is drawn, with a number behind it where another run had the same thought in the same second. */
function makeFolder({ resultsFolder, seed }: RunSettings, startedAt: Date): string {
  const stamp = startedAt
    .toISOString()
    .replaceAll(":", "-")
    .replace(/\.\d+Z$/, "Z");
  const name = seed === null ? stamp : `${stamp}-${seed}`;
  try {
    const latest = lstatSync(join(resultsFolder, "latest"), { throwIfNoEntry: false });
    if (latest !== undefined && !latest.isSymbolicLink()) {
      throw new UsageError(
        `${join(resultsFolder, "latest")} is not a link of ours.`,
        "Move it, or name another folder with --results.",
      );
    }
    makeFolders(join(resultsFolder, "runs"));
    for (let copy = 1; ; copy++) {
      const folder = join(resultsFolder, "runs", copy === 1 ? name : `${name}-${copy}`);
      if (makeFolders(folder)) return folder;
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const why = messageOf(error);
    throw new UsageError(
      `Files cannot be written to ${resultsFolder} (${why}).`,
      "Name another folder with --results.",
      {
        cause: error,
      },
    );
  }
}

/**
 * Makes a folder and those above it. Returns whether it was not there. Node's own recursive `mkdirSync` never returns
 * where a file system refuses without a reason that it knows, as /proc does.
 */
function makeFolders(folder: string): boolean {
  if (existsSync(folder)) return false;
  const parent = dirname(folder);
  if (parent !== folder) makeFolders(parent);
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if (existsSync(folder)) return false; // another run made it in this moment
    throw error;
  }
}
