/** The clocks that a plan's faults set wrong on one target: the store's, and one for each worker slot. All others are the machine's. */
import { needOf, setsWorkersClocks } from "../../faults/kinds/faults.ts";
import type { InjectTools } from "../../faults/kinds/kind.ts";
import type { Plan } from "../../plan/plan-schema.ts";
import { Clock } from "../../processes/clock/clock.ts";
import type { Target } from "../target.ts";

type Environment = Readonly<Record<string, string>>;

export class PlanClocks {
  private readonly ofSlots: readonly Clock[];
  private readonly store: Clock | null;
  private readonly goesBy: Target["goesBy"];

  /** Their files are `prefix` and a name. */
  constructor({ workers, faults }: Plan, { goesBy }: Pick<Target, "goesBy">, prefix: string) {
    const isPlanned = (of: (fault: Plan["faults"][number]) => boolean) => faults.some(of);
    const slots = isPlanned(({ kind }) => setsWorkersClocks(kind)) ? workers : 0;
    this.ofSlots = Array.from({ length: slots }, (_, slot) => new Clock(`${prefix}clock-w${slot}`));
    this.store = isPlanned(({ kind }) => needOf(kind) === "clock") ? new Clock(`${prefix}clock-store`) : null;
    this.goesBy = goesBy;
  }

  /** What a worker's process needs to go by the clock of its slot. */
  ofSlot(slot: number): Environment {
    return this.ofSlots[slot]?.ofNode ?? {};
  }

  /** What the store's processes need to go by theirs. */
  get ofStore(): Environment {
    return this.store === null ? {} : (this.goesBy?.(this.store) ?? {});
  }

  get tools(): InjectTools["clocks"] {
    return {
      moveWorkers: (slots, byMs) => {
        for (const slot of slots) this.ofSlots[slot]?.move(byMs);
      },
      moveStore: (byMs) => this.store?.move(byMs),
    };
  }
}
