/** The drawing of a run: lanes of workers above, bars of sessions below, on one axis of time. */
import type * as PlotTypes from "@observablehq/plot";
import * as Plot from "@observablehq/plot";
import type {
  FaultTimeline,
  RunTimeline,
  SessionTimeline,
  WorkerTimeline,
} from "../timeline/timeline-schema.ts";
import { phaseColour, phaseNames } from "./page-view.ts";
import { type PhaseSpan, packed, phasesOf } from "./phases-of.ts";

/** What of a run is seen. */
export interface View {
  readonly fromMs: number;
  readonly toMs: number;
}

export type SessionFilter = "all" | "hit" | "violating";

/** One phase of one session in its row. */
interface Bar extends PhaseSpan {
  readonly session: SessionTimeline;
  readonly top: number;
}

const laneHeight = 26;
const laneGap = 6;
const panelGap = 26;
const barHeight = 7;
const rowHeight = 10;

const spans = new WeakMap<SessionTimeline, readonly PhaseSpan[]>();

function phaseSpans(session: SessionTimeline): readonly PhaseSpan[] {
  const known = spans.get(session) ?? phasesOf(session);
  spans.set(session, known);
  return known;
}

/** From a session's first phase to the end of its last. */
export function sessionSpan(session: SessionTimeline): View {
  const phases = phaseSpans(session);
  const first = session.entries[0]?.atMs ?? 0;
  return { fromMs: phases[0]?.fromMs ?? first, toMs: phases.at(-1)?.toMs ?? first };
}

export function isInView(session: SessionTimeline, { fromMs, toMs }: View): boolean {
  const span = sessionSpan(session);
  return span.toMs >= fromMs && span.fromMs <= toMs;
}

export function fitsFilter({ hits, violated }: SessionTimeline, filter: SessionFilter): boolean {
  return filter === "all" || (filter === "hit" ? hits.length > 0 : violated.length > 0);
}

/** The session of what the pointer is on, where that is a bar. */
export function barsOf(value: unknown): SessionTimeline | null {
  return typeof value === "object" && value !== null && "session" in value && "phase" in value
    ? (value as Bar).session
    : null;
}

