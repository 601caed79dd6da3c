/** Where a worker dies at its last request: behind the checkpoint of the last step DBOS records the outcome of the workflow. */
import { SystemDatabase } from "@dbos-inc/dbos-sdk/internal/system_database";

export async function hookCompletion(die: () => Promise<never>): Promise<void> {
  SystemDatabase.prototype.recordWorkflowOutput = die;
}
