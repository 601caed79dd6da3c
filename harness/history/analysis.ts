/** A history and what was reckoned from it: made once for each judgement, and handed to whoever judges or draws. */
import { anyClocks, type EngineClocks } from "./clocks.ts";
import { type Exposure, exposureOf } from "./exposure.ts";
import type { History } from "./history.ts";

/** What of a run decides whom its faults hit. */
export interface AnalysisSettings {
  /** How long a dead worker's work waited until another worker took it over, ms. */
  readonly leaseMs: number;
  /** By whose clocks the engine tells what; by any, where it is left out. */
  readonly clocks?: EngineClocks;
  /** How long a step that failed was let rest before it was tried again, ms; no time, where it is left out. */
  readonly retryDelayMs?: number;
}

export interface Analysis {
  readonly history: History;
  readonly exposure: Exposure;
  readonly settings: Required<AnalysisSettings>;
}

/** Pure; linear in the history. */
export function analysisOf(
  history: History,
  { leaseMs, clocks = anyClocks, retryDelayMs = 0 }: AnalysisSettings,
): Analysis {
  return { history, exposure: exposureOf(history, leaseMs), settings: { leaseMs, clocks, retryDelayMs } };
}