export function timelinePlot(
  run: RunTimeline,
  sessions: readonly SessionTimeline[],
  view: View,
  chosen: SessionTimeline | null,
  width: number,
): PlotTypes.PlotOptions {
  const slots = [...new Set(run.workers.map(({ worker }) => slotOf(worker)))].sort();
  const hasStore = run.faults.some(({ kind }) => kind === "kill-store");
  const lanes = [...slots, ...(hasStore ? ["store"] : [])];
  const lanesHeight = lanes.length * (laneHeight + laneGap);
  const laneTop = (lane: string) => lanes.indexOf(lane) * (laneHeight + laneGap);
  const rows = packed(sessions.map(sessionSpan), (view.toMs - view.fromMs) / 300);
  const sessionsTop = lanesHeight + panelGap;
  const height = sessionsTop + Math.max(3, 1 + Math.max(0, ...rows)) * rowHeight + 4;
  const topOf = (index: number) => sessionsTop + (rows[index] ?? 0) * rowHeight;
  const clip = (ms: number) => Math.min(Math.max(ms, view.fromMs), view.toMs) / 1000;
  const seen = <Item>(items: readonly Item[], from: (item: Item) => number, to: (item: Item) => number) =>
    items.filter((item) => to(item) >= view.fromMs && from(item) <= view.toMs);
  const bars = sessions.flatMap((session, index) =>
    seen(
      phaseSpans(session),
      ({ fromMs }) => fromMs,
      ({ toMs }) => toMs,
    ).map((span): Bar => ({ ...span, session, top: topOf(index) })),
  );
  const hits = sessions.flatMap((session, index) =>
    session.hits
      .filter(({ atMs }) => atMs >= view.fromMs && atMs <= view.toMs)
      .map(({ atMs }) => ({ atMs, top: topOf(index) })),
  );
  const framed = sessions.flatMap((session, index) =>
    session === chosen || session.violated.some(({ guaranteed }) => guaranteed)
      ? [{ session, ...sessionSpan(session), top: topOf(index) }]
      : [],
  );
  const lives = seen(run.workers, lifeFrom, (life) => lifeTo(life, run));
  const outages = seen(
    run.outages,
    ({ fromMs }) => fromMs,
    ({ toMs }) => toMs,
  );
  const struck = seen(
    run.faults,
    ({ atMs }) => atMs,
    ({ atMs, toMs }) => toMs ?? atMs,
  );
  const lasting = struck.flatMap((fault) => lanesOf(fault).map((lane) => ({ fault, lane })));
  const deaths = lives.filter(
    ({ exitedMs, killedBy }) =>
      killedBy !== null && exitedMs !== null && exitedMs >= view.fromMs && exitedMs <= view.toMs,
  );
  const names = [
    ...lanes.map((lane) => ({ lane, top: laneTop(lane) + laneHeight / 2 })),
    { lane: "sessions", top: sessionsTop + rowHeight },
  ];
  return {
    height: height + 52,
    marginTop: 8,
    marginLeft: 62,
    x: {
      label: "seconds after the start →",
      domain: [view.fromMs / 1000, view.toMs / 1000],
      ticks: width < 500 ? 4 : 10,
      grid: true,
    },
    y: { axis: null, domain: [0, height], range: [8, 8 + height] },
    marks: [
      Plot.rect(outages, {
        x1: ({ fromMs }) => clip(fromMs),
        x2: ({ toMs }) => clip(toMs),
        y1: 0,
        y2: height,
        fill: "var(--outage)",
      }),
      Plot.rect(lives, {
        x1: (life: WorkerTimeline) => clip(lifeFrom(life)),
        x2: (life: WorkerTimeline) => clip(lifeTo(life, run)),
        y1: ({ worker }: WorkerTimeline) => laneTop(slotOf(worker)),
        y2: ({ worker }: WorkerTimeline) => laneTop(slotOf(worker)) + laneHeight,
        fill: "var(--lane)",
        rx: 3,
        title: ({ worker, killedBy }: WorkerTimeline) =>
          `${worker}${killedBy === null ? "" : `\nended by ${killedBy}`}`,
        tip: true,
      }),
      Plot.rect(lasting, {
        x1: ({ fault }) => clip(fault.atMs),
        x2: ({ fault }) => clip(fault.toMs ?? fault.atMs),
        y1: ({ lane }) => laneTop(lane),
        y2: ({ lane }) => laneTop(lane) + laneHeight,
        fill: "var(--fail)",
        fillOpacity: 0.28,
        title: ({ fault }) => faultWords(fault),
        tip: true,
      }),
      Plot.text(deaths, {
        x: ({ exitedMs }: WorkerTimeline) => (exitedMs ?? 0) / 1000,
        y: ({ worker }: WorkerTimeline) => laneTop(slotOf(worker)) + laneHeight / 2,
        text: () => "✕",
        fill: "var(--fail)",
        fontSize: 13,
        fontWeight: 700,
        title: ({ worker, killedBy }: WorkerTimeline) => deathWords(worker, killedBy, run.faults),
        tip: true,
      }),
      Plot.rect(bars, {
        x1: ({ fromMs }: Bar) => clip(fromMs),
        x2: ({ toMs }: Bar) => clip(toMs),
        y1: "top",
        y2: ({ top }: Bar) => top + barHeight,
        fill: ({ phase }: Bar) => phaseColour(phase),
        title: barWords,
        tip: true,
      }),
      Plot.rect(framed, {
        x1: ({ fromMs }) => clip(fromMs),
        x2: ({ toMs }) => clip(toMs),
        y1: ({ top }) => top - 1,
        y2: ({ top }) => top + barHeight + 1,
        stroke: ({ session }) => (session === chosen ? "var(--text)" : "var(--fail)"),
        strokeWidth: 1.5,
        fill: "none",
      }),
      Plot.ruleX(hits, {
        x: ({ atMs }) => atMs / 1000,
        y1: ({ top }) => top - 1,
        y2: ({ top }) => top + barHeight + 1,
        stroke: "var(--fail)",
        strokeWidth: 2,
      }),
      Plot.text(names, {
        frameAnchor: "left",
        y: "top",
        text: "lane",
        dx: -54,
        textAnchor: "start",
        fill: "var(--muted)",
      }),
    ],
  };
}

function slotOf(worker: string): string {
  return worker.split("#")[0] ?? worker;
}

function lifeFrom({ readyMs, spawnedMs }: WorkerTimeline): number {
  return readyMs ?? spawnedMs;
}

function lifeTo({ exitedMs }: WorkerTimeline, { lengthMs }: RunTimeline): number {
  return exitedMs ?? lengthMs;
}

/** Where a fault that lasts is drawn; what is over at once is seen by the death that it brings. */
function lanesOf({ kind, toMs, workers }: FaultTimeline): readonly string[] {
  if (toMs === null) return [];
  return kind === "kill-store" ? ["store"] : workers.map(slotOf);
}

function faultWords({ id, kind, atMs, toMs, interrupted, leftWaiting }: FaultTimeline): string {
  const lasted = toMs === null ? "" : ` for ${((toMs - atMs) / 1000).toFixed(2)} s`;
  return `${kind} ${id} at ${(atMs / 1000).toFixed(2)} s${lasted}\n${interrupted} interrupted, ${leftWaiting} left waiting`;
}

function deathWords(worker: string, killedBy: string | null, faults: readonly FaultTimeline[]): string {
  const fault = faults.find(({ id }) => id === killedBy);
  return fault === undefined ? `${worker} died` : `${worker} died\n${faultWords(fault)}`;
}

function barWords({ session, phase, fromMs, toMs }: Bar): string {
  const broke =
    session.violated.length === 0
      ? ""
      : `\nbroke ${session.violated.map(({ invariant }) => invariant).join(", ")}`;
  return `${session.session}\n${phaseNames[phase]}: ${((toMs - fromMs) / 1000).toFixed(2)} s${broke}`;
}
