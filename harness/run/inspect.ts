/** Looks at what is left in world and store of sessions that have ended. */
import { setTimeout as delay } from "node:timers/promises";
import type { Residue } from "../world/entry.ts";
import type { TargetEnvironment } from "./environment.ts";

const maxLooks = 10;
const lookAgainMs = 500;

/** Looks at each until two looks in a row see the same, and writes down what should be gone. */
export async function inspect(
  { store, target, witness }: Pick<TargetEnvironment, "store" | "target" | "witness">,
  sessions: readonly string[],
): Promise<void> {
  const started = new Set(sessions);
  const places = [
    { place: "world", look: () => witness.inspect() },
    { place: "store", look: () => target.residueIn?.(store.address, started) ?? store.inspect(started) },
  ] as const;
  for (const { place, look } of places) {
    const residue = await untilStable(look);
    if (residue !== null) await witness.note({ kind: "inspected", place, residue }); // else nobody knows how to look
  }
}

/** Resolves with what two looks in a row saw, or with nothing as soon as one saw that; with null where nobody knows how to look. */
async function untilStable(
  look: () => Promise<readonly Residue[] | null>,
): Promise<readonly Residue[] | null> {
  let residue = await look();
  if (residue === null) return null;
  for (let looks = 0; looks < maxLooks && residue.length > 0; looks++) {
    await delay(lookAgainMs);
    const again = (await look()) ?? [];
    const stable = JSON.stringify(again) === JSON.stringify(residue);
    residue = again;
    if (stable) break;
  }
  return residue;
}
