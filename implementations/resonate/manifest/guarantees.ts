/** What Resonate promises on its stores. */
import {
  allThatKeysAllow,
  failures,
  type Guarantee,
  harmless,
  kills,
  outages,
  whatKeysProvide,
  whatKeysProvideAgainstZombies,
  zombieMakers,
} from "../../../harness/checks/guarantees.ts";

/**
 * Workers hear of work over a stream that the SDK opens. After its store was away, the SDK opens it again 1, 3, 7 … s after
 * it broke (hard-coded in SDK 0.11.5, network/http.js), so the store may be back for longer than any slack before a worker
 * hears that a timer has fired.
 */
export const onStreams: readonly Guarantee[] = [
  ...allThatKeysAllow,
  { faults: outages, modes: ["idempotent"], except: ["timer-kept"] },
  { faults: outages, modes: ["naive"], except: [...whatKeysProvideAgainstZombies, "timer-kept"] },
];

/**
 * In PostgreSQL every process looks for leases that have run out, and resonate-pg 0.1.0 (`_on_task_lease_timeout`) does not
 * look again whether one still has when it comes to it: a lease that another worker was given a moment before is taken
 * away from it, and it becomes a zombie without any fault of its own.
 */
export const onPostgres: readonly Guarantee[] = [
  {
    faults: [...kills, ...zombieMakers, ...outages],
    modes: ["idempotent"],
    except: ["repeats-explained"],
  },
  {
    faults: [...kills, ...zombieMakers, ...outages],
    modes: ["naive"],
    except: [...whatKeysProvideAgainstZombies, "repeats-explained"],
  },
  { faults: failures, modes: ["idempotent"], except: [] },
  { faults: failures, modes: ["naive"], except: whatKeysProvide },
  { faults: harmless, modes: ["idempotent", "naive"], except: [] },
];
