/**
 * One session from its call to its end: who executed what, which effects landed, where it waited, and what befell the
 * workers that had it. The same drawing serves a case of the crash matrix and a session of the chaos run.
 */

import * as Plot from "@observablehq/plot";
import { phaseOfStep, phases } from "../phase.ts";
import { readableId } from "../printable.ts";
import type { Table } from "../table.ts";
import type {
  FaultTimeline,
  RunTimeline,
  SessionTimeline,
  TimelineEntry,
  WorkerTimeline,
} from "../timeline/timeline-schema.ts";
import { h } from "./element.ts";
import { drawnToWidth, keyList, plotted } from "./figure.ts";
import { phaseColour, phaseNames } from "./page-view.ts";
import { phasesOf } from "./phases-of.ts";
import { tableView } from "./table-view.ts";

const laneHeight = 34;
const callers = "callers";
const wait = "idle";

/** One run of a step's body. */
interface Execution {
  readonly step: string;
  readonly worker: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The story of a session that shared its workers with others. */
export function storyInRun(session: SessionTimeline, { workers, faults }: RunTimeline): HTMLElement {
  const seen = new Set(session.entries.map(({ worker }) => worker));
  const hitBy = new Set(session.hits.map(({ fault }) => fault));
  return sessionStory(
    session,
    workers.filter(({ worker }) => seen.has(worker)),
    faults.filter(({ id, workers: victims }) => hitBy.has(id) || victims.some((worker) => seen.has(worker))),
  );
}

/** `workers` are those that had it, and `faults` what was done to them. */
export function sessionStory(
  session: SessionTimeline,
  workers: readonly WorkerTimeline[],
  faults: readonly FaultTimeline[],
): HTMLElement {
  const { entries, omitted } = session;
  const table = entriesTable(session);
  return h(
    "div",
    { class: "story" },
    h("p", {}, hitsOf(session, faults)),
    drawnToWidth((width) => plotted(options(session, workers, faults, width), width, saysOf(session))),
    keyList([
      ...phases.map((phase) => ({ name: phaseNames[phase], colour: phaseColour(phase) })),
      { name: "effect landed (hollow: suppressed)", colour: "var(--text)", shape: "dot" },
      { name: "a fault strikes", colour: "var(--fail)", shape: "line" },
    ]),
    h("h3", {}, "Its entries in the ledger"),
    tableView(table, { isFlushLeft: true }),
    omitted > 0 ? h("p", { class: "note" }, `… and ${omitted} more entries in history.jsonl.`) : null,
    entries.length === 0 ? h("p", {}, "The ledger holds nothing of it.") : null,
  );
}

function saysOf({ session, entries }: SessionTimeline): string {
  const count = (kind: string) => entries.filter((each) => each.kind === kind).length;
  const workers = new Set(entries.flatMap(({ worker }) => worker ?? []));
  return `Session ${readableId(session)}: ${count("begin")} executions by ${workers.size} workers, ${count("landed")} effects landed, ${count("suppressed")} suppressed.`;
}

function hitsOf({ hits, violated, entries }: SessionTimeline, faults: readonly FaultTimeline[]): string {
  const first = entries[0]?.atMs ?? 0;
  const kindOf = (id: string) => faults.find((fault) => fault.id === id)?.kind ?? "order";
  const words = hits.map(
    ({ kind, fault, atMs }) =>
      `${kind.replaceAll("-", " ")} at ${at(atMs - first)} by ${kindOf(fault)} ${fault}`,
  );
  return [
    words.length === 0 ? "No fault hit it." : `Hit by faults: ${words.join("; ")}.`,
    violated.length === 0 ? "" : `It broke ${violated.map(({ invariant }) => invariant).join(", ")}.`,
  ].join(" ");
}

/** Where everything stands: lanes from top to bottom, times in s after the first entry. */
interface Layout {
  readonly lanes: readonly string[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly x: (ms: number) => number;
}

/** A little more than the session's own time is seen, so that nothing stands on the edge. */
function layoutOf({ entries }: SessionTimeline, workers: readonly WorkerTimeline[]): Layout {
  const [first, last] = [entries[0]?.atMs ?? 0, entries.at(-1)?.atMs ?? 1];
  const marginMs = Math.max(1, (last - first) * 0.02);
  const [fromMs, toMs] = [first - marginMs, last + marginMs];
  const x = (ms: number) => (Math.min(Math.max(ms, fromMs), toMs) - first) / 1000;
  return { lanes: [callers, ...workers.map(({ worker }) => worker), wait], fromMs, toMs, x };
}

function options(
  session: SessionTimeline,
  workers: readonly WorkerTimeline[],
  faults: readonly FaultTimeline[],
  width: number,
): Plot.PlotOptions {
  const layout = layoutOf(session, workers);
  const { lanes, fromMs, toMs, x } = layout;
  const strikes = faults.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
  return {
    height: lanes.length * laneHeight + 72,
    marginLeft: 18 + 7 * Math.max(...lanes.map((lane) => shortened(lane).length)),
    x: {
      label: "seconds after its first entry →",
      domain: [x(fromMs), x(toMs)],
      ticks: width < 500 ? 4 : 8,
    },
    y: { label: null, domain: lanes, padding: 0.3, tickFormat: shortened, tickSize: 0 },
    marks: [
      ...laneMarks(session, workers, layout),
      ...strikeMarks(strikes, layout),
      ...entryMarks(session, layout),
    ],
  };
}

/** Who was there, who executed what, and where nothing ran because the session waited. */
function laneMarks(
  session: SessionTimeline,
  workers: readonly WorkerTimeline[],
  { toMs, x }: Layout,
): readonly Plot.Markish[] {
  const first = session.entries[0]?.atMs ?? 0;
  return [
    Plot.barX(workers, {
      y: "worker",
      x1: ({ readyMs, spawnedMs }: WorkerTimeline) => x(readyMs ?? spawnedMs),
      x2: ({ exitedMs }: WorkerTimeline) => x(exitedMs ?? toMs),
      fill: "var(--lane)",
      rx: 3,
    }),
    Plot.barX(
      phasesOf(session).filter(({ phase }) => phase === "wait"),
      {
        y: () => wait,
        x1: (span) => x(span.fromMs),
        x2: (span) => x(span.toMs),
        fill: phaseColour("wait"),
        rx: 2,
        insetTop: 4,
        insetBottom: 4,
      },
    ),
    Plot.barX(executionsOf(session.entries, workers), {
      y: "worker",
      x1: (execution: Execution) => x(execution.fromMs),
      x2: (execution: Execution) => x(execution.toMs),
      fill: ({ step }: Execution) => phaseColour(phaseOfStep(step) ?? "wait"),
      insetTop: 3,
      insetBottom: 3,
      rx: 2,
      title: (execution: Execution) =>
        `${execution.step} on ${execution.worker}\n${at(execution.fromMs - first)} to ${at(execution.toMs - first)}`,
      tip: true,
    }),
  ];
}

function strikeMarks(strikes: readonly FaultTimeline[], { x }: Layout): readonly Plot.Markish[] {
  return [
    Plot.ruleX(strikes, {
      x: ({ atMs }: FaultTimeline) => x(atMs),
      stroke: "var(--fail)",
      strokeWidth: 1.5,
      strokeDasharray: "4 3",
    }),
    Plot.text(strikes, {
      x: ({ atMs }: FaultTimeline) => x(atMs),
      text: ({ kind }: FaultTimeline) => kind,
      frameAnchor: "top",
      dy: -14,
      fill: "var(--fail)",
    }),
  ];
}

/** Effects on the lanes of those who brought them about, and what callers did and heard. */
function entryMarks({ entries }: SessionTimeline, { x }: Layout): readonly Plot.Markish[] {
  const first = entries[0]?.atMs ?? 0;
  return [
    Plot.dot(
      entries.filter(({ effect }) => effect !== undefined),
      {
        y: "worker",
        x: ({ atMs }: TimelineEntry) => x(atMs),
        r: 3.2,
        fill: ({ kind }: TimelineEntry) => (kind === "landed" ? "var(--text)" : "var(--surface)"),
        stroke: "var(--text)",
        title: ({ kind, effect, atMs }: TimelineEntry) => `${effect} ${kind}\n${at(atMs - first)}`,
        tip: true,
      },
    ),
    Plot.text(
      entries.filter(({ caller }) => caller !== undefined),
      {
        y: () => callers,
        x: ({ atMs }: TimelineEntry) => x(atMs),
        text: () => "▾",
        fill: "var(--text)",
        title: ({ kind, caller, atMs }: TimelineEntry) => `${caller}: ${kind}\n${at(atMs - first)}`,
        tip: true,
      },
    ),
  ];
}

/** Each execution until its last effect, its successor on the same worker, or the worker's death. */
function executionsOf(
  entries: readonly TimelineEntry[],
  lives: readonly WorkerTimeline[],
): readonly Execution[] {
  const byExecution = Map.groupBy(
    entries.filter(({ execution }) => execution !== undefined),
    ({ execution }) => execution,
  );
  return [...byExecution.values()].flatMap((own) => {
    const [first] = own;
    const last = own.at(-1);
    if (first?.step === undefined || first.worker === undefined || last === undefined) return [];
    const diedMs = lives.find(({ worker }) => worker === first.worker)?.exitedMs ?? Number.POSITIVE_INFINITY;
    const next = entries.find(
      (entry) => entry.kind === "begin" && entry.atMs > last.atMs && entry.worker === first.worker,
    );
    const openEndMs = own.length > 1 ? last.atMs : Math.min(diedMs, next?.atMs ?? Number.POSITIVE_INFINITY);
    const toMs = Number.isFinite(openEndMs) ? Math.max(openEndMs, first.atMs) : last.atMs;
    return [{ step: first.step, worker: first.worker, fromMs: first.atMs, toMs }];
  });
}

function entriesTable({ session, entries }: SessionTimeline): Table {
  const fromMs = entries[0]?.atMs ?? 0;
  return {
    title: `Entries of ${readableId(session)}`,
    headers: ["after its first", "kind", "step", "effect", "execution", "by", "note"],
    rows: entries.map((entry) => [
      at(entry.atMs - fromMs),
      entry.kind,
      entry.step ?? "",
      entry.effect ?? "",
      entry.execution === undefined ? "" : String(entry.execution),
      entry.worker ?? entry.caller ?? "",
      entry.note ?? "",
    ]),
    note: null,
  };
}

function at(ms: number): string {
  return `${(ms / 1000).toFixed(3)} s`;
}

/** Workers of a case carry its whole name; their number tells them apart. */
function shortened(lane: string): string {
  if (lane.length <= 16) return lane;
  return lane.includes("#") ? `worker ${lane.split("#").at(-1)}` : `${lane.slice(0, 15)}…`;
}
