/**
 * The timeline of a run under faults: worker slots as lanes above, sessions as bars below, both on the time that is
 * zoomed into. Whoever cannot point at a bar finds the same sessions in the table below it.
 */

import type * as Plot from "@observablehq/plot";
import { counted } from "../numbers.ts";
import type { PageContent } from "../page-content.ts";
import { phases } from "../phase.ts";
import { readableId } from "../printable.ts";
import type { RunTimeline, SessionTimeline } from "../timeline/timeline-schema.ts";
import { choice } from "./choice.ts";
import { append, h } from "./element.ts";
import { drawnToWidth, keyList, plotted } from "./figure.ts";
import { phaseColour, phaseNames, type Section } from "./page-view.ts";
import { storyInRun } from "./session-story.ts";
import { tableView } from "./table-view.ts";
import { sessionOfBar, timelinePlot } from "./timeline-plot.ts";
import {
  breaksGuarantee,
  firstViolation,
  moved,
  type SessionFilter,
  sampleWords,
  sessionFilters,
  sessionSpan,
  sessionsIn,
  type View,
  whole,
  within,
  zoomed,
} from "./view.ts";

/** A pointer that moved less than this has clicked and not drawn a span, px. */
const clickPx = 4;
const tableRows = 100;

export function timelineSection(content: PageContent): Section | null {
  const { timeline, decisions } = content;
  if (timeline === null) {
    if (decisions.length === 0) return null;
    return {
      id: "timeline",
      title: "Timeline",
      lead: "The run's history.jsonl was not beside its results when this page was made, so it has no timelines.",
      body: [],
    };
  }
  const runs = timeline.runs.filter(({ sessions }) => sessions.length > 0);
  if (runs.length === 0) return null;
  return {
    id: "timeline",
    title: "Timeline",
    lead: "Which worker was there when, what befell it, and what became of the sessions meanwhile.",
    body: [new TimelineView(runs).element],
  };
}

/** What the reader has chosen, and the drawing that follows from it. */
class TimelineView {
  readonly element: HTMLElement;
  private run: RunTimeline;
  private filter: SessionFilter = "all";
  private view: View;
  private chosen: SessionTimeline | null = null;
  private width = 0;
  private readonly drawing = h("div", { class: "timeline-drawing" });
  private readonly status = h("p", { class: "note", role: "status" });
  private readonly sample = h("p", { class: "note" });
  private readonly inView = h("div", {});
  private readonly story = h("div", { class: "chosen", tabindex: -1 });
  private readonly toViolation = h("button", { type: "button", onclick: () => this.showFirstViolation() });

  /** At first the run is shown in which a guarantee was violated, or the first one. */
  constructor(runs: readonly RunTimeline[]) {
    const first = runs.find(({ sessions }) => sessions.some(breaksGuarantee)) ?? runs[0];
    if (first === undefined) throw new Error("a timeline without a run");
    this.run = first;
    this.view = whole(first);
    const severalExperiments = new Set(runs.map(({ experiment }) => experiment)).size > 1;
    const nameOf = ({ experiment, target }: RunTimeline) =>
      severalExperiments ? `${experiment}: ${target}` : target;
    this.element = h(
      "div",
      { class: "timeline" },
      h(
        "div",
        { class: "controls" },
        choice(
          "Run",
          runs.map((run) => ({ name: nameOf(run), value: run })),
          first,
          (run) => this.showRun(run),
        ),
        choice(
          "Sessions",
          sessionFilters.map((filter) => ({ name: filter, value: filter })),
          "all",
          (filter) => this.change(() => (this.filter = filter)),
        ),
        this.zoomButtons(),
        this.toViolation,
      ),
      this.sample,
      drawnToWidth((width) => {
        this.width = width;
        this.draw();
        return this.drawing;
      }),
      keyList([
        ...phases.map((phase) => ({ name: phaseNames[phase], colour: phaseColour(phase) })),
        { name: "worker alive", colour: "var(--lane)" },
        { name: "nobody could work", colour: "var(--outage)" },
        { name: "fault", colour: "var(--fail)", shape: "line" },
      ]),
      this.status,
      h("details", { class: "numbers" }, h("summary", {}, "Sessions in view as a table"), this.inView),
      this.story,
    );
    this.draw();
  }

  private zoomButtons(): HTMLElement {
    const button = (label: string, what: string, to: (view: View) => View) =>
      h(
        "button",
        { type: "button", "aria-label": what, onclick: () => this.change(() => (this.view = to(this.view))) },
        label,
      );
    return h(
      "div",
      { class: "buttons", role: "group", "aria-label": "Zoom" },
      button("◀", "Earlier", (view) => moved(view, -0.5)),
      button("−", "Zoom out", (view) => zoomed(view, 2)),
      button("+", "Zoom in", (view) => zoomed(view, 0.5)),
      button("▶", "Later", (view) => moved(view, 0.5)),
      button("Whole run", "Show the whole run", () => whole(this.run)),
    );
  }

