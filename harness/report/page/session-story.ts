/**
 * One session from its call to its end: who executed what, which effects landed, where it waited, and what befell the
 * workers that had it. The same drawing serves a case of the crash matrix and a session of the chaos run.
 */
import * as Plot from "@observablehq/plot";
import { phaseOfStep, phases } from "../phase.ts";
import type { Table } from "../table.ts";
import type {
  FaultTimeline,
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
      { name: "effect landed", colour: "var(--text)", shape: "dot" },
      { name: "a fault strikes", colour: "var(--fail)", shape: "line" },
    ]),
    h("h3", {}, "Its entries in the ledger"),
    tableView(table),
    omitted > 0 ? h("p", { class: "note" }, `… and ${omitted} more entries in history.jsonl.`) : null,
    entries.length === 0 ? h("p", {}, "The ledger holds nothing of it.") : null,
  );
}

function saysOf({ session, entries }: SessionTimeline): string {
  const count = (kind: string) => entries.filter((each) => each.kind === kind).length;
  const workers = new Set(entries.flatMap(({ worker }) => worker ?? []));
  return `Session ${session}: ${count("begin")} executions by ${workers.size} workers, ${count("landed")} effects landed, ${count("suppressed")} suppressed.`;
}

function hitsOf({ hits, violated }: SessionTimeline, faults: readonly FaultTimeline[]): string {
  const kindOf = (id: string) => faults.find((fault) => fault.id === id)?.kind ?? "order";
  const words = hits.map(
    ({ kind, fault, atMs }) => `${kind.replaceAll("-", " ")} at ${at(atMs)} by ${kindOf(fault)} ${fault}`,
  );
  return [
    words.length === 0 ? "No fault hit it." : `Hit by faults: ${words.join("; ")}.`,
    violated.length === 0 ? "" : `It broke ${violated.map(({ invariant }) => invariant).join(", ")}.`,
  ].join(" ");
}

function options(
  session: SessionTimeline,
  workers: readonly WorkerTimeline[],
  faults: readonly FaultTimeline[],
  width: number,
): Plot.PlotOptions {
  const { entries } = session;
  const fromMs = entries[0]?.atMs ?? 0;
  const toMs = entries.at(-1)?.atMs ?? fromMs + 1;
  const seen = [...new Set(entries.flatMap(({ worker }) => worker ?? []))];
  const lives = workers.filter(({ worker }) => seen.includes(worker));
  const lanes = [callers, ...seen, wait];
  const x = (ms: number) => (ms - fromMs) / 1000;
  const margin = (toMs - fromMs) * 0.02;
  const clip = (ms: number) => x(Math.min(Math.max(ms, fromMs - margin), toMs + margin));
  const waits = phasesOf(session).filter(({ phase }) => phase === "wait");
  const strikes = faults.filter(
    (fault) =>
      fault.workers.some((worker) => seen.includes(worker)) &&
      fault.atMs >= fromMs - margin &&
      fault.atMs <= toMs + margin,
  );
  const effects = entries.filter(({ effect }) => effect !== undefined);
  return {
    height: lanes.length * laneHeight + 66,
    marginLeft: Math.min(150, 18 + 7 * Math.max(...lanes.map((lane) => shortened(lane).length))),
    x: {
      label: "seconds after its first entry →",
      domain: [clip(fromMs - margin), clip(toMs + margin)],
      ticks: width < 500 ? 4 : 8,
    },
    y: { label: null, domain: lanes, padding: 0.3, tickFormat: shortened, tickSize: 0 },
    marks: [
      Plot.barX(lives, {
        y: "worker",
        x1: ({ readyMs, spawnedMs }: WorkerTimeline) => clip(readyMs ?? spawnedMs),
        x2: ({ exitedMs }: WorkerTimeline) => clip(exitedMs ?? toMs + margin),
        fill: "var(--lane)",
        rx: 3,
      }),
      Plot.barX(waits, {
        y: () => wait,
        x1: ({ fromMs: from }) => x(from),
        x2: ({ toMs: to }) => x(to),
        fill: phaseColour("wait"),
        rx: 2,
        insetTop: 4,
        insetBottom: 4,
      }),
      Plot.barX(executionsOf(entries, lives), {
        y: "worker",
        x1: ({ fromMs: from }: Execution) => x(from),
        x2: ({ toMs: to }: Execution) => x(to),
        fill: ({ step }: Execution) => phaseColour(phaseOfStep(step) ?? "wait"),
        insetTop: 3,
        insetBottom: 3,
        rx: 2,
        title: ({ step, worker, fromMs: from, toMs: to }: Execution) =>
          `${step} on ${worker}\n${at(from - fromMs)} to ${at(to - fromMs)}`,
        tip: true,
      }),
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
      Plot.dot(effects, {
        y: "worker",
        x: ({ atMs }: TimelineEntry) => x(atMs),
        r: 3.2,
        fill: ({ kind }: TimelineEntry) => (kind === "landed" ? "var(--text)" : "var(--surface)"),
        stroke: "var(--text)",
        title: ({ kind, effect, atMs }: TimelineEntry) => `${effect} ${kind}\n${at(atMs - fromMs)}`,
        tip: true,
      }),
      Plot.text(
        entries.filter(({ caller }) => caller !== undefined),
        {
          y: () => callers,
          x: ({ atMs }: TimelineEntry) => x(atMs),
          text: () => "▾",
          fill: "var(--text)",
          title: ({ kind, caller, atMs }: TimelineEntry) => `${caller}: ${kind}\n${at(atMs - fromMs)}`,
          tip: true,
        },
      ),
    ],
  };
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
    title: `Entries of ${session}`,
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
