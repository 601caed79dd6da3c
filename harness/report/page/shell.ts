/** The frame of the page: contents, top and sections. Which sections there are is not known here. */
import type { PageContent } from "../page-content.ts";
import { choiceOfTargets, chooseAll, contentOf } from "./chosen-targets.ts";
import { h } from "./element.ts";
import type { Section, SectionOf } from "./page-view.ts";
import { top } from "./top.ts";

/** Draws the page from what is embedded in it. */
export async function drawPage<Rows, Extras>(parts: readonly SectionOf<Rows, Extras>[]): Promise<void> {
  const base64 = document.getElementById("content")?.textContent ?? "";
  const gzip = new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))]);
  const json = new Response(gzip.stream().pipeThrough(new DecompressionStream("gzip"))).json();
  draw((await json) as PageContent<Rows, Extras>, parts); // html.ts wrote it, from what the schemas let through
}

function draw<Rows, Extras>(
  content: PageContent<Rows, Extras>,
  parts: readonly SectionOf<Rows, Extras>[],
): void {
  const { command, seed } = content.results.run;
  const nav = h("nav", { "aria-label": "Contents" });
  const shown = h("div", {});
  const show = (targets: readonly string[]) => {
    const chosen = contentOf(content, targets);
    const sections = parts.map((part) => part(chosen)).filter((section) => section !== null);
    nav.replaceChildren(...contents(sections));
    shown.replaceChildren(...sections.map(drawn));
  };
  document.title = `Killproof: ${command}${seed === null ? "" : `, seed ${seed}`}`;
  document.body.append(
    h("a", { class: "skip", href: "#content-start" }, "Skip to the content"),
    h(
      "div",
      { class: "page" },
      nav,
      h(
        "main",
        { id: "content-start", tabindex: -1 },
        top(content),
        choiceOfTargets(content, content.compared, show),
        shown,
      ),
    ),
  );
  show(content.compared);
}

function contents(sections: readonly Section[]): readonly HTMLElement[] {
  return [
    h("p", { class: "brand" }, "Killproof"),
    h(
      "ul",
      {},
      sections.map(({ id, title }) => h("li", {}, h("a", { href: `#${id}` }, title))),
    ),
  ];
}

function drawn({ id, title, lead, body }: Section): HTMLElement {
  return h(
    "section",
    { id, class: "part", "aria-labelledby": `${id}-title` },
    h("h2", { id: `${id}-title` }, title),
    h("p", { class: "lead" }, lead),
    body,
  );
}

/** A link to something that is folded in opens it, or it would lead to a closed door. */
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[href^='#']") : null;
  const id = link?.getAttribute("href")?.slice(1) ?? "";
  if (link !== null && document.getElementById(id) === null) chooseAll(); // it is about a target that is not shown
  const target = document.getElementById(id);
  if (target === null) return;
  for (let around: Element | null = target; around !== null; around = around.parentElement)
    if (around instanceof HTMLDetailsElement) around.open = true;
  if (target instanceof HTMLDetailsElement) target.querySelector("summary")?.focus({ preventScroll: true });
});