  private showRun(run: RunTimeline): void {
    this.change(() => {
      this.run = run;
      this.view = whole(run);
      this.choose(null);
    });
  }

  private change(how: () => void): void {
    how();
    this.view = within(this.view, whole(this.run));
    this.draw();
  }

  private draw(): void {
    const { run, view, filter } = this;
    const shown = sessionsIn(run, filter, view);
    const violating = firstViolation(run);
    this.toViolation.hidden = violating === null;
    this.toViolation.textContent =
      violating !== null && breaksGuarantee(violating)
        ? "First violation"
        : "First session without keys that broke something";
    this.sample.textContent = sampleWords(run);
    const words = `${(view.fromMs / 1000).toFixed(1)} s to ${(view.toMs / 1000).toFixed(1)} s of ${(run.lengthMs / 1000).toFixed(1)} s: ${counted(shown.length, "session")} of ${run.sessions.length} shown.`;
    this.status.textContent = words;
    this.inView.replaceChildren(this.sessionsTable(shown));
    if (this.width > 0) this.drawPlot(shown, words);
  }

  private drawPlot(shown: readonly SessionTimeline[], words: string): void {
    const { run, view, chosen, width } = this;
    const svg = plotted(
      timelinePlot(run, shown, view, chosen, width),
      width,
      `Timeline of ${run.target}. ${words}`,
    );
    const plot = svg as SVGElement & { value?: unknown };
    svg.addEventListener("click", () => {
      const session = sessionOfBar(plot.value);
      if (session !== null) this.choose(session);
    });
    this.letDrag(svg);
    this.drawing.replaceChildren(svg);
  }

  /** Drawing a span with the pointer zooms into it. */
  private letDrag(svg: SVGElement): void {
    const { invert } = (svg as SVGElement & Pick<Plot.Plot, "scale">).scale("x") ?? {};
    if (invert === undefined) return;
    let from: number | null = null;
    svg.addEventListener("pointerdown", ({ pointerType, clientX }) => {
      from = pointerType === "touch" ? null : clientX;
    });
    svg.addEventListener("pointerup", ({ clientX }) => {
      if (from === null || Math.abs(clientX - from) < clickPx) return;
      const { left } = svg.getBoundingClientRect();
      const [fromMs, toMs] = [from, clientX]
        .sort((a, b) => a - b)
        .map((clientPx) => Number(invert(clientPx - left)) * 1000);
      if (fromMs !== undefined && toMs !== undefined) this.change(() => (this.view = { fromMs, toMs }));
    });
  }

  private sessionsTable(shown: readonly SessionTimeline[]): HTMLElement {
    const listed = shown.slice(0, tableRows);
    const faultKind = (id: string) => this.run.faults.find((fault) => fault.id === id)?.kind ?? "order";
    return tableView(
      {
        title: `Sessions of ${this.run.target} in view`,
        headers: ["session", "from", "to", "hit by", "broke"],
        rows: listed.map((session) => {
          const { fromMs, toMs } = sessionSpan(session);
          return [
            readableId(session.session),
            `${(fromMs / 1000).toFixed(1)} s`,
            `${(toMs / 1000).toFixed(1)} s`,
            [...new Set(session.hits.map(({ fault }) => faultKind(fault)))].join(", "),
            session.violated.map(({ invariant }) => invariant).join(", "),
          ];
        }),
        note:
          shown.length > listed.length
            ? `The first ${listed.length} of ${shown.length}; zoom in for the others.`
            : null,
      },
      {
        isFlushLeft: true,
        cellView: (row, column) => {
          const session = listed[row];
          if (column !== 0 || session === undefined) return null;
          return h(
            "button",
            { type: "button", class: "link", onclick: () => this.choose(session, true) },
            readableId(session.session),
          );
        },
      },
    );
  }

  private choose(session: SessionTimeline | null, andGoThere = false): void {
    this.chosen = session;
    this.story.replaceChildren();
    if (session !== null)
      append(this.story, [
        h("h3", {}, "Session ", h("code", {}, readableId(session.session))),
        storyInRun(session, this.run),
      ]);
    if (session !== null && andGoThere) this.story.focus();
    this.draw();
  }

  private showFirstViolation(): void {
    const session = firstViolation(this.run);
    if (session === null) return;
    const { fromMs, toMs } = sessionSpan(session);
    const aroundMs = Math.max(2000, (toMs - fromMs) / 2);
    this.change(() => {
      this.filter = "all";
      this.view = { fromMs: fromMs - aroundMs, toMs: toMs + aroundMs };
    });
    this.choose(session, true);
  }
}
