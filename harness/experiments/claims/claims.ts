/** The experiment `claims`: the failure modes that durable execution says it covers, each provoked, each with evidence. */
import { UsageError } from "../../errors.ts";
import type { Decision } from "../../report/decision.ts";
import { type FigureRow, plain } from "../../report/figure-row.ts";
import { counted, notMeasured, playedAgainIn } from "../../report/numbers.ts";
import type { Target } from "../../run/target.ts";
import { timing } from "../../run/timing.ts";
import { type Experiment, profileNames } from "../experiment.ts";
import { declaredOn } from "./declared.ts";
import { claimsNamed } from "./list.ts";
import { playClaims, playClaimsAgain } from "./play.ts";
import { type ClaimRow, type ClaimRows, claimRowSchemas } from "./rows.ts";
import { type ClaimSettings, claimSettingsSchema } from "./settings.ts";
import { claimTable, evidenceTables } from "./tables.ts";

interface ClaimFlags {
  readonly claim: readonly string[];
}

export const claims: Experiment<ClaimRows, ClaimSettings, ClaimFlags> = {
  name: "claims",
  summary: "the failure modes that durable execution says it covers, each provoked, each with evidence",
  flags: [{ flag: "--claim <ids...>", says: "only these claims, such as crash-in-idle" }],
  shared: { lease: true, targets: true, durability: true, atOnce: true, profile: "standard" },
  inCompare: profileNames,
  injectsFaults: true,
  rows: claimRowSchemas,
  settings: claimSettingsSchema,
  settingsFrom: ({ claim }, profile, leaseMs) => ({
    claims: claimsNamed(claim)
      .filter(({ isLong }) => claim !== undefined || profile !== "quick" || !isLong)
      .map(({ id }) => id),
    ...timing,
    leaseMs,
  }),
  refuse(targets, settings) {
    const unconcerned = targets.find((target) => countOf(target, settings) === 0);
    if (unconcerned === undefined) return;
    throw new UsageError(
      `${unconcerned.name} is not concerned by ${settings.claims.join(", ")}.`,
      "Leave that target out with --targets.",
    );
  },
  play: {
    kind: "side by side",
    comesFirst: true,
    countOf,
    play: async (run, target, settings, whenFree, onCase) => ({
      claims: await playClaims(run, target, settings, whenFree, onCase),
    }),
    async playAgain(run, target, settings, rows, attempt) {
      const found = rows.claims as readonly ClaimRow[]; // what `play` found
      const claims = await playClaimsAgain(run, target, settings, found, attempt);
      return claims === null ? null : { claims };
    },
  },
  overviews: (rows) => [claimTable(rows)],
  details: (rows) => evidenceTables(rows),
  figures: ({ claims: rows }) => rows.flatMap(figuresOf),
  decisions: ({ claims: rows }) => rows.map(decisionOf),
  headline: [
    {
      what: () => "claims that turned out as declared",
      of: ({ claims: rows }, target) => {
        const own = rows.filter((row) => row.target === target);
        const passed = own.filter(({ verdict }) => verdict === "pass").length;
        return own.length === 0 ? null : `${passed} of ${own.length}`;
      },
    },
  ],
  clause: clauseOf,
};

function countOf(target: Target, settings: ClaimSettings): number {
  return claimsNamed(settings.claims).filter((claim) => declaredOn(claim, target) !== undefined).length;
}

function figuresOf({ id, target, verdict, observed, evidence, playedAgain }: ClaimRow): readonly FigureRow[] {
  const place = { experiment: "claims", target, mode: null, subject: id };
  return [
    plain(place, "verdict", "verdict", verdict),
    plain(place, "text", "observed", observed),
    ...(playedAgain > 0 ? [plain(place, "case", "played again", playedAgain)] : []),
    ...evidence.flatMap((each): readonly FigureRow[] =>
      each.kind === "quote"
        ? []
        : [
            {
              ...plain(place, "case", each.what, each.value),
              unit: each.unit === "count" ? "" : each.unit,
            },
          ],
    ),
  ];
}

function decisionOf(row: ClaimRow): Decision {
  return {
    suite: `claims on ${row.target}`,
    name: row.id,
    target: row.target,
    verdict: row.verdict,
    unknownDecides: true,
    found: `declared: ${row.declared}; observed: ${row.observed ?? "it was not put to the test"}`,
    evidence: [
      `Claimed: ${row.sentence}`,
      `Provoked: ${row.provocation}`,
      ...row.evidence.map(evidenceLine),
      `Meaning: ${row.meaning}`,
      `This claim alone: npm run claims -- --claim ${row.id} --targets ${row.target}`,
    ],
    anchor: "claims",
  };
}

function evidenceLine(each: ClaimRow["evidence"][number]): string {
  if (each.kind === "quote") return `${each.source}: "${each.text}"`;
  const { what, value, unit, expected } = each;
  const bounds = expected === null ? "" : `, to hold: ${expected[0]} to ${expected[1] ?? "any"}`;
  return `${what}: ${value ?? notMeasured} (${unit}${bounds})`;
}

function clauseOf({ claims: rows }: ClaimRows, target: string): string | null {
  const own = rows.filter((row) => row.target === target);
  if (own.length === 0) return null;
  const others = own.filter(({ verdict }) => verdict !== "pass");
  const found =
    others.length === 0
      ? "all turned out as declared"
      : `not as declared: ${others.map(({ id }) => id).join(", ")}`;
  return `of ${counted(own.length, "claim")}, ${found}${playedAgainIn(own)}`;
}
