/** Hands out the ports of a run: free ones that the system chooses, or consecutive ones from a number that the user chose. */
import { createServer } from "node:net";
import getPort from "get-port";
import { MachineError } from "../errors.ts";

export interface Ports {
  /** A port on loopback on which nothing listens. @throws MachineError when the chosen one is taken. */
  next(): Promise<number>;
}

/** None twice in a run: the port of a store that was killed looks free until it is restarted. */
export const anyFreePorts: Ports = { next: () => getPort({ host: "127.0.0.1", reserve: true }) };

/** Ports `first`, `first + 1`, and so on. */
export function portsFrom(first: number): Ports {
  let port = first;
  return {
    async next() {
      const wanted = port++;
      await assertFree(wanted);
      return wanted;
    },
  };
}

function assertFree(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", () => {
      const what = `Port ${port} on 127.0.0.1 cannot be listened on: it is in use, or reserved.`;
      reject(
        new MachineError(
          what,
          "Stop what listens there, give another --port, or leave --port out to use any free one.",
        ),
      );
    });
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve()));
  });
}
