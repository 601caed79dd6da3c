/** What a store process is told when it starts, in the one environment variable {@link configVariable}. */
import { z } from "zod";
import { durabilities } from "../store.ts";
import { ConfigInvalid } from "./failure.ts";

/** An environment variable and not an argument, since a process list shows arguments, and this holds a secret. */
export const configVariable = "KILLPROOF_STORE";

const schema = z.strictObject({
  /** Port on 127.0.0.1. */
  port: z.int().min(1).max(65_535),
  /** The bearer token that every request must carry. */
  secret: z.string().min(1),
  /** File of the journal; created where there is none. */
  journalPath: z.string().min(1),
  durability: z.enum(durabilities),
  /** After how long an execute message that no worker acquired is sent again, ms. */
  redeliverAfterMs: z.int().min(1).default(1_000),
});

/** The configuration of a store process, as its starter writes it. */
export type EmbeddedStoreConfig = z.input<typeof schema>;

/** Reads the configuration of this process. Throws {@link ConfigInvalid}, whose message shows no secret. */
export function readConfig(environment: NodeJS.ProcessEnv): z.output<typeof schema> {
  const text = environment[configVariable];
  if (text === undefined) throw new ConfigInvalid(configVariable, "it is not set");
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new ConfigInvalid(configVariable, "it is not JSON");
  }
  const result = schema.safeParse(parsed);
  if (!result.success) {
    const why = result.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
    throw new ConfigInvalid(configVariable, why);
  }
  return result.data;
}
