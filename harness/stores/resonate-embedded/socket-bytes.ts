/** Counts the bytes that clients sent and got over their connections, those that are closed included. */
import type { Socket } from "node:net";

export class SocketBytes {
  readonly #open = new Set<Socket>();
  #received = 0;
  #sent = 0;

  /** To be called for each new connection. */
  watch(socket: Socket): void {
    this.#open.add(socket);
    socket.once("close", () => {
      if (!this.#open.delete(socket)) return;
      this.#received += socket.bytesRead;
      this.#sent += socket.bytesWritten;
    });
  }

  /** Counts nothing of this connection, neither what came nor what comes: it is the harness's own. */
  ignore(socket: Socket): void {
    this.#open.delete(socket);
  }

  get received(): number {
    return [...this.#open].reduce((sum, { bytesRead }) => sum + bytesRead, this.#received);
  }

  get sent(): number {
    return [...this.#open].reduce((sum, { bytesWritten }) => sum + bytesWritten, this.#sent);
  }
}
