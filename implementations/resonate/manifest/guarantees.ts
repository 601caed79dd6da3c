/** What Resonate promises on its stores. */
import {
  allThatKeysAllow,
  failures,
  type Guarantee,
  harmless,
  kills,
  losses,
  outages,
  throughOutages,
  whatKeysProvide,
  whatKeysProvideAgainstLosses,
  whatKeysProvideAgainstZombies,
  zombieMakers,
} from "../../../harness/checks/guarantees.ts";
import type { InvariantId } from "../../../harness/checks/invariants/index.ts";

/** Workers hear of work over a stream of messages, which is opened again 200 ms after it broke (`message-stream.ts`). */
export const onStreams: readonly Guarantee[] = [...allThatKeysAllow, ...throughOutages];

/** What a session breaks that is never woken. */
const whatALostWakeBreaks: readonly InvariantId[] = [
  "timer-kept",
  "expired-once",
  "cleaned-once",
  "completed",
  "no-residue",
];

/**
 * The server v0.9.8 on PostgreSQL can lose a wake: a timer that fires while a task is being suspended on it waits for that
 * transaction, and then looks for whom to wake in a snapshot that is older than it (`process_timeouts`, `persistence_postgres.rs`).
 * That takes no fault, so none of this is promised under any.
 */
export const onServerInPostgres: readonly Guarantee[] = onStreams.map((guarantee) => ({
  ...guarantee,
  except: [...new Set([...guarantee.except, ...whatALostWakeBreaks])],
}));

/**
 * In PostgreSQL every process looks for leases that have run out, and resonate-pg 0.1.0 (`_on_task_lease_timeout`) does not
 * look again whether one still has when it comes to it: a lease that another worker was given a moment before is taken
 * away from it, and it becomes a zombie without any fault of its own.
 */
export const onPostgres: readonly Guarantee[] = [
  {
    faults: [...kills, ...zombieMakers, ...outages, ...losses],
    modes: ["idempotent"],
    except: ["repeats-explained"],
  },
  {
    faults: [...kills, ...zombieMakers, ...outages],
    modes: ["naive"],
    except: [...whatKeysProvideAgainstZombies, "repeats-explained"],
  },
  { faults: losses, modes: ["naive"], except: [...whatKeysProvideAgainstLosses, "repeats-explained"] },
  { faults: failures, modes: ["idempotent"], except: [] },
  { faults: failures, modes: ["naive"], except: whatKeysProvide },
  { faults: harmless, modes: ["idempotent", "naive"], except: [] },
];
