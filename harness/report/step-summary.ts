/** The summary of a step of a GitHub workflow: where `$GITHUB_STEP_SUMMARY` is set, the report shows on the workflow's page. */
import { appendFile, stat } from "node:fs/promises";
import { messageOf } from "../errors.ts";

/** GitHub shows nothing at all of a summary that is larger. */
const limitBytes = 1024 * 1024;

const cutNote = "… The rest did not fit into this summary: it is in `report.md`.\n";

/** Appends to the summary as much of a report as fits. Where that cannot be done, it is said, and the run goes on. */
export async function appendStepSummary(path: string, markdown: string): Promise<void> {
  try {
    const size = await stat(path).then(
      (file) => file.size,
      () => 0,
    );
    await appendFile(path, fitted(markdown, limitBytes - size));
  } catch (error) {
    const why = messageOf(error);
    console.error(`The step summary was not written (${why}).`);
  }
}

/**
 * As many blocks of `markdown` from its start as `roomBytes` of UTF-8 hold, and a note where some are missing; nothing
 * where not even the note fits. Blocks stand apart by a blank line, and no table or code is cut in two. Pure.
 */
export function fitted(markdown: string, roomBytes: number): string {
  if (Buffer.byteLength(markdown) <= roomBytes) return markdown;
  const kept: string[] = [];
  let leftBytes = roomBytes - Buffer.byteLength(cutNote);
  if (leftBytes < 0) return "";
  for (const block of markdown.split("\n\n")) {
    leftBytes -= Buffer.byteLength(block) + 2;
    if (leftBytes < 0) break;
    kept.push(`${block}\n\n`);
  }
  return `${kept.join("")}${cutNote}`;
}
