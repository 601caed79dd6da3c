/** Shows a comparison while it goes on: one line for each target, with live counts. */
import { Listr } from "listr2";
import type { Plan } from "../plan/plan-schema.ts";
import type { Entry } from "../world/entry.ts";
import { unlessInterrupted } from "./interruption.ts";
import type { Target } from "./target.ts";

/** Without a terminal each update is a line of its own, so they come seldom. */
const updateMs = process.stdout.isTTY ? 250 : 20_000;

/** Plays a plan on so many targets at once, until all have, and resolves with what each `play` returned, in order. */
export function withProgress<T>(
  plan: Plan,
  targets: readonly Target[],
  atOnce: number,
  play: (target: Target, index: number, watch: (entry: Entry) => void) => Promise<T>,
): Promise<T[]> {
  return onAll(targets, atOnce, (target, index, show) => {
    const tally = new Tally(plan);
    show(() => tally.line());
    return play(target, index, (entry) => tally.add(entry));
  });
}

/** A target, or whatever else is played beside others and has a name. */
type Named = Pick<Target, "name">;

/** Plays cases on all targets, or so many of them at once, counting them, and resolves with what each `play` returned, in order. */
export function withCaseCounts<On extends Named, T>(
  targets: readonly On[],
  totalOf: (target: On) => number,
  play: (target: On, onCase: () => void) => Promise<T>,
  atOnce = targets.length,
): Promise<T[]> {
  return onAll(targets, atOnce, (target, _index, show) => {
    let finished = 0;
    show(() => `${finished}/${totalOf(target)} cases finished`);
    return play(target, () => {
      finished++;
    });
  });
}

async function onAll<On extends Named, T>(
  targets: readonly On[],
  atOnce: number,
  play: (target: On, index: number, show: (line: () => string) => void) => Promise<T>,
): Promise<T[]> {
  const outcomes: T[] = [];
  const tasks = targets.map((target, index) => ({
    title: target.name,
    task: async (_: unknown, task: { output: string; title: string }) => {
      let line = () => "";
      const timer = setInterval(() => {
        task.output = line();
      }, updateMs);
      try {
        const show = (current: () => string) => {
          line = current;
        };
        outcomes[index] = await unlessInterrupted(play(target, index, show));
        task.title = `${target.name}: ${line()}`;
      } finally {
        clearInterval(timer);
      }
    },
  }));
  await new Listr(tasks, {
    concurrent: Math.max(1, atOnce),
    registerSignalListeners: false,
    rendererOptions: { collapseErrors: false },
  }).run();
  return outcomes;
}

export class Tally {
  private readonly planned: ReadonlySet<string>;
  private readonly finished = new Set<string>();
  private readonly faults = new Map<string, number>();
  /** Workers that are not ready yet: what is waited for where nothing else goes on. */
  private readonly starting = new Set<string>();
  private executions = 0;

  constructor(plan: Plan) {
    this.planned = new Set(plan.sessions.map(({ sessionId }) => sessionId));
  }

  add(entry: Entry): void {
    if ("session" in entry && !this.planned.has(entry.session)) return; // a probe
    if (entry.kind === "result") this.finished.add(entry.session);
    else if (entry.kind === "begin") this.executions++;
    else if (entry.kind === "spawned") this.starting.add(entry.worker);
    else if (entry.kind === "ready" || entry.kind === "exited") this.starting.delete(entry.worker);
    else if (entry.kind === "fault")
      this.faults.set(entry.faultKind, (this.faults.get(entry.faultKind) ?? 0) + 1);
  }

  line(): string {
    const faults = [...this.faults].map(([kind, count]) => `${count} ${kind}`).join(", ") || "no faults yet";
    const starting = this.starting.size === 0 ? "" : ` · not ready yet: ${[...this.starting].join(", ")}`;
    return `${this.finished.size}/${this.planned.size} sessions finished · ${this.executions} executions · ${faults}${starting}`;
  }
}
