/** The page of a run of all five targets, in a real browser: what two bear, five may not. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pageOf } from "../../experiments/page-of.ts";
import type { Results } from "../../experiments/results.ts";
import { fiveTargets, onFiveTargets } from "../../testing/samples/five-targets.ts";
import { samplePerformance } from "../../testing/samples/sample-of-every-chart.ts";
import { sampleResults } from "../../testing/samples/sample-results.ts";
import { startChromium } from "./chromium.ts";

const laptop = { width: 1280, height: 900 };
const phone = { width: 390, height: 844 };

const concerns = ["another store", "retry and recovery"].map((concern, index) => ({
  implementation: "resonate",
  file: `implementations/resonate/${index}.ts`,
  concern,
  workAroundFor: null,
  codeLines: 62,
  commentLines: 0,
  statements: 37,
  gzipBytes: 954,
}));
const sample: Results = {
  ...sampleResults,
  ...samplePerformance,
  codeSize: [...sampleResults.codeSize, ...concerns],
};
const anotherNumberOfWorkers = {
  load: sample.load.map((row) => ({ ...row, workers: 4 })),
  loadRatios: sample.loadRatios.map((row) => ({ ...row, workers: 4 })),
};
const results = onFiveTargets({
  ...sample,
  load: [...sample.load, ...anotherNumberOfWorkers.load],
  loadRatios: [...sample.loadRatios, ...anotherNumberOfWorkers.loadRatios],
});

let browser: Browser;
let folder: string;
let page: Page;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "killproof-five-targets-"));
  await writeFile(join(folder, "report.html"), await pageOf(results, null));
  browser = await startChromium();
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

async function open(viewport: typeof laptop, colorScheme: "light" | "dark" = "light"): Promise<void> {
  page = await browser.newPage({ viewport, colorScheme });
  await page.goto(pathToFileURL(join(folder, "report.html")).href);
  await page.getByRole("heading", { level: 1 }).waitFor();
  for (const box of await page.locator(".targets input:not(:checked)").all()) await box.check();
}

test("compares the engines of the question at first, any others at a click, and never none", async () => {
  page = await browser.newPage({ viewport: laptop });
  await page.goto(pathToFileURL(join(folder, "report.html")).href);
  const shown = () => page.locator("#guarantees thead").first().textContent();
  const boxOf = (name: string) => page.getByRole("checkbox", { name });
  await boxOf("postgres-queue@postgres").waitFor();
  expect(await shown()).toContain("redis-bullmq@redis");
  expect(await shown()).not.toContain("postgres-queue@postgres");
  await boxOf("postgres-queue@postgres").check();
  expect(await shown()).toContain("postgres-queue@postgres");
  for (const name of fiveTargets) await boxOf(name).click();
  expect(await boxOf(fiveTargets.at(-1) ?? "").isChecked()).toBe(true);
  expect(await page.locator(".targets input:checked").count()).toBe(1);
});

test.each(["light", "dark"] as const)("each target has a colour of its own, %s", async (scheme) => {
  await open(laptop, scheme);
  const colours = await page
    .locator(".target")
    .evaluateAll((sections) => sections.map((section) => getComputedStyle(section).borderTopColor));
  expect(new Set(colours).size).toBe(fiveTargets.length);
});

test("no two lines of a chart of load look alike", async () => {
  await open(laptop);
  const legends = await page.locator("#load figure .keys").evaluateAll((lists) =>
    lists.map((list) =>
      [...list.querySelectorAll(".swatch")].map((swatch) => {
        const { borderTopColor, borderTopStyle, backgroundColor } = getComputedStyle(swatch);
        return `${borderTopStyle} ${borderTopColor} ${backgroundColor}`;
      }),
    ),
  );
  expect(legends.length).toBeGreaterThan(4);
  for (const swatches of legends) expect(new Set(swatches).size).toBe(swatches.length);
});

test("the ratios of two targets stand beside one another, and those of another number of workers elsewhere", async () => {
  await open(laptop);
  const figure = page.locator("#load figure", { hasText: "÷ that of" });
  const dots = () =>
    figure
      .locator("svg circle")
      .evaluateAll((circles) =>
        circles.map((circle) => Math.round(circle.getBoundingClientRect().top)).sort((a, b) => a - b),
      );
  await expect.poll(async () => (await dots()).length).toBe(3 * (fiveTargets.length - 1));
  const tops = await dots();
  expect(new Set(tops).size).toBe(tops.length);
  await page.locator("#load").getByRole("radio", { name: "4 workers" }).check();
  await page
    .locator("#load")
    .getByRole("heading", { name: /÷ that of .*, 4 workers/ })
    .waitFor();
});

test("the names of concerns are not cut off, and the sum of an implementation is that of the table", async () => {
  await open(laptop);
  const svg = page.locator("#code-size figure svg");
  await svg.waitFor();
  const { left } = (await svg.evaluate((each) => each.getBoundingClientRect())) as DOMRect;
  const lefts = await svg
    .locator("text")
    .evaluateAll((texts) => texts.map((text) => text.getBoundingClientRect().left));
  expect(Math.min(...lefts)).toBeGreaterThanOrEqual(left);
  await page.locator("#code-size").getByText("Numbers as a table").click();
  const total = await page
    .locator("#code-size tbody tr", { hasText: /^total/ })
    .first()
    .locator("td")
    .first();
  const caption = await page.locator("#code-size figcaption").textContent();
  expect(caption).toContain(`resonate: ${await total.textContent()} in all`);
});

test.each([laptop, phone])("fits a screen of $width px", async (viewport) => {
  await open(viewport);
  await page.evaluate(() => {
    for (const fold of document.querySelectorAll("details")) fold.open = true;
  });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(viewport.width);
});

test("every guarantee and every crash point of every target is seen on a laptop without scrolling sideways", async () => {
  await open(laptop);
  for (const id of ["guarantees", "crash-matrix"]) {
    const hidden = await page
      .locator(`#${id} > .table > .scroll, #${id} .scroll.heat`)
      .evaluateAll((all) => all.map((each) => each.scrollWidth - each.clientWidth));
    expect(hidden.length).toBeGreaterThan(0);
    expect(Math.max(...hidden)).toBe(0);
  }
});
