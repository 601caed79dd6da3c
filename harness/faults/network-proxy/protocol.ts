/**
 * Follows the requests and answers of one connection, so that the answer to one request can be told from all other
 * bytes that the store sends. Knows no sockets: a chunk goes in, and how many of its bytes may pass comes out.
 */
import { arrayType, FrameReader, pushType } from "./redis-frames.ts";

/** Accepts or refuses a request by its bytes. */
export type Wanted = (requestBytes: Buffer) => boolean;

export interface Protocol {
  /** Whether a request was chosen, and its answer has not begun. */
  readonly hasChosen: boolean;
  /**
   * Takes a chunk on its way to the store and returns how many of its bytes may pass: all, or those up to the end of
   * the first request that `wanted` accepts, which is the chosen one from there on. The rest is to be given again.
   */
  ask(chunk: Buffer, wanted: Wanted | null): number;
  /** Takes a chunk on its way from the store and returns how many of its bytes come before the chosen one's answer. */
  answer(chunk: Buffer): number;
  /** Forgets the choice. */
  release(): void;
}

/** The protocol that the first byte betrays: a Redis client sends arrays. */
export function protocolOf(firstChunk: Buffer): Protocol {
  return firstChunk[0] === arrayType ? new RedisProtocol() : new TurnTaking();
}

/**
 * Any protocol in which a client awaits the end of an answer before it asks again, as clients of HTTP/1.1 do unless
 * they pipeline. A request is what was asked since the store last spoke; its answer begins when the store speaks again.
 */
class TurnTaking implements Protocol {
  hasChosen = false;
  #request: Buffer[] = [];

  ask(chunk: Buffer, wanted: Wanted | null): number {
    if (wanted !== null && !this.hasChosen) {
      this.#request.push(chunk);
      this.hasChosen = wanted(Buffer.concat(this.#request));
    }
    return chunk.length; // what else comes in this turn belongs to the same request
  }

  answer(chunk: Buffer): number {
    this.#request = [];
    return this.hasChosen ? 0 : chunk.length;
  }

  release(): void {
    this.hasChosen = false;
  }
}

/**
 * Redis answers pipelined requests in their order, so the n-th answer belongs to the n-th request. On a subscriber's
 * connection that does not hold, since its answers are pushes: there, no request is ever chosen.
 */
class RedisProtocol implements Protocol {
  readonly #requests = new FrameReader();
  readonly #answers = new FrameReader();
  /** Requests that have ended, and answers that have begun. */
  #asked = 0;
  #answered = 0;
  /** The number of the chosen request; 0 where there is none. */
  #chosen = 0;
  /** Whether the n-th answer is that of the n-th request. */
  #countable = true;
  /** What came so far of the request under way; null where nobody looked for one when it began. */
  #request: Buffer[] | null = null;

  get hasChosen(): boolean {
    return this.#chosen > 0;
  }

  ask(chunk: Buffer, wanted: Wanted | null): number {
    if (this.#chosen > 0) return 0; // pipelined behind it: it would be applied, and its answer be lost as well
    for (let at = 0; at < chunk.length && this.#countable; ) {
      if (!this.#requests.inFrame) this.#request = wanted === null ? null : [];
      const end = this.#requests.read(chunk, at);
      this.#request?.push(chunk.subarray(at, end));
      at = end;
      if (!this.#requests.understood) this.#giveUp();
      else if (!this.#requests.inFrame) {
        this.#asked += 1;
        if (this.#request === null || wanted?.(Buffer.concat(this.#request)) !== true) continue;
        this.#chosen = this.#asked;
        return end;
      }
    }
    return chunk.length;
  }

  answer(chunk: Buffer): number {
    for (let at = 0; at < chunk.length && this.#countable; ) {
      if (!this.#answers.inFrame) {
        if (chunk[at] === pushType || this.#answered === this.#asked) {
          this.#giveUp();
          break;
        }
        this.#answered += 1;
        if (this.#answered === this.#chosen) return at;
      }
      at = this.#answers.read(chunk, at);
      if (!this.#answers.understood) this.#giveUp();
    }
    return chunk.length;
  }

  release(): void {
    this.#chosen = 0;
  }

  #giveUp(): void {
    this.#countable = false;
    this.#chosen = 0;
    this.#request = null;
  }
}
