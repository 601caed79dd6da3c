/** Files that are there whole or not at all: whoever finds one may trust it, even when the writer was killed. */
import { rename, rm, writeFile } from "node:fs/promises";

/** Writes the file beside itself and renames it into place. Rejects as the file system does; nothing is left behind then. */
export async function writeWholeFile(path: string, text: string): Promise<void> {
  const unfinished = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(unfinished, text);
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
  }
}
