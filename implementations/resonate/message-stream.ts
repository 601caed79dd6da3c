/**
 * The stream of events by which a Resonate server sends a process its messages, for the SDK's `HttpNetwork`. The SDK's own
 * one (`PollMessageSource`, 0.11.5) waits for 1, 2, 4 … 30 s until it opens a broken stream again, opens it even once it
 * was stopped, and tells nobody when it is open.
 */
// concern: retry and recovery
import type { HttpAdapter, Logger } from "@resonatehq/sdk";
import { EventSource } from "eventsource";

type Message = Parameters<Parameters<HttpAdapter["onReceive"]>[0]>[0];

interface StreamSettings {
  readonly url: string;
  /** Sent as a bearer token; empty where the server asks for none. */
  readonly secret: string;
  readonly group: string;
  readonly pid: string;
  readonly logger: Logger;
}

const reopenAfterMs = 200;
/**
 * A stream that has been silent for so long is replaced, ms: of one whose connection died without a word, nobody ever hears
 * again, and the server (0.9.8) sends nothing by which it could be told from one that has nothing to say.
 */
const silentMs = 10_000;

export class MessageStream implements HttpAdapter {
  readonly unicast: string;
  readonly anycast: string;
  private readonly settings: StreamSettings;
  private readonly opened = Promise.withResolvers<void>();
  private readonly onOpen: (() => void)[] = [];
  private readonly onMessage: ((message: Message) => void)[] = [];
  private stream: EventSource | null = null;
  private reopening: NodeJS.Timeout | undefined;
  private silence: NodeJS.Timeout | undefined;
  private isStopped = false;

  constructor(settings: StreamSettings) {
    this.settings = settings;
    this.unicast = `poll://uni@${settings.group}/${settings.pid}`;
    this.anycast = `poll://any@${settings.group}/${settings.pid}`;
    this.onOpen.push(this.opened.resolve);
  }

  match(target: string): string {
    return `poll://any@${target}`;
  }

  /** Resolves when messages can arrive. */
  async init(): Promise<void> {
    this.open();
    await this.opened.promise;
  }

  /** From now on no message arrives, also where the stream is just broken. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.reopening);
    clearTimeout(this.silence);
    this.stream?.close();
  }

  onReceive(callback: (message: Message) => void): void {
    this.onMessage.push(callback);
  }

  /** Calls back each time that the stream is open, at first and after each break. */
  onOpened(callback: () => void): void {
    this.onOpen.push(callback);
  }

  private open(): void {
    const { url, secret, group, pid, logger } = this.settings;
    const place = `${url}/poll/${encodeURIComponent(group)}/${encodeURIComponent(pid)}`;
    const authorization: Record<string, string> = secret === "" ? {} : { authorization: `Bearer ${secret}` };
    const stream = new EventSource(place, {
      fetch: (input, init) => fetch(input, { ...init, headers: { ...init.headers, ...authorization } }),
    });
    stream.addEventListener("open", () => {
      for (const callback of this.onOpen) callback();
    });
    stream.addEventListener("message", ({ data }) => {
      this.awaitWord();
      this.deliver(data);
    });
    stream.addEventListener("error", ({ message }) => {
      stream.close();
      clearTimeout(this.silence);
      if (this.isStopped) return;
      logger.warn({}, `message stream: ${message ?? "broken"}`);
      this.reopening = setTimeout(() => this.open(), reopenAfterMs);
    });
    this.stream = stream;
    this.awaitWord();
  }

  private awaitWord(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => {
      this.stream?.close();
      this.open();
    }, silentMs);
  }

  private deliver(text: string): void {
    if (this.isStopped) return;
    const message = messageIn(text);
    if (message === null)
      this.settings.logger.warn({}, `message stream: not understood: ${text.slice(0, 200)}`);
    else for (const callback of this.onMessage) callback(message);
  }
}

/** As the SDK's own stream checks: the SDK would end the process over a message that it does not know. */
function messageIn(text: string): Message | null {
  try {
    const message = JSON.parse(text);
    const isKnown =
      (message.kind === "execute" && typeof message.data.task.id === "string") ||
      (message.kind === "unblock" && typeof message.data.promise.id === "string");
    return isKnown ? message : null;
  } catch {
    return null;
  }
}
