/**
 * The SDK's log, with one thing read out of it: that the message stream is open. The SDK connects in its
 * constructor and offers no promise for it; only its log says when work can arrive.
 */
import { ConsoleLogger, type Logger } from "@resonatehq/sdk";

/** What the networks say once messages can arrive: over a stream of events, and out of PostgreSQL. */
const listening = new Set(["adapter connected", "adapter reconnected", "postgres network initialized"]);

/**
 * A logger that prints warnings and errors, and a promise that resolves when the stream is open. `onOpen` is called then,
 * and each time that the stream is open again after it broke.
 */
export function connectionLog(onOpen = () => {}): { logger: Logger; connected: Promise<void> } {
  const { promise: connected, resolve } = Promise.withResolvers<void>();
  const log = new ConsoleLogger("warn");
  const logger: Logger = {
    debug: () => {},
    info: (_fields, message) => {
      if (!listening.has(message)) return;
      resolve();
      onOpen();
    },
    warn: (fields, message) => log.warn(fields, message),
    error: (fields, message) => log.error(fields, message),
  };
  return { logger, connected };
}
