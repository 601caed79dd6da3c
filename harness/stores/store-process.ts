/**
 * One life after another of a store's process, always from the same command, so that each finds the data, the port
 * and the secret of the one before. Every store that the harness starts is ended here.
 */
import { setTimeout as delay } from "node:timers/promises";
import { HarnessError } from "../errors.ts";
import type { Child } from "../processes/reaper.ts";
import type { Store } from "./store.ts";

interface StoreProcess {
  /** Of the program, for whoever reads that it did not start. */
  readonly name: string;
  readonly begin: () => Child;
  /** Asks the store anything; rejects until it answers. */
  readonly ask: (child: Child) => Promise<unknown>;
  /** What ends it in good order. */
  readonly stopSignal?: NodeJS.Signals;
}

const askAgainMs = 25;
/** How long a store may take from its start to its first answer, ms. */
const longestStartMs = 30_000;

/**
 * Starts a life and resolves when the store answers.
 * @throws HarnessError when it does not, at once and at each restart, and what `begin` throws.
 */
export async function startStoreProcess({
  name,
  begin,
  ask,
  stopSignal = "SIGTERM",
}: StoreProcess): Promise<Pick<Store, "kill" | "restart" | "stop">> {
  let child: Child;
  let running = false;
  async function start(): Promise<void> {
    if (running) throw new Error("a store was restarted that nobody had killed");
    const mine = begin();
    child = mine;
    running = true;
    void mine.exited.then(() => {
      running = false;
    });
    await untilReady(name, mine, ask);
  }
  async function end(signal: NodeJS.Signals): Promise<void> {
    child.kill(signal);
    await child.exited;
  }
  await start();
  return { kill: () => end("SIGKILL"), restart: start, stop: () => end(stopSignal) };
}

async function untilReady(name: string, child: Child, ask: StoreProcess["ask"]): Promise<void> {
  const exited = child.exited.then(() => "exited" as const);
  const until = performance.now() + longestStartMs;
  while (performance.now() < until) {
    const answered = await ask(child).then(
      () => true,
      () => false, // not there yet, or reading its log
    );
    if (answered) return;
    if ((await Promise.race([exited, delay(askAgainMs)])) === "exited") break;
  }
  throw new HarnessError(`${name} did not start.`, `Last log line: ${child.lastLogLine()}`);
}
