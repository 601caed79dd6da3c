/** The checkout that this harness runs from. */
import { join } from "node:path";

/** Absolute path of the repository's root. */
export const repositoryRoot = join(import.meta.dirname, "..");
