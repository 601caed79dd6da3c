/** What DBOS promises, with a lease table beside it. */
import {
  failures,
  type Guarantee,
  harmless,
  kills,
  losses,
  outages,
  whatKeysProvide,
  whatKeysProvideAgainstLosses,
  whatKeysProvideAgainstZombies,
  zombieMakers,
} from "../../../harness/checks/guarantees.ts";

/**
 * With `DBOS.sleep` a session that waits is in the hands of the worker that sleeps for it, and not of nobody: each that takes it over and
 * dies costs it a lease and a look. Three of them in a row are later than `timer-kept` grants.
 */
const whatDeathsInARowBreak = ["timer-kept"] as const;

/**
 * A store that forgets a checkpoint which it had acknowledged leaves a hole in the session's history: the execution that has it in memory
 * goes on and records what follows. Whoever replays the session later finds the hole, and runs that step again after those that followed.
 */
const whatHolesBreak = ["repeats-explained"] as const;

export const guarantees: readonly Guarantee[] = [
  { faults: kills, modes: ["idempotent"], except: whatDeathsInARowBreak },
  { faults: kills, modes: ["naive"], except: [...whatKeysProvide, ...whatDeathsInARowBreak] },
  { faults: failures, modes: ["idempotent"], except: [] },
  { faults: failures, modes: ["naive"], except: whatKeysProvide },
  { faults: zombieMakers, modes: ["idempotent"], except: [] },
  { faults: zombieMakers, modes: ["naive"], except: whatKeysProvideAgainstZombies },
  { faults: harmless, modes: ["idempotent", "naive"], except: [] },
  { faults: outages, modes: ["idempotent"], except: [] },
  { faults: outages, modes: ["naive"], except: whatKeysProvideAgainstZombies },
  { faults: losses, modes: ["idempotent"], except: whatHolesBreak },
  { faults: losses, modes: ["naive"], except: [...whatKeysProvideAgainstLosses, ...whatHolesBreak] },
];
