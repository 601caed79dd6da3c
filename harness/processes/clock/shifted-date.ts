/**
 * Loaded before everything else into a process whose clock is set wrong (`--import`): shifts `Date` by what the file of its
 * clock says, which is read at each look, in about a microsecond. See `clock.ts`.
 */
import { openSync, readSync } from "node:fs";
import { dateVariable } from "./clock.ts";

const RealDate = Date;
const realNow = Date.now;
const file = openSync(process.env[dateVariable] ?? "", "r");
const offsetMs = new BigInt64Array(1);

function now(): number {
  readSync(file, offsetMs, 0, 8, 0);
  return realNow() + Number(offsetMs[0]);
}

RealDate.now = now;
// A proxy and no subclass: dates that others make, such as those of a file, stay instances of it.
globalThis.Date = new Proxy(RealDate, {
  construct: (target, given, newTarget) =>
    Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget),
  apply: () => new RealDate(now()).toString(),
});
