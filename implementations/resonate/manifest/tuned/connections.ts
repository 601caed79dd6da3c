/** So many connections under `fetch`, which stay: by itself it opens one more for each request that finds the others taken. */
import { Agent, setGlobalDispatcher } from "undici";

/** Of a process; the stream of messages has one of them for itself, a worker's two. */
const connections = 16;
const keepAliveTimeoutMs = 60_000;
/** An answer that stops half-way lets go of its connection then. A stream of messages that is silent for 10 s has been replaced. */
const bodyTimeoutMs = 20_000;

/** For all that this process asks for by `fetch` from now on, Node's own: it looks for its dispatcher where undici puts this one. */
export function keepConnections(): void {
  setGlobalDispatcher(
    new Agent({ connections, keepAliveTimeout: keepAliveTimeoutMs, bodyTimeout: bodyTimeoutMs }),
  );
}
