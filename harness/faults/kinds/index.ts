/** The kinds of fault, a line each, in the order in which they are listed. */
import { crashPoint } from "./crash-point.ts";
import { failover } from "./failover.ts";
import { kill } from "./kill.ts";
import { killAll } from "./kill-all.ts";
import { killStore } from "./kill-store.ts";
import { partition } from "./partition.ts";
import { pause } from "./pause.ts";
import { race } from "./race.ts";
import { refuse } from "./refuse.ts";
import { slow } from "./slow.ts";
import { terminate } from "./terminate.ts";
import { throwInStep } from "./throw.ts";
import { vanish } from "./vanish.ts";

export const kinds = [
  kill,
  killAll,
  crashPoint,
  terminate,
  pause,
  partition,
  vanish,
  killStore,
  failover,
  refuse,
  throwInStep,
  slow,
  race,
] as const;
