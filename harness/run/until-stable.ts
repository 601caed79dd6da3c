/** Looks at what is left until that changes no more. */
import { setTimeout as delay } from "node:timers/promises";
import type { Residue } from "../world/entry.ts";

const maxLooks = 10;
const lookAgainMs = 500;

/** Resolves with what two looks in a row saw, or with nothing as soon as one saw that; with null where nobody knows how to look. */
export async function untilStable(
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
