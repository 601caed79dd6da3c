import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { hostileResults } from "../testing/samples/hostile-results.ts";
import { sampleResults } from "../testing/samples/sample-results.ts";
import { pageOf } from "./page-of.ts";

const hostile = "</script><script>alert(1)</script><!-- <img src=x onerror=alert(1)>";
const violation = { session: hostile, what: hostile, evidence: [{ seq: "1-0", at: 1, kind: hostile }] };

describe("pageOf", () => {
  test("lets no text of a session end the element that holds it", async () => {
    const [row] = hostileResults.verdicts;
    if (row === undefined) throw new Error("the sample has no verdict");
    const page = await pageOf({ ...hostileResults, verdicts: [{ ...row, violations: [violation] }] }, null);
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page.match(/<\/script/g)).toHaveLength(2);
    expect(page).not.toContain("<img");
    expect(page).not.toContain("<!--");
    const [, embedded = ""] = /id="content">(.*)<\/script>/.exec(page) ?? [];
    const content = gunzipSync(Buffer.from(embedded, "base64")).toString();
    expect(JSON.parse(content).results.verdicts[0].violations).toEqual([violation]);
  });

  test("allows its own script and no other, and nothing from the network", async () => {
    const page = await pageOf(sampleResults, null);
    const [, script = ""] = /<script>([\s\S]*)<\/script>/.exec(page) ?? [];
    const hash = createHash("sha256").update(script).digest("base64");
    expect(page).toContain(`default-src 'none'; script-src 'sha256-${hash}'; `);
    expect(page).not.toMatch(/(src|href)=["']?(https?:)?\/\//);
  });

  test("refuses results that do not fit their schema", async () => {
    const wrong = { ...sampleResults, run: { ...sampleResults.run, seed: 0.5 } };
    await expect(pageOf(wrong, null)).rejects.toThrow("seed");
  });
});
