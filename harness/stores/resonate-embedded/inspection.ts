/** What a store process tells the harness about itself at `GET /inspect`. */
import { z } from "zod";

export const inspectionSchema = z.object({
  /** Ids of the promises that are not settled. */
  pendingPromises: z.array(z.string()),
  /** The tasks that are not fulfilled. */
  openTasks: z.array(z.object({ id: z.string(), state: z.string() })),
  /** Promises ever created: the state machine deletes none. */
  promises: z.int(),
  journalBytes: z.int(),
  /** Requests since the process started, by kind. */
  requests: z.record(z.string(), z.int()),
  /** Bytes over the connections of clients since the process started; those of whoever inspects do not count. */
  bytesReceived: z.int(),
  bytesSent: z.int(),
  /** Calls of `fsync` and `fdatasync` since the process started. */
  syncs: z.int(),
});

export type EmbeddedStoreInspection = z.infer<typeof inspectionSchema>;
