/** What the parts of the page share: what is shown, its colours, and the shape of a section. */
import type { PageContent } from "../page-content.ts";
import type { Phase } from "../phase.ts";
import { partsOfTargetName } from "../target-name.ts";
import type { Child } from "./element.ts";
import type { Key } from "./figure.ts";

/** A part of the page with a heading of its own; `lead` says what it answers. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly lead: string;
  readonly body: readonly Child[];
}

/** Draws a section, or nothing where its experiment did not run. */
export type SectionOf<Rows = unknown, Extras = unknown> = (
  content: PageContent<Rows, Extras>,
) => Section | null;

/** As many as the style sheet has. */
const seriesColours = 8;

/** The colour of a target, or of an implementation, the same in every chart; a pale one for what did not run. */
export function colourOf({ results }: PageContent, name: string): string {
  const names = results.targets.map((target) => target.name);
  const place = names.findIndex((each) => each === name || partsOfTargetName(each).engine === name);
  return place === -1 ? "var(--muted)" : `var(--series-${(place % seriesColours) + 1})`;
}

export function keysOf(content: PageContent, targets: readonly string[]): readonly Key[] {
  return targets.map((name) => ({ name, colour: colourOf(content, name) }));
}

export function phaseColour(phase: Phase): string {
  return `var(--${phase})`;
}

export const phaseNames: Readonly<Record<Phase, string>> = {
  login: "login",
  record: "activities",
  "mark-idle": "mark idle",
  wait: "idle",
  expire: "expire",
  cleanup: "cleanup",
};

/** The targets of some rows, in the order of the run. */
export function targetsIn(
  { results }: PageContent,
  rows: readonly { readonly target: string }[],
): readonly string[] {
  return results.targets.map(({ name }) => name).filter((name) => rows.some(({ target }) => target === name));
}
