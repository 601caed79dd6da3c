/** The kinds of fault, a line each, in the order in which they are listed. */
import { clock } from "./clock.ts";
import { clockStore } from "./clock-store.ts";
import { crashPoint } from "./crash-point.ts";
import { cutOff } from "./cut-off.ts";
import { dayOutage } from "./day-outage.ts";
import { failover } from "./failover.ts";
import { kill } from "./kill.ts";
import { killAll } from "./kill-all.ts";
import { killStore } from "./kill-store.ts";
import { longOutage } from "./long-outage.ts";
import { partition } from "./partition.ts";
import { pause } from "./pause.ts";
import { power } from "./power.ts";
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
  cutOff,
  killStore,
  failover,
  power,
  refuse,
  clock,
  clockStore,
  longOutage,
  dayOutage,
  throwInStep,
  slow,
  race,
] as const;
