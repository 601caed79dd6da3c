/** Where a worker dies at its last request: the message that a call of the handler has come to its end, with what it returned before it. */
import { Http2ServerResponse } from "node:http2";

/** `EndMessage` of Restate's service protocol. Each message begins with its type, 16 bits, 16 of flags and its length, 32 bits. */
const endMessage = 0x0003;
const headerBytes = 8;

export async function hookCompletion(die: () => Promise<never>): Promise<void> {
  const write: (this: Http2ServerResponse, chunk: Uint8Array, ...rest: never[]) => boolean =
    Http2ServerResponse.prototype.write;
  Http2ServerResponse.prototype.write = function (
    this: Http2ServerResponse,
    chunk: Uint8Array,
    ...rest: never[]
  ) {
    if (!saysEnd(Buffer.from(chunk))) return write.call(this, chunk, ...rest);
    void die();
    return false;
  } as typeof Http2ServerResponse.prototype.write;
}

function saysEnd(messages: Buffer): boolean {
  for (let at = 0; at + headerBytes <= messages.length; at += headerBytes + messages.readUInt32BE(at + 4))
    if (messages.readUInt16BE(at) === endMessage) return true;
  return false;
}
