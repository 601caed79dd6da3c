/**
 * What every experiment of one run shares: the reaper, the world, the folder of results and the history.
 * Opened once; closing it, in whatever way, leaves no process, port or temporary folder behind.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import type { StoreAddress } from "../contract.ts";
import { HistoryFile } from "../history/history-file.ts";
import type { Ports } from "../stores/ports.ts";
import { startRedisServer } from "../stores/redis.ts";
import type { Durability } from "../stores/store.ts";
import { Reaper } from "../workers/reaper.ts";

export interface RunSettings {
  readonly seed: number;
  readonly durability: Durability;
  readonly ports: Ports;
  /** The folder that holds `runs/` and `latest`. */
  readonly resultsFolder: string;
}

export class Run {
  readonly startedAt = new Date();
  readonly settings: RunSettings;
  /** Where this run's files go. */
  readonly folder: string;
  readonly history: HistoryFile;
  readonly reaper: Reaper;
  readonly world: StoreAddress;
  /** Signs the tokens of this run's world. */
  readonly tokenKey = randomBytes(32).toString("hex");

  private constructor(
    settings: RunSettings,
    startedAt: Date,
    folder: string,
    reaper: Reaper,
    world: StoreAddress,
  ) {
    this.settings = settings;
    this.startedAt = startedAt;
    this.folder = folder;
    this.history = new HistoryFile(join(folder, "history.jsonl"));
    this.reaper = reaper;
    this.world = world;
  }

  /** @throws HarnessError when the world cannot be started; nothing is left running then. */
  static async open(settings: RunSettings): Promise<Run> {
    const reaper = await Reaper.start();
    try {
      const world = await startRedisServer({
        name: "world",
        folder: join(reaper.folder, "world"),
        port: await settings.ports.next(),
        persistence: "none",
        spawn: (command) => reaper.spawn(command),
      });
      const startedAt = new Date();
      const stamp = startedAt
        .toISOString()
        .replaceAll(":", "-")
        .replace(/\.\d+Z$/, "Z");
      const folder = join(settings.resultsFolder, "runs", `${stamp}-${settings.seed}`);
      mkdirSync(folder, { recursive: true });
      return new Run(settings, startedAt, folder, reaper, world.address);
    } catch (error) {
      await reaper.stop();
      throw error;
    }
  }

  /** Lets `latest` point to this run. Called once its files are complete. */
  publish(): void {
    const latest = join(this.settings.resultsFolder, "latest");
    rmSync(latest, { force: true, recursive: true });
    symlinkSync(join("runs", basename(this.folder)), latest, "dir");
  }

  async close(): Promise<void> {
    this.history.close();
    await this.reaper.stop();
  }
}
