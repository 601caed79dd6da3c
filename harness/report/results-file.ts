/**
 * Reading and writing `results.json`. It is validated both ways and written in one atomic step, so that a file
 * which exists is whole, and a report never says what the schema does not know.
 */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { withCurrentNames } from "../../implementations/former-names.ts";
import { HarnessError, UnreadableResultsError } from "../errors.ts";
import { resultsSchemaVersion } from "./run-facts.ts";
import { writeWholeFile } from "./whole-file.ts";

const anyVersionSchema = z.looseObject({ schemaVersion: z.int() });

const runAgain = "Write it again with a run, or name another file.";

/** @throws UnreadableResultsError when the file is missing, damaged, or of another schema version. */
export async function readResultsFile<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    const what =
      error.code === "ENOENT" ? "does not exist" : `cannot be read (${error.code ?? error.message})`;
    throw new UnreadableResultsError(`${path} ${what}.`, "Name a results.json that a run has written.", {
      cause: error,
    });
  });
  const value = parseJson(path, text);
  const version = anyVersionSchema.safeParse(value);
  if (version.success && version.data.schemaVersion !== resultsSchemaVersion) {
    throw new UnreadableResultsError(
      `${path} has schema version ${version.data.schemaVersion}; this Killproof reads version ${resultsSchemaVersion}.`,
      "Read it with the commit that wrote it, or run again.",
    );
  }
  const results = schema.safeParse(withCurrentNames(value));
  if (!results.success) {
    throw new UnreadableResultsError(
      `${path} is not a results file: ${firstIssue(results.error)}.`,
      runAgain,
      { cause: results.error },
    );
  }
  return results.data;
}

/**
 * Writes the file, whole or not at all.
 * @throws HarnessError when `results` does not fit the schema; nothing is written then.
 */
export async function writeResultsFile(path: string, results: unknown, schema: z.ZodType): Promise<void> {
  const valid = schema.safeParse(results);
  if (!valid.success) {
    throw new HarnessError(
      `The results do not fit their schema: ${firstIssue(valid.error)}.`,
      "This is a defect of Killproof: please report it with the seed.",
      { cause: valid.error },
    );
  }
  await writeWholeFile(path, `${JSON.stringify(valid.data, null, 2)}\n`);
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UnreadableResultsError(`${path} is damaged: it is not JSON.`, runAgain, { cause: error });
  }
}

function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue === undefined ? "unknown" : `${issue.path.join(".") || "the whole"}: ${issue.message}`;
}
