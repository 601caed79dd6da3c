/** The page as a person meets it: of a real run, opened from disk in a real browser. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { invariantIds } from "../../checks/invariants/index.ts";
import { pageOf } from "../../experiments/page-of.ts";
import { reportOf } from "../../experiments/report-of.ts";
import type { Results } from "../../experiments/results.ts";
import { runForTests } from "../../testing/run-for-tests.ts";
import { hostileId, playRunWithViolation } from "../../testing/samples/run-with-violation.ts";
import { formatsNamed, writeFormats } from "../formats/formats.ts";
import { startChromium } from "./chromium.ts";

const current = runForTests();
const phone = { width: 390, height: 844 };
const laptop = { width: 1280, height: 900 };

let browser: Browser;
let path: string;
let results: Results;
beforeAll(async () => {
  results = await playRunWithViolation(current.run);
  await writePage();
  path = join(current.run.folder, "report.html");
  browser = await startChromium();
}, 90_000);
afterAll(() => browser?.close());

function writePage(): Promise<void> {
  const { folder } = current.run;
  const drawable = { report: reportOf(results), page: () => pageOf(results, folder) };
  return writeFormats(formatsNamed("html"), drawable, folder);
}

/** What the page should not have done. */
let complaints: string[] = [];
let page: Page;
async function open(options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: laptop, ...options });
  context.setDefaultTimeout(10_000);
  page = await context.newPage();
  complaints = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("dialog", async (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  page.on("request", (request) => {
    if (!/^(file|data):/.test(request.url())) complaints.push(`a request for ${request.url()}`);
  });
  await page.goto(pathToFileURL(path).href);
  await page.getByRole("heading", { level: 1 }).waitFor();
  return page;
}
afterEach(async () => {
  expect(complaints).toEqual([]);
  await page.context().close();
});

const section = (id: string) => page.locator(`section#${id}`);

test("opens from disk without a word on the console, and asks the network for nothing", async () => {
  await open();
  const titles = await page.locator("main section.part > h2").allTextContents();
  expect(titles).toEqual([
    ...["Guarantees", "Violated guarantees", "Crash matrix", "Claims", "Code changed under a session"],
    ...["Timeline", "Faults", "Recovery"],
    ...["Latency under faults", "Load", "Sleepers", "Cost of a session", "Durability", "Code size"],
    ...["The lifecycles", "Selftest"],
  ]);
  for (const each of await page.locator("figure").all()) {
    await expect(each.locator("svg").getAttribute("aria-label")).resolves.toMatch(/\w/);
    await expect(each.locator("table").count()).resolves.toBeGreaterThan(0);
  }
});

test("leads from the top line to the guilty ledger entries", async () => {
  await open();
  await page.getByRole("link", { name: /recorded-once, idempotent.*see the evidence/ }).click();
  const guilty = section("violations").locator("section.violation", { hasText: hostileId });
  await guilty.first().waitFor();
  const rows = await guilty.first().locator("tbody tr", { hasText: "append-activity" }).allTextContents();
  expect(rows.length).toBeGreaterThanOrEqual(2);
  const replay = section("violations").locator("details[open]").getByText("npm run compare -- --seed 3");
  await expect(replay.isVisible()).resolves.toBe(true);
});

test("shows a session id that tries to be HTML as text", async () => {
  await open();
  await page.getByRole("button", { name: "First violation" }).click();
  await expect(page.locator("main img").count()).resolves.toBe(0);
  await expect(page.getByText(hostileId).count()).resolves.toBeGreaterThan(0);
});

test("a cell of the heat map opens the timeline of its case, and Escape goes back to it", async () => {
  await open();
  const cell = page.getByRole("button", { name: /Death after record:1, naive, resonate@embedded: passed/ });
  await cell.click();
  const dialog = page.getByRole("dialog", { name: /Death after record:1/ });
  await dialog.locator("svg").waitFor();
  const landed = dialog.locator("tbody tr", { hasText: "landed" }).filter({ hasText: "record:1" });
  await expect(landed.count()).resolves.toBe(2);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await expect(cell.evaluate((each) => each === document.activeElement)).resolves.toBe(true);
});

test("a change of the code opens what became of each session, with its story", async () => {
  await open();
  await section("upgrade")
    .getByRole("button", { name: /wrong \(1 of 3\).*a step is added after the wait, plain/ })
    .click();
  const dialog = page.getByRole("dialog", {
    name: /a step is added after the wait, plain, resonate@embedded/,
  });
  const cleanup = dialog.locator("details", { hasText: "forward, in its cleanup: wrong" });
  await cleanup.locator("summary").first().click();
  await expect(cleanup.getByText("expire was handed the receipt of expire").isVisible()).resolves.toBe(true);
  await cleanup.locator("svg").first().waitFor();
});

describe("the timeline", () => {
  const said = async () => (await section("timeline").getByRole("status").first().textContent()) ?? "";
  const shown = async () => Number(/: (\d+) sessions? of/.exec(await said())?.[1]);

  test("shows only sessions that a fault hit, when it is asked to", async () => {
    await open();
    await section("timeline").locator("svg").waitFor();
    const all = await shown();
    await section("timeline").getByRole("radio", { name: "hit by a fault" }).check();
    const hit = await shown();
    expect(hit).toBeGreaterThan(0);
    expect(hit).toBeLessThan(all);
    await section("timeline").getByText("Sessions in view as a table").click();
    const hitBy = await section("timeline").locator("tbody tr td:nth-child(4)").allTextContents();
    expect(hitBy).toHaveLength(hit);
    expect(hitBy).not.toContain("");
  });

  test("zooms, moves, and shows the session that is asked for", async () => {
    await open();
    const timeline = section("timeline");
    const whole = await timeline.getByRole("status").first().textContent();
    await timeline.getByRole("button", { name: "Zoom in" }).click();
    await timeline.getByRole("button", { name: "Zoom in" }).click();
    const zoomed = await timeline.getByRole("status").first().textContent();
    expect(zoomed).not.toBe(whole);
    await timeline.getByRole("button", { name: "Later" }).click();
    expect(await timeline.getByRole("status").first().textContent()).not.toBe(zoomed);
    await timeline.getByRole("button", { name: "Show the whole run" }).click();
    expect(await timeline.getByRole("status").first().textContent()).toBe(whole);
    await timeline.getByRole("radio", { name: "resonate@embedded" }).check();
    await timeline.getByRole("radio", { name: "redis-bullmq@redis" }).check();
    await timeline.getByRole("button", { name: "First violation" }).click();
    await expect(timeline.locator(".chosen svg").getAttribute("aria-label")).resolves.toMatch(/^Session /);
  });

  test("opens a session by a click on its bar", async () => {
    await open();
    const svg = section("timeline").locator("svg").first();
    await svg.scrollIntoViewIfNeeded();
    const bar = svg.locator("rect[fill='var(--record)']").first();
    await bar.hover({ force: true });
    await bar.click({ force: true });
    await section("timeline").locator(".chosen h3").first().waitFor();
  });
});

test("a table can be taken along as Markdown and as CSV", async () => {
  await open({ permissions: ["clipboard-read", "clipboard-write"] });
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  const table = section("guarantees").locator(".table").first();
  await table.getByRole("button", { name: /^Markdown/ }).click();
  await table.getByText("Copied", { exact: true }).waitFor();
  const markdown = (await clipboard()).split("\n");
  expect(markdown[0]).toMatch(/^\| invariant +\| +resonate@embedded, idempotent \|/);
  expect(markdown).toHaveLength(2 + invariantIds.length);
  await table.getByRole("button", { name: /^CSV/ }).click();
  await expect.poll(clipboard).toMatch(/^invariant,"resonate@embedded, idempotent"/);
});

test("is dark where the reader's system is", async () => {
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await open({ colorScheme: "light" });
  const light = await background();
  await page.emulateMedia({ colorScheme: "dark" });
  expect(await background()).not.toBe(light);
});

test.each([phone, laptop])(
  "fits a screen of $width px: what is wider scrolls by itself",
  async (viewport) => {
    await open({ viewport });
    await openFolds("details");
    const width = () => page.evaluate(() => document.documentElement.scrollWidth);
    expect(await width()).toBe(viewport.width);
    await page.getByRole("button", { name: /Death after record:1, naive, resonate@embedded/ }).click();
    await page.getByRole("dialog").locator("svg").waitFor();
    expect(await width()).toBe(viewport.width);
  },
);

test("can be read with the keyboard alone", async () => {
  await open();
  const press = async (key: string, until: (text: string) => boolean) => {
    for (let times = 0; times < 400; times++) {
      await page.keyboard.press(key);
      const focused = await page.evaluate(
        () => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent ?? "",
      );
      if (until(focused)) return;
    }
    throw new Error("nothing of that name was ever focused");
  };
  await press("Tab", (text) => text === "Skip to the content");
  await page.keyboard.press("Enter");
  await press("Tab", (text) => text.includes("see the evidence"));
  await page.keyboard.press("Enter");
  await section("violations").locator("details[open] section.violation").first().waitFor();
  await press("Tab", (text) => text.includes("Death before record:1"));
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  await press("Tab", (text) => text === "Zoom in");
  const before = await section("timeline").getByRole("status").first().textContent();
  await page.keyboard.press("Enter");
  expect(await section("timeline").getByRole("status").first().textContent()).not.toBe(before);
});

/** Opens what is folded in, and waits until the charts in it have been drawn. */
async function openFolds(selector: string): Promise<void> {
  await page.evaluate(async (which) => {
    for (const fold of document.querySelectorAll<HTMLDetailsElement>(which)) fold.open = true;
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  }, selector);
}

describe("has no serious barrier for anybody", () => {
  /** The others are alike, and axe takes its time for each. */
  const aFoldOfEachKind =
    "main section.part > details:first-of-type, main section.part figure:first-of-type > details";

  test.each([
    ["light", "light", laptop],
    ["dark", "dark", laptop],
    ["on a phone", "light", phone],
  ] as const)("%s", async (_what, colorScheme, viewport) => {
    await open({ colorScheme, viewport });
    await openFolds(aFoldOfEachKind);
    expect(await barriers("body")).toEqual([]);
    await page.getByRole("button", { name: /Death after record:1, naive, resonate@embedded/ }).click();
    await page.getByRole("dialog").locator("svg").waitFor();
    expect(await barriers("dialog")).toEqual([]);
  });

  /** Serious and critical findings of axe within an element, each with the first place that it is about. */
  async function barriers(within: string): Promise<readonly string[]> {
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(
      (selector) =>
        (window as unknown as { axe: typeof axe }).axe.run(selector, { resultTypes: ["violations"] }),
      within,
    );
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0]?.html}`);
  }
});

test("can be made again from the files of the run, and is the same", async () => {
  await open();
  const first = readFileSync(path, "utf8");
  await writePage();
  expect(readFileSync(path, "utf8")).toBe(first);
});
