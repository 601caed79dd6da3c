/** The drawing of a run: lanes of workers above, bars of sessions below, on one axis of time. */
import * as Plot from "@observablehq/plot";
import type {
  FaultTimeline,
  RunTimeline,
  SessionTimeline,
  WorkerTimeline,
} from "../timeline/timeline-schema.ts";
import { phaseColour, phaseNames } from "./page-view.ts";
import { type PhaseSpan, packed } from "./phases-of.ts";
import { breaksGuarantee, phaseSpans, sessionSpan, type View } from "./view.ts";

/** One phase of one session in its row. */
interface Bar extends PhaseSpan {
  readonly session: SessionTimeline;
  readonly top: number;
}

const marginTop = 8;
const marginBottom = 44;
const laneHeight = 26;
const lanePitch = laneHeight + 6;
const panelGap = 26;
const barHeight = 7;
const rowPitch = 10;
/** Bars in a row keep this share of the view apart. */
const gapShare = 1 / 300;

/** The session of what the pointer is on, where that is a bar. */
export function sessionOfBar(value: unknown): SessionTimeline | null {
  return typeof value === "object" && value !== null && "session" in value && "phase" in value
    ? (value as Bar).session
    : null;
}

/** Where everything stands: times in s within the view, heights in px from the top. */
interface Layout {
  readonly lanes: readonly string[];
  readonly laneTop: (lane: string) => number;
  readonly rowTop: (session: SessionTimeline) => number;
  readonly sessionsTop: number;
  readonly height: number;
  readonly x: (ms: number) => number;
  readonly isSeen: (fromMs: number, toMs: number) => boolean;
}

function layoutOf(run: RunTimeline, sessions: readonly SessionTimeline[], { fromMs, toMs }: View): Layout {
  const slots = [...new Set(run.workers.map(({ worker }) => slotOf(worker)))].sort();
  const lanes = run.faults.some(({ isOnStore }) => isOnStore) ? [...slots, "store"] : slots;
  const sessionsTop = lanes.length * lanePitch + panelGap;
  const rows = packed(sessions.map(sessionSpan), (toMs - fromMs) * gapShare);
  const rowOf = new Map(sessions.map((session, index) => [session, rows[index] ?? 0]));
  return {
    lanes,
    laneTop: (lane) => lanes.indexOf(lane) * lanePitch,
    rowTop: (session) => sessionsTop + (rowOf.get(session) ?? 0) * rowPitch,
    sessionsTop,
    height: sessionsTop + Math.max(3, 1 + Math.max(0, ...rows)) * rowPitch + 4,
    x: (ms) => Math.min(Math.max(ms, fromMs), toMs) / 1000,
    isSeen: (from, to) => to >= fromMs && from <= toMs,
  };
}

export function timelinePlot(
  run: RunTimeline,
  sessions: readonly SessionTimeline[],
  view: View,
  chosen: SessionTimeline | null,
  width: number,
): Plot.PlotOptions {
  const layout = layoutOf(run, sessions, view);
  const { height } = layout;
  return {
    height: height + marginTop + marginBottom,
    marginTop,
    marginBottom,
    marginLeft: 62,
    x: {
      label: "seconds after the start →",
      domain: [view.fromMs / 1000, view.toMs / 1000],
      ticks: width < 500 ? 4 : 10,
      grid: true,
    },
    y: { axis: null, domain: [0, height], range: [marginTop, marginTop + height] },
    marks: [
      ...workerMarks(run, layout),
      ...faultMarks(run, layout),
      ...sessionMarks(sessions, layout),
      ...emphasisMarks(sessions, chosen, layout),
      nameMark(layout),
    ],
  };
}

function workerMarks(run: RunTimeline, { laneTop, height, x, isSeen }: Layout): readonly Plot.Markish[] {
  const outages = run.outages.filter(({ fromMs, toMs }) => isSeen(fromMs, toMs));
  const lives = run.workers.filter((life) => isSeen(lifeFrom(life), lifeTo(life, run)));
  return [
    Plot.rect(outages, {
      x1: ({ fromMs }) => x(fromMs),
      x2: ({ toMs }) => x(toMs),
      y1: 0,
      y2: height,
      fill: "var(--outage)",
    }),
    Plot.rect(lives, {
      x1: (life: WorkerTimeline) => x(lifeFrom(life)),
      x2: (life: WorkerTimeline) => x(lifeTo(life, run)),
      y1: ({ worker }: WorkerTimeline) => laneTop(slotOf(worker)),
      y2: ({ worker }: WorkerTimeline) => laneTop(slotOf(worker)) + laneHeight,
      fill: "var(--lane)",
      rx: 3,
      title: ({ worker, killedBy }: WorkerTimeline) =>
        `${worker}${killedBy === null ? "" : `\nended by ${killedBy}`}`,
      tip: true,
    }),
  ];
}

