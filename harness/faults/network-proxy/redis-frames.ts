/**
 * Where the frames of a Redis connection begin and end (RESP2 and RESP3, both directions), found while the bytes
 * pass by. Enough to count requests and answers; what the frames say is nobody's business here.
 * https://redis.io/docs/latest/develop/reference/protocol-spec/
 */

const typeOf = (sign: string) => sign.charCodeAt(0);
const lineFeed = 0x0a;

/** A request is one of these. */
export const arrayType = typeOf("*");
/** What the store sends without having been asked. */
export const pushType = typeOf(">");

/** Reads one direction of one connection from its first byte on, one outermost frame after the other. */
export class FrameReader {
  /** Values that the frame under way still lacks; 0 between frames. */
  #lacking = 0;
  /** Type of the value whose header line is being read; 0 where none is. */
  #type = 0;
  /** The number in that header line, and whether it has a minus. */
  #number = 0;
  #negative = false;
  /** Bytes of a bulk, line end included, that are still to come. */
  #bulkBytes = 0;
  #understood = true;

  /** False once something came that is no frame. Where frames begin is not known from there on. */
  get understood(): boolean {
    return this.#understood;
  }

  /** Whether a frame has begun and not ended. */
  get inFrame(): boolean {
    return this.#lacking > 0;
  }

  /** Reads on from `start` to the end of a frame or of the chunk, whichever is first, and returns where that is. */
  read(chunk: Buffer, start: number): number {
    if (this.#lacking === 0) this.#lacking = 1;
    let at = start;
    while (at < chunk.length && this.#lacking > 0) {
      if (this.#bulkBytes > 0) {
        const present = Math.min(this.#bulkBytes, chunk.length - at);
        this.#bulkBytes -= present;
        at += present;
        if (this.#bulkBytes === 0) this.#lacking -= 1;
      } else {
        this.#readHeader(chunk[at] as number); // `at` is below the length
        at += 1;
      }
      if (!this.#understood) return chunk.length;
    }
    return at;
  }

  #readHeader(byte: number): void {
    if (this.#type === 0) {
      this.#type = byte;
      this.#number = 0;
      this.#negative = false;
    } else if (byte === lineFeed) {
      this.#endHeader();
      this.#type = 0;
    } else if (byte === 0x2d) {
      this.#negative = true;
    } else if (byte >= 0x30 && byte <= 0x39) {
      this.#number = this.#number * 10 + byte - 0x30;
    }
  }

  #endHeader(): void {
    const count = this.#negative ? 0 : this.#number; // a length of -1 is how RESP2 says null
    switch (String.fromCharCode(this.#type)) {
      case "$":
      case "!":
      case "=":
        if (this.#negative) this.#lacking -= 1;
        else this.#bulkBytes = count + 2;
        break;
      case "*":
      case "~":
      case ">":
        this.#lacking += count - 1;
        break;
      case "%":
        this.#lacking += 2 * count - 1;
        break;
      case "+":
      case "-":
      case ":":
      case "_":
      case "#":
      case ",":
      case "(":
        this.#lacking -= 1;
        break;
      default:
        this.#understood = false;
    }
  }
}
