/**
 * One direction of one connection through a proxy: takes bytes from a socket and hands them to the other one, at once,
 * late, or not until the network is whole again. Nothing is lost in the middle of the stream: TCP would not let it be.
 */
import type { Socket } from "node:net";

/** What may wait in a direction, bytes. A direction that is full stops reading, so that the sender's own buffers fill up. */
const windowBytes = 1 << 20;

/** What the network does to a direction. */
interface Conditions {
  readonly stopped: boolean;
  readonly latencyMs: number;
}

interface Waiting {
  /** Bytes, or how the sender ended: by FIN or by RST. */
  readonly what: Buffer | "end" | "reset";
  readonly dueMs: number;
}

interface DirectionSettings {
  readonly source: Socket;
  readonly sink: Socket;
  /** Told of bytes just before they are handed on; returns how many may be. The direction is held where that is not all. */
  readonly gate: (chunk: Buffer) => number;
  /** Called once all bytes that the gate let through before it held the direction were handed on. */
  readonly onHeld?: () => void;
}

/** Ends a socket by RST. One whose FIN waits behind other bytes cannot be reset, says libuv, and is closed instead. */
export function reset(socket: Socket): void {
  if (socket.writableEnded && !socket.writableFinished) socket.destroy();
  else socket.resetAndDestroy();
}

export class Direction {
  readonly #settings: DirectionSettings;
  #conditions: Conditions = { stopped: false, latencyMs: 0 };
  #held = false;
  /** What was read and not handed on, oldest first. */
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #sinkIsFull = false;
  #sourceEnded = false;

  constructor(settings: DirectionSettings) {
    this.#settings = settings;
    const { source, sink } = settings;
    source.on("data", (chunk: Buffer) => this.#take(chunk));
    source.on("end", () => {
      this.#sourceEnded = true;
      this.#take("end");
    });
    source.on("close", (hadError: boolean) => {
      if (hadError || !this.#sourceEnded) this.#take("reset");
    });
    sink.on("drain", () => {
      this.#sinkIsFull = false;
      this.#steer();
    });
    sink.on("close", () => this.#abandon());
  }

  /** From now on; what waits and may go now, goes. */
  set conditions(conditions: Conditions) {
    this.#conditions = conditions;
    this.#flush();
  }

  /** Hands on nothing, whatever the conditions are, until {@link letGo}. */
  hold(): void {
    this.#held = true;
  }

  letGo(): void {
    this.#held = false;
    this.#flush();
  }

  #take(what: Waiting["what"]): void {
    const { stopped, latencyMs } = this.#conditions;
    if (this.#waiting.length === 0 && !stopped && !this.#held && latencyMs === 0) {
      this.#handOn(what);
      return;
    }
    this.#waiting.push({ what, dueMs: performance.now() + latencyMs });
    this.#waitingBytes += what.length; // of an end it is a few bytes too many
    this.#flush();
  }

  /** Hands on what is due, in order: what is not due holds up what came after it. */
  #flush(): void {
    clearTimeout(this.#timer);
    for (;;) {
      const next = this.#waiting[0];
      if (next === undefined || this.#conditions.stopped || this.#held) break;
      const remainingMs = this.#conditions.latencyMs === 0 ? 0 : next.dueMs - performance.now();
      if (remainingMs > 0) {
        this.#timer = setTimeout(() => this.#flush(), Math.ceil(remainingMs));
        break;
      }
      this.#waiting.shift();
      this.#waitingBytes -= next.what.length;
      this.#handOn(next.what);
    }
    this.#steer();
  }

  #handOn(what: Waiting["what"]): void {
    const { sink, gate, onHeld } = this.#settings;
    if (sink.destroyed) return;
    if (what === "end") sink.end();
    else if (what === "reset") reset(sink);
    else {
      const passing = gate(what);
      if (passing === what.length) this.#write(what);
      else {
        this.#held = true;
        this.#waiting.unshift({ what: what.subarray(passing), dueMs: 0 });
        this.#waitingBytes += what.length - passing;
        this.#write(what.subarray(0, passing), onHeld);
      }
    }
  }

  #write(bytes: Buffer, done?: () => void): void {
    if (this.#settings.sink.write(bytes, done)) return;
    this.#sinkIsFull = true;
    this.#steer();
  }

  /** Reads on, or does not. */
  #steer(): void {
    const { source } = this.#settings;
    const isFull = this.#sinkIsFull || this.#waitingBytes >= windowBytes;
    if (isFull !== source.isPaused()) source[isFull ? "pause" : "resume"]();
  }

  /** Nobody is there any more to hand anything to. */
  #abandon(): void {
    clearTimeout(this.#timer);
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#sinkIsFull = false;
    this.#steer();
  }
}
