/** Where a worker dies at its last request: BullMQ ends a job with `moveToCompleted`, once the processor has returned. */
import { Job } from "bullmq";

export async function hookCompletion(die: () => Promise<never>): Promise<void> {
  Job.prototype.moveToCompleted = die;
}
