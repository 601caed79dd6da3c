/**
 * Starts every process of a run, and makes sure that none outlives it. A reaper process holds the other end
 * of a pipe; when the harness is gone, for whatever reason, the pipe closes and the reaper ends what is left.
 */
import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { execa, type Options } from "execa";
import type { StoreAddress } from "../../implementations/session/contract.ts";
import { HarnessError, messageOf, UsageError } from "../errors.ts";
import { lastLineOf } from "./last-log-line.ts";
import { reap } from "./reap.ts";
import type { ReaperOrder } from "./reaper-main.ts";

/** A process that is not ready by then never will be; longer than any machine takes to start one. */
export const longestStartMs = 180_000;

/** A process lives, and does not say that it is ready. */
export class NeverReadyError extends HarnessError {}

/** A process lives, and does not answer. */
export class NoAnswerError extends HarnessError {}

export interface ChildCommand {
  /** Names the process in errors and its log file. */
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  /** Secrets go here: arguments can be read by every user of the machine. */
  readonly env?: Readonly<Record<string, string>>;
  /** Opens a channel for messages; Node processes only. */
  readonly ipc?: boolean;
  /** Where it runs; the harness's own folder where this is left out. */
  readonly cwd?: string;
  /** As whom it runs; as the harness does where this is left out. */
  readonly user?: SystemUser;
}

/** A user of the operating system, by number. */
export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

export interface Exit {
  readonly signal: NodeJS.Signals | null;
  readonly code: number | null;
}

/** A running process of the run's own. */
export interface Child {
  readonly pid: number;
  /** Resolves when the operating system reported the exit. Never rejects. */
  readonly exited: Promise<Exit>;
  kill(signal: NodeJS.Signals): void;
  send(message: object): void;
  /** Sends a message and resolves with the next one that comes; rejects as {@link firstMessage} does, with a {@link NoAnswerError} where none has within this time. */
  ask(message: object, withinMs: number): Promise<unknown>;
  /**
   * Resolves with the first message; rejects with the end of the log when the process exits before it, and with a
   * {@link NeverReadyError} when none has come within this time, three minutes where it is left out.
   */
  firstMessage(withinMs?: number): Promise<unknown>;
  /** The last line that the process wrote; of an uncaught exception, the error; `none` where it wrote none. */
  lastLogLine(): string;
  /** All lines that it wrote so far. */
  log(): readonly string[];
}

export class Reaper {
  /** A folder for the run's stores, configurations and logs, readable by its owner only. Removed at the end. */
  readonly folder: string;
  private readonly process: ReturnType<typeof execa>;
  private readonly failure = Promise.withResolvers<never>();
  private readonly running = new Set<number>();
  private stopping = false;

  private constructor(folder: string, process: ReturnType<typeof execa>) {
    this.folder = folder;
    this.process = process;
    this.failure.promise.catch(() => {}); // whoever awaits it is told; nobody may be awaiting it yet
    process.stdin?.on("error", () => {}); // it died; that is reported by its exit
    void process.then(() => this.fail("The reaper process"));
  }

  /** Rejects with a HarnessError when a process that nobody faults died by itself: a store, a client, the reaper. */
  get failed(): Promise<never> {
    return this.failure.promise;
  }

  /** @throws UsageError when there is no room for temporary files. */
  static async start(): Promise<Reaper> {
    const folder = makeFolder();
    const main = fileURLToPath(new URL("reaper-main.ts", import.meta.url));
    const process_ = execa(process.execPath, [main], {
      detached: true, // its own process group: Ctrl-C reaches the harness, not the reaper
      cleanup: false,
      reject: false,
      stdin: "pipe",
      stdout: "ignore",
      stderr: "inherit",
    });
    const reaper = new Reaper(folder, process_);
    reaper.order({ kind: "folder", path: folder });
    return reaper;
  }

  /** Starts a process that must live until it is told to end; see {@link failed}. @throws as {@link spawn} does. */
  spawnVital(command: ChildCommand): Child {
    const child = this.spawn(command);
    let ending = false;
    void child.exited.then(() => {
      if (!ending) this.fail(`The process ${command.name}`);
    });
    return {
      ...child,
      kill: (signal) => {
        ending = true;
        child.kill(signal);
      },
    };
  }

