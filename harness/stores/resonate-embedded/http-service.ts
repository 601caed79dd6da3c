/**
 * The store's routes: `POST /` applies a request, `GET /poll/GROUP/PID` streams messages to a process; for the harness
 * `GET /inspect` tells what is in the store, and `PUT` and `DELETE /refusal` let it refuse all requests, or none. Every answer passes the journal's barrier first.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Message } from "@resonatehq/sdk";
import type { Dispatcher } from "./dispatcher.ts";
import type { Applied, StoreEngine } from "./engine.ts";
import type { EmbeddedStoreInspection } from "./inspection.ts";
import type { Journal } from "./journal/journal.ts";
import { type Reply, readRequest, refusal, replyTo } from "./protocol.ts";
import { SocketBytes } from "./socket-bytes.ts";

const maxBodyBytes = 16 << 20;

/** A reader that lags behind by more than this does not read any more; it can connect again. */
const maxBacklogBytes = 4 << 20;

/** The SDK's `fetch` gives up on a stream that is silent for five minutes. */
const streamHeartbeatMs = 15_000;

export interface StoreParts {
  readonly engine: StoreEngine;
  readonly journal: Journal;
  readonly dispatcher: Dispatcher;
  readonly secret: string;
}

export class HttpService {
  readonly #engine: StoreEngine;
  readonly #journal: Journal;
  readonly #dispatcher: Dispatcher;
  readonly #secretDigest: Buffer;
  readonly #requests: Record<string, number> = {};
  readonly #bytes = new SocketBytes();
  /** Whether it is up and refuses every request, as the harness may want it to. */
  #refuses = false;

  constructor({ engine, journal, dispatcher, secret }: StoreParts) {
    this.#engine = engine;
    this.#journal = journal;
    this.#dispatcher = dispatcher;
    this.#secretDigest = digest(`Bearer ${secret}`);
  }

  /** Counts the bytes of a new connection. */
  readonly watch = (socket: Socket): void => this.#bytes.watch(socket);

  /** Answers one HTTP request. */
  readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    const route = `${request.method} ${request.url}`;
    const poller = /^GET \/poll\/([^/?]+)\/([^/?]+)$/.exec(route);
    if (!this.#isAuthorized(request)) {
      send(response, refusal(401, null, "The bearer token is missing or not the one of this store"));
    } else if (/^(PUT|DELETE) \/refusal$/.test(route)) {
      this.#refuses = request.method === "PUT";
      send(response, { status: 200, body: "{}" });
    } else if (route === "POST /" && this.#refuses) {
      send(response, refusal(503, null, "The store takes no requests for now"));
    } else if (route === "POST /") {
      receive(request, response, (body) => this.#apply(body, response));
    } else if (route === "GET /inspect") {
      this.#inspect(request, response);
    } else if (poller !== null) {
      this.#poll(poller[1] ?? "", poller[2] ?? "", response);
    } else {
      send(response, refusal(404, null, `There is nothing at ${route}`));
    }
  };

  /** Fires the timers that are due and sends again what got lost. To be called every few milliseconds. */
  tick(): void {
    const applied = this.#engine.tick();
    if (applied.journalLine !== null) this.#commit(applied, () => {});
    this.#dispatcher.redeliver();
  }

  #apply(body: string, response: ServerResponse): void {
    const read = readRequest(body);
    if (read.kind === "refused") {
      send(response, read.reply);
      return;
    }
    const { request } = read;
    this.#requests[request.kind] = (this.#requests[request.kind] ?? 0) + 1;
    const applied = this.#engine.apply(request);
    const reply = replyTo(request, applied.response);
    this.#commit(applied, () => send(response, reply));
  }

  #commit({ journalLine, changes }: Applied, release: () => void): void {
    this.#journal.commit(journalLine, () => {
      release();
      this.#dispatcher.observe(changes);
    });
  }

  #inspect({ socket }: IncomingMessage, response: ServerResponse): void {
    this.#bytes.ignore(socket);
    const inventory = this.#engine.inventory();
    this.#journal.commit(null, () => {
      const { bytes: journalBytes, syncs } = this.#journal;
      const inspection: EmbeddedStoreInspection = {
        ...inventory,
        journalBytes,
        requests: this.#requests,
        bytesReceived: this.#bytes.received,
        bytesSent: this.#bytes.sent,
        syncs,
      };
      send(response, { status: 200, body: JSON.stringify(inspection) });
    });
  }

  #poll(encodedGroup: string, encodedPid: string, response: ServerResponse): void {
    const group = decoded(encodedGroup);
    const pid = decoded(encodedPid);
    if (group === null || pid === null || group.includes("/")) {
      const reason = "A group and a process id are URI-encoded, and a group has no '/'";
      send(response, refusal(400, null, reason));
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
    response.write(":\n\n");
    const connection = this.#dispatcher.connect(group, pid, {
      write: (message) => writeMessage(response, message),
      close: () => response.end(),
    });
    const heartbeat = setInterval(() => response.write(":\n\n"), streamHeartbeatMs);
    response.on("close", () => {
      clearInterval(heartbeat);
      this.#dispatcher.disconnect(connection);
    });
  }

  #isAuthorized({ headers }: IncomingMessage): boolean {
    // Digests have one length, whatever was sent: the comparison tells nothing about the secret's.
    return timingSafeEqual(digest(headers.authorization ?? ""), this.#secretDigest);
  }
}

function writeMessage(response: ServerResponse, message: Message): void {
  if (response.writableLength > maxBacklogBytes) response.destroy();
  else response.write(`data: ${JSON.stringify(message)}\n\n`);
}

function receive(request: IncomingMessage, response: ServerResponse, onBody: (body: string) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= maxBodyBytes) chunks.push(chunk);
    else if (!response.headersSent) {
      response.setHeader("connection", "close");
      send(response, refusal(413, null, `The body is larger than ${maxBodyBytes} bytes`));
    }
  });
  request.on("end", () => {
    if (bytes <= maxBodyBytes) onBody(Buffer.concat(chunks, bytes).toString("utf8"));
  });
}

function send(response: ServerResponse, { status, body }: Reply): void {
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
