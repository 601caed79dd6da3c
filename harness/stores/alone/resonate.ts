/** How fast a store that speaks Resonate's protocol answers by itself: a process of its own creates promises and settles them. */
import { fileURLToPath } from "node:url";
import type { StoreAddress } from "../../../implementations/session/contract.ts";
import type { RateAlone } from "../store.ts";
import { connections, measuredMs, runBenchmark } from "./benchmark.ts";

/** What the process is told: JSON in the environment variable {@link loopVariable}. */
export interface LoopOrder extends Pick<StoreAddress, "url" | "secret"> {
  readonly connections: number;
  readonly measuredMs: number;
}

export const loopVariable = "KILLPROOF_LOOP";

/** What the process says, as JSON. */
export interface LoopResult {
  readonly requests: number;
  readonly tookMs: number;
}

export async function resonateAlone({ url, secret }: StoreAddress): Promise<RateAlone> {
  const order: LoopOrder = { url, secret, connections, measuredMs };
  const said = await runBenchmark({
    file: process.execPath,
    args: [fileURLToPath(new URL("resonate-main.ts", import.meta.url))],
    env: { [loopVariable]: JSON.stringify(order) },
  });
  if (said.kind === "unknown") return said;
  const { requests, tookMs }: LoopResult = JSON.parse(said.output);
  const request = "promise.create and promise.settle in turn, over connections that are kept";
  return { kind: "measured", request, requests, perSecond: (1_000 * requests) / tookMs };
}
