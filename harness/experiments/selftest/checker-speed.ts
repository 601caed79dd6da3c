/** How fast the checkers are, on a ledger as long as that of a week of runs: what `selftest --checkers` prints. */
import { generatedLedger } from "../../checks/generated.ts";
import { judge } from "../../checks/judge.ts";
import { mergeVerdicts } from "../../checks/verdict.ts";
import { analysisOf } from "../../history/analysis.ts";
import { indexHistory } from "../../history/history.ts";
import { gibibytes } from "../../report/numbers.ts";
import { timing } from "../../run/timing.ts";

const { leaseMs } = timing;

/** One sentence: how fast all invariants judge a long ledger. */
export function checkerSpeed(): string {
  const entries = generatedLedger({ seed: 1, mode: "idempotent", sessions: 46_000, faults: 230, leaseMs });
  const startedAt = performance.now();
  const peakBefore = peakBytes();
  const cpuBefore = process.threadCpuUsage();
  const history = indexHistory(entries);
  const sessions = [...history.sessions.keys()].map((sessionId) => ({ sessionId }));
  const verdicts = judge(analysisOf(history, { leaseMs }), sessions, { faultsInjected: true });
  const tookMs = performance.now() - startedAt;
  const { user, system } = process.threadCpuUsage(cpuBefore);
  const cpuMs = (user + system) / 1_000; // what it takes on a machine that has nothing else to do
  const verdict = mergeVerdicts(verdicts.map((each) => each.verdict));
  const perSecond = Math.round((1_000 * entries.length) / cpuMs);
  const times = `${(cpuMs / 1_000).toFixed(2)} s of CPU time (${(tookMs / 1_000).toFixed(2)} s by the clock)`;
  const memory = `${gibibytes(peakBefore)} of memory with the entries alone, ${gibibytes(peakBytes())} at the most`;
  return `${entries.length} ledger entries through ${verdicts.length} invariants in ${times}: ${perSecond} entries/s, ${memory}, verdict ${verdict}.`;
}

function peakBytes(): number {
  return 1024 * process.resourceUsage().maxRSS; // Node says it in KiB
}