/** What lasts is a bar on its lane; what is over at once is seen by the death that it brings. */
function faultMarks(run: RunTimeline, { laneTop, x, isSeen }: Layout): readonly Plot.Markish[] {
  const lasting = run.faults
    .filter(({ atMs, toMs }) => toMs !== null && isSeen(atMs, toMs))
    .flatMap((fault) =>
      (fault.isOnStore ? ["store"] : fault.workers.map(slotOf)).map((lane) => ({ fault, lane })),
    );
  const deaths = run.workers.flatMap(({ worker, exitedMs, killedBy }) =>
    killedBy !== null && exitedMs !== null && isSeen(exitedMs, exitedMs)
      ? [{ exitedMs, lane: slotOf(worker), words: deathWords(worker, killedBy, run.faults) }]
      : [],
  );
  return [
    Plot.rect(lasting, {
      x1: ({ fault }) => x(fault.atMs),
      x2: ({ fault }) => x(fault.toMs ?? fault.atMs),
      y1: ({ lane }) => laneTop(lane),
      y2: ({ lane }) => laneTop(lane) + laneHeight,
      fill: "var(--fail)",
      fillOpacity: 0.28,
      title: ({ fault }) => faultWords(fault),
      tip: true,
    }),
    Plot.text(deaths, {
      x: ({ exitedMs }) => x(exitedMs),
      y: ({ lane }) => laneTop(lane) + laneHeight / 2,
      text: () => "✕",
      fill: "var(--fail)",
      fontSize: 13,
      fontWeight: 700,
      title: ({ words }) => words,
      tip: true,
    }),
  ];
}

function sessionMarks(
  sessions: readonly SessionTimeline[],
  { rowTop, x, isSeen }: Layout,
): readonly Plot.Markish[] {
  const bars = sessions.flatMap((session) =>
    phaseSpans(session)
      .filter(({ fromMs, toMs }) => isSeen(fromMs, toMs))
      .map((span): Bar => ({ ...span, session, top: rowTop(session) })),
  );
  return [
    Plot.rect(bars, {
      x1: ({ fromMs }: Bar) => x(fromMs),
      x2: ({ toMs }: Bar) => x(toMs),
      y1: "top",
      y2: ({ top }: Bar) => top + barHeight,
      fill: ({ phase }: Bar) => phaseColour(phase),
      title: barWords,
      tip: true,
    }),
  ];
}

/** Where faults hit, which session is chosen, and which broke what had to hold. */
function emphasisMarks(
  sessions: readonly SessionTimeline[],
  chosen: SessionTimeline | null,
  { rowTop, x, isSeen }: Layout,
): readonly Plot.Markish[] {
  const hits = sessions.flatMap((session) =>
    session.hits.filter(({ atMs }) => isSeen(atMs, atMs)).map(({ atMs }) => ({ atMs, top: rowTop(session) })),
  );
  const framed = sessions
    .filter((session) => session === chosen || breaksGuarantee(session))
    .map((session) => ({ session, ...sessionSpan(session), top: rowTop(session) }));
  const aroundBar = {
    y1: ({ top }: { readonly top: number }) => top - 1,
    y2: ({ top }: { readonly top: number }) => top + barHeight + 1,
  };
  return [
    Plot.rect(framed, {
      x1: ({ fromMs }) => x(fromMs),
      x2: ({ toMs }) => x(toMs),
      ...aroundBar,
      stroke: ({ session }) => (session === chosen ? "var(--text)" : "var(--fail)"),
      strokeWidth: 1.5,
      fill: "none",
    }),
    Plot.ruleX(hits, { x: ({ atMs }) => x(atMs), ...aroundBar, stroke: "var(--fail)", strokeWidth: 2 }),
  ];
}

function nameMark({ lanes, laneTop, sessionsTop }: Layout): Plot.Markish {
  const names = [
    ...lanes.map((lane) => ({ name: lane, top: laneTop(lane) + laneHeight / 2 })),
    { name: "sessions", top: sessionsTop + barHeight / 2 },
  ];
  return Plot.text(names, {
    frameAnchor: "left",
    y: "top",
    text: "name",
    dx: -54,
    textAnchor: "start",
    fill: "var(--muted)",
  });
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

function faultWords({ id, kind, atMs, toMs, interrupted, leftWaiting }: FaultTimeline): string {
  const lasted = toMs === null ? "" : ` for ${((toMs - atMs) / 1000).toFixed(2)} s`;
  return `${kind} ${id} at ${(atMs / 1000).toFixed(2)} s${lasted}\n${interrupted} interrupted, ${leftWaiting} left waiting`;
}

function deathWords(worker: string, killedBy: string, faults: readonly FaultTimeline[]): string {
  const fault = faults.find(({ id }) => id === killedBy);
  return fault === undefined ? `${worker} died` : `${worker} died\n${faultWords(fault)}`;
}

function barWords({ session, phase, fromMs, toMs }: Bar): string {
  const broke = session.violated.map(({ invariant }) => invariant);
  return [
    session.session,
    `${phaseNames[phase]}: ${((toMs - fromMs) / 1000).toFixed(2)} s`,
    ...(broke.length > 0 ? [`broke ${broke.join(", ")}`] : []),
  ].join("\n");
}
