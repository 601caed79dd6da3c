/** What has another name now than in results that were published before. They are not edited: whoever reads them maps the names. */

const formerNames: readonly (readonly [then: RegExp, now: string])[] = [
  [/postgres-outbox/g, "postgres-queue"],
  [/^outbox-(?=[a-z])/, "queue-"], // its broken variants
];

/** The text with names as they are now. Pure. */
export function currentName(text: string): string {
  return formerNames.reduce((named, [then, now]) => named.replace(then, now), text);
}

/** The same of all texts in a JSON value, the keys of its objects included. Pure. */
export function withCurrentNames(value: unknown): unknown {
  if (typeof value === "string") return currentName(value);
  if (Array.isArray(value)) return value.map(withCurrentNames);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [currentName(key), withCurrentNames(each)]),
  );
}
