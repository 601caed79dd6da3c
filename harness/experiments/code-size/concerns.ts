/** What code can be about, by name, in the order of a table; the engines that are listed have no others. */

/** The concern of what an implementation needs for another store than the one that it is compared on by default. No sum has it in it. */
export const anotherStore = "another store";
/** What is there for a defect of one version: gone, once that is repaired. */
export const workArounds = "work-arounds";
/** What the ground floor has for some engines only. It counts for those. */
export const fromGroundFloor = "from the ground floor";
/** Of code that stands under no comment that names its concern. */
export const other = "other";

/** The concerns that a comment names in the folder of an engine. */
export const concernsOfEngines: readonly string[] = [
  "lifecycle",
  "idempotency",
  "timer",
  "state store",
  "retry and recovery",
  "result delivery",
  "shutdown",
  "wiring",
  workArounds,
];

const order: readonly string[] = [...concernsOfEngines, fromGroundFloor, other, anotherStore];

/** The concerns of some rows, each once, in the order of a table; those of older results that have no place in it come last. Pure. */
export function concernsIn(rows: readonly { readonly concern: string }[]): readonly string[] {
  const place = (concern: string) => (order.includes(concern) ? order.indexOf(concern) : order.length);
  return [...new Set(rows.map(({ concern }) => concern))].sort((a, b) => place(a) - place(b));
}