  /** Starts a process in a process group of its own. @throws HarnessError when it cannot be started, or the run ends. */
  spawn({ name, file, args, env = {}, ipc = false, cwd, user }: ChildCommand): Child {
    if (this.stopping)
      throw new HarnessError(`${name} was not started, since the run was ending.`, "Run again.");
    const logPath = join(this.folder, `${name}-${randomBytes(3).toString("hex")}.log`);
    const log = openSync(logPath, "a", 0o600) as 3; // execa's types list small descriptors only; any open one will do
    const options: Options = {
      detached: true,
      cleanup: false,
      reject: false,
      buffer: false,
      env: { ...env, NODE_COMPILE_CACHE: join(this.folder, "compile-cache") },
      stdin: "ignore",
      stdout: log,
      stderr: log,
      ipc,
      serialization: "json",
      ...(cwd === undefined ? {} : { cwd }),
      ...user,
    };
    const { nodeChildProcess: subprocess } = execa(file, args, options);
    closeSync(log);
    const { pid } = subprocess;
    if (pid === undefined) {
      throw new HarnessError(
        `${name} could not be started from ${file}.`,
        "Check that the program is installed and may be executed.",
      );
    }
    this.running.add(pid);
    this.order({ kind: "watch", pid });
    const exited = once(subprocess, "exit").then(([code, signal]): Exit => {
      this.running.delete(pid);
      this.order({ kind: "forget", pid });
      return { code, signal };
    });
    return { pid, exited, ...talkWith(subprocess, { name, exited, logPath }) };
  }

  /**
   * Has what begins with the address's prefix taken out of a store that others use too, once the run has ended, by the
   * function `sweep` of a module, given by its URL.
   */
  sweepAtEnd(address: StoreAddress, module: string): void {
    this.order({ kind: "sweep", module, address });
  }

  /** Ends the run: whatever still runs is killed, the folder is removed, and stores that were given are swept. */
  async stop(): Promise<void> {
    this.stopping = true;
    await reap(this.running, [this.folder]); // the reaper does the same, for when nobody is left to do it here
    this.process.stdin?.end();
    await this.process;
    rmSync(this.folder, { recursive: true, force: true }); // whoever was about to start something may have made it anew
  }

  private fail(who: string): void {
    if (this.stopping) return;
    const fix = "Nothing that the run found is worth anything: run again, and report it if it comes back.";
    this.failure.reject(new HarnessError(`${who} exited unexpectedly.`, fix));
  }

  private order(order: ReaperOrder): void {
    this.process.stdin?.write(`${JSON.stringify(order)}\n`);
  }
}

function makeFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), "killproof-")); // mkdtemp: mode 0700
  } catch (error) {
    const why = messageOf(error);
    throw new UsageError(
      `Temporary files cannot be written to ${tmpdir()} (${why}).`,
      "Name another folder for them with the variable TMPDIR.",
      { cause: error },
    );
  }
}

/** What can be said to a process that runs, and what it says, by message or in its log. */
function talkWith(
  subprocess: ChildProcess,
  {
    name,
    exited,
    logPath,
  }: { readonly name: string; readonly exited: Promise<Exit>; readonly logPath: string },
): Omit<Child, "pid" | "exited"> {
  const log = () => (existsSync(logPath) ? readFileSync(logPath, "utf8").trim().split("\n") : []);
  const lastLogLine = () => lastLineOf(log()) || "none";
  const send = (message: object) => void subprocess.send(message, () => {}); // a dead process gets no mail; its exit is reported
  const nextMessage = async () => {
    const message = await Promise.race([once(subprocess, "message"), exited.then(() => null)]);
    if (message !== null) return message[0];
    throw new HarnessError(`${name} ended before it was ready.`, `Last log line: ${lastLogLine()}`);
  };
  const nextWithin = (withinMs: number, tooLate: (fix: string) => HarnessError) => {
    const passed = delay(withinMs, null, { ref: false }).then(() => {
      throw tooLate(`See what it waits for. Last log line: ${lastLogLine()}`);
    });
    return Promise.race([nextMessage(), passed]);
  };
  const inSeconds = (ms: number) => `within ${ms / 1000} s`;
  const firstMessage = (withinMs = longestStartMs) =>
    nextWithin(withinMs, (fix) => new NeverReadyError(`${name} was not ready ${inSeconds(withinMs)}.`, fix));
  const ask = (message: object, withinMs: number) => {
    const answer = nextWithin(
      withinMs,
      (fix) => new NoAnswerError(`${name} did not answer ${inSeconds(withinMs)}.`, fix),
    ); // listens from now on
    send(message);
    return answer;
  };
  return { kill: (signal) => void subprocess.kill(signal), send, firstMessage, ask, lastLogLine, log };
}
