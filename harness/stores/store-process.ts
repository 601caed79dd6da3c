/**
 * One life after another of a store's process, always from the same command, so that each finds the data, the port
 * and the secret of the one before. Every store that the harness starts is ended here.
 */
import type { Child } from "../processes/reaper.ts";
import type { Store } from "./store.ts";

/**
 * Starts a life with `begin` and resolves when `untilReady` does, which rejects when the process cannot answer.
 * `stopSignal` ends it in good order.
 * @throws what these two throw, at once and at each restart.
 */
export async function startStoreProcess(
  begin: () => Child,
  untilReady: (child: Child) => Promise<void>,
  stopSignal: NodeJS.Signals = "SIGTERM",
): Promise<Pick<Store, "kill" | "restart" | "stop">> {
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
    await untilReady(mine);
  }
  async function end(signal: NodeJS.Signals): Promise<void> {
    child.kill(signal);
    await child.exited;
  }
  await start();
  return { kill: () => end("SIGKILL"), restart: start, stop: () => end(stopSignal) };
}
