/** A history and what was reckoned from it: made once for each judgement, and handed to whoever judges or draws. */
import { type Exposure, exposureOf } from "./exposure.ts";
import type { History } from "./history.ts";

/** What of a run decides whom its faults hit. */
export interface AnalysisSettings {
  /** How long a dead worker's work waited until another worker took it over, ms. */
  readonly leaseMs: number;
}

export interface Analysis {
  readonly history: History;
  readonly exposure: Exposure;
  readonly settings: AnalysisSettings;
}

/** Pure; linear in the history. */
export function analysisOf(history: History, settings: AnalysisSettings): Analysis {
  return { history, exposure: exposureOf(history, settings.leaseMs), settings };
}
