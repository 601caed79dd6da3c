/**
 * The SDK's HTTP network, which also knows how many tasks this process holds, so that a worker can leave when it holds
 * none. `Resonate.stop()` alone neither drains nor releases (SDK 0.11.5): it would cut off what runs in the middle of a
 * step, to be repeated elsewhere once the lease has run out.
 */
import { HttpNetwork, type Logger, PollMessageSource } from "@resonatehq/sdk";
import type { StoreAddress } from "../../harness/contract.ts";

interface NetworkSettings {
  readonly store: StoreAddress;
  readonly group: string;
  readonly pid: string;
  readonly logger: Logger;
  /** How long a request may take, ms. One that takes longer than the lease speaks of a task that may be another's by now. */
  readonly timeout: number | undefined;
}

export class DrainingNetwork extends HttpNetwork {
  private tasksHeld = 0;
  private onNoneHeld: () => void = () => {};

  constructor({ store: { url, secret: token }, group, pid, logger, timeout }: NetworkSettings) {
    const place = `poll/${encodeURIComponent(group)}/${encodeURIComponent(pid)}`;
    super({
      url,
      token,
      logger,
      timeout,
      adapter: new PollMessageSource({ url: `${url}/${place}`, token, logger }),
    });
    const send = this.send;
    this.send = async (request) => {
      if (request.kind === "task.acquire") this.tasksHeld++;
      let ended = request.kind === "task.acquire" || request.kind === "task.release";
      try {
        const response = await send(request);
        // A suspension that is answered by a redirect goes on here; any other failure is followed by a release.
        if (response.kind === "task.acquire" || response.kind === "task.suspend")
          ended = (response.head.status === 200) === (response.kind === "task.suspend");
        if (response.kind === "task.fulfill") ended = true;
        return response;
      } finally {
        if (ended && --this.tasksHeld === 0) this.onNoneHeld();
      }
    };
  }

  /** Takes no more work, and resolves when all that was taken has come to its wait, its end or its release. */
  async drain(): Promise<void> {
    await this.stop(); // closes the stream of messages; requests and heartbeats go on
    if (this.tasksHeld > 0) await new Promise<void>((resolve) => (this.onNoneHeld = resolve));
  }
}
