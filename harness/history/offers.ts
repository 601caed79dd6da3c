/**
 * The probe sessions that were offered to one worker while all others were frozen, read apart from the sessions of the plan:
 * they are there for `nobody-deaf`, and nothing else judges or counts them.
 */
import type { Entry, EntryOf } from "../world/entry.ts";

/** Probe sessions offered to one worker, and what came of them until the others went on. */
export interface Offer {
  readonly offered: EntryOf<"offered">;
  /** Null where the run broke off. */
  readonly ended: EntryOf<"offer-ended"> | null;
  /** In ledger order, until the end of the offer. */
  readonly starts: readonly EntryOf<"started">[];
  readonly begins: readonly EntryOf<"begin">[];
}

type OfferDraft = {
  -readonly [K in keyof Offer]: Offer[K] extends readonly (infer Item)[] ? Item[] : Offer[K];
};

export class OfferReader {
  private readonly drafts: OfferDraft[] = [];
  private readonly bySession = new Map<string, OfferDraft>();

  get offers(): readonly Offer[] {
    return this.drafts;
  }

  /** Whether an entry is about a probe session that was offered before. */
  isOfProbe(entry: Entry): boolean {
    return "session" in entry && this.bySession.has(entry.session);
  }

  /** An entry of an offer or about a probe; in ledger order. */
  read(entry: Entry): void {
    if (entry.kind === "offered") {
      const draft: OfferDraft = { offered: entry, ended: null, starts: [], begins: [] };
      this.drafts.push(draft);
      for (const session of entry.sessions) this.bySession.set(session, draft);
    } else if (entry.kind === "offer-ended") {
      const draft = this.drafts.findLast(({ offered }) => offered.worker === entry.worker);
      if (draft !== undefined) draft.ended = entry;
    } else if (entry.kind === "started" || entry.kind === "begin") {
      const draft = this.bySession.get(entry.session);
      if (draft?.ended !== null) return;
      if (entry.kind === "started") draft.starts.push(entry);
      else draft.begins.push(entry);
    }
  }
}
