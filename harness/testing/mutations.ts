/**
 * Test support: what can go wrong with one entry of a ledger. Each mutation takes a landing that it is told and returns
 * the ledger with that one thing wrong and everything else as it was.
 */

import type { EffectEntry } from "../history/history.ts";
import type { Entry } from "../world/entry.ts";

/** Returns null where it cannot be applied to this landing. */
export type Mutation = (
  entries: readonly Entry[],
  landing: EffectEntry,
  amount: number,
) => readonly Entry[] | null;

export const mutations = {
  /** It never landed. */
  drop: (entries, landing) => entries.filter((entry) => entry !== landing),

  /** It landed once more, at once, in an execution that nothing else is known of. */
  duplicate: (entries, landing) =>
    entries.flatMap((entry) => (entry === landing ? [entry, again(entry, entries)] : [entry])),

  /** It landed once more when all was over. */
  haunt: (entries, landing) => {
    const at = (entries.at(-1)?.at ?? 0) + 1;
    return [...entries, { ...again(landing, entries), at }];
  },

  /** It and the session's next landing came the other way round. */
  swap: (entries, landing) => {
    const next = entries
      .slice(entries.indexOf(landing) + 1)
      .find((entry) => isLandingOf(entry, landing.session));
    if (next === undefined || !isLandingOf(next, landing.session)) return null;
    const exchanged = (entry: Entry) => {
      if (entry === landing) return { ...next, at: entry.at, seq: entry.seq };
      if (entry === next) return { ...landing, at: entry.at, seq: entry.seq };
      if (entry.kind !== "begin") return entry;
      const { after } = entry; // a receipt stays with what it was given for
      return { ...entry, after: after === landing.seq ? next.seq : after === next.seq ? landing.seq : after };
    };
    return entries.map(exchanged);
  },

  /** It landed so many milliseconds earlier, as far as the clock tells; its place among the entries is kept. */
  shift: (entries, landing, amount) =>
    entries.map((entry) => (entry === landing ? { ...entry, at: entry.at - amount } : entry)),

  /** It landed in another session. */
  misplace: (entries, landing) => {
    const other = entries.find((entry) => entry.kind === "started" && entry.session !== landing.session);
    if (other?.kind !== "started") return null;
    return entries.map((entry) => (entry === landing ? { ...entry, session: other.session } : entry));
  },

  /** Whoever did it began none of the probes that it was offered. */
  deafen: (entries, { worker }) => {
    const offered = entries.find((entry) => entry.kind === "offered" && entry.worker === worker);
    if (offered?.kind !== "offered") return null;
    return entries.filter((entry) => entry.kind !== "begin" || !offered.sessions.includes(entry.session));
  },
} satisfies Record<string, Mutation>;

export type MutationName = keyof typeof mutations;

/** The same in an execution of its own: twice in one would be the witness's fault. */
function again(landing: EffectEntry, entries: readonly Entry[]): EffectEntry {
  const taken = new Set(entries.flatMap((entry) => ("execution" in entry ? [entry.execution] : [])));
  let execution = landing.execution;
  while (taken.has(execution)) execution += "'";
  return { ...landing, execution, seq: `${landing.seq}1` };
}

function isLandingOf(entry: Entry, session: string): entry is EffectEntry {
  return entry.kind === "landed" && entry.session === session;
}
