/** What DBOS promises, with a lease table beside it. */
import {
  allThatKeysAllow,
  type Guarantee,
  losses,
  outages,
  whatKeysProvideAgainstLosses,
  whatKeysProvideAgainstZombies,
} from "../../../harness/checks/guarantees.ts";

/**
 * A store that forgets a checkpoint which it had acknowledged leaves a hole in the session's history: the execution that has it in memory
 * goes on and records what follows. Whoever replays the session later finds the hole, and runs that step again after those that followed.
 */
const whatHolesBreak = ["repeats-explained"] as const;

export const guarantees: readonly Guarantee[] = [
  ...allThatKeysAllow,
  { faults: outages, modes: ["idempotent"], except: [] },
  { faults: outages, modes: ["naive"], except: whatKeysProvideAgainstZombies },
  { faults: losses, modes: ["idempotent"], except: whatHolesBreak },
  { faults: losses, modes: ["naive"], except: [...whatKeysProvideAgainstLosses, ...whatHolesBreak] },
];
