/** The frame of the page: contents, top and sections. Which sections there are is not known here. */
import type { PageContent } from "../page-content.ts";
import { h } from "./element.ts";
import type { Section, SectionOf } from "./page-view.ts";
import { top } from "./top.ts";

/** Draws the page from what is embedded in it. */
export function drawPage<Rows, Extras>(parts: readonly SectionOf<Rows, Extras>[]): void {
  const embedded = document.getElementById("content")?.textContent ?? "";
  draw(JSON.parse(embedded) as PageContent<Rows, Extras>, parts); // html.ts wrote it, from what the schemas let through
}

function draw<Rows, Extras>(
  content: PageContent<Rows, Extras>,
  parts: readonly SectionOf<Rows, Extras>[],
): void {
  const { command, seed } = content.results.run;
  const sections = parts.map((part) => part(content)).filter((section) => section !== null);
  document.title = `Killproof: ${command}${seed === null ? "" : `, seed ${seed}`}`;
  document.body.append(
    h("a", { class: "skip", href: "#content-start" }, "Skip to the content"),
    h(
      "div",
      { class: "page" },
      contents(sections),
      h("main", { id: "content-start", tabindex: -1 }, top(content), sections.map(drawn)),
    ),
  );
}

function contents(sections: readonly Section[]): HTMLElement {
  return h(
    "nav",
    { "aria-label": "Contents" },
    h("p", { class: "brand" }, "Killproof"),
    h(
      "ul",
      {},
      sections.map(({ id, title }) => h("li", {}, h("a", { href: `#${id}` }, title))),
    ),
  );
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
  const target = document.getElementById(link?.getAttribute("href")?.slice(1) ?? "");
  if (target === null) return;
  for (let around: Element | null = target; around !== null; around = around.parentElement)
    if (around instanceof HTMLDetailsElement) around.open = true;
  if (target instanceof HTMLDetailsElement) target.querySelector("summary")?.focus({ preventScroll: true });
});
