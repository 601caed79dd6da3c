/** How large a run with one kind of fault in it is, as the settings of an experiment say it. */
import { z } from "zod";
import { count } from "../report/schema-parts.ts";

export const oneKindShape = {
  sessions: z.int().positive(),
  arrivalsMs: z.int().positive(),
  workers: z.int().positive(),
  clients: z.int().positive(),
  leaseMs: z.int().positive(),
  retryDelayMs: count,
} as const;
