/** The ids of Resonate's promises: those of a lifecycle are `session/ID` and, for its steps, `session/ID:…`. */

/** The session that a promise belongs to; null where that is none of these. `prefix` stands before the session's own id. Pure. */
export function sessionOf(promiseId: string, sessions: ReadonlySet<string>, prefix = ""): string | null {
  const id = /^session\/([^:]+)/.exec(promiseId)?.[1];
  if (id === undefined || !id.startsWith(prefix)) return null;
  const session = id.slice(prefix.length);
  return sessions.has(session) ? session : null;
}
