/** A bound on how long an answer of the store may take. */
// concern: work-around for @resonatehq/sdk 0.11.5
import { ResonateTimeoutException } from "@resonatehq/sdk";

/** What `HttpNetwork` takes where nobody asks for another, ms. */
export const usualTimeoutMs = 10_000;

/**
 * Rejects with what the SDK expects of a network, and asks again for, where the answer fails or takes too long. The bound
 * of the SDK's own networks (0.11.5) ends with an answer's headers, or there is none: a body that a proxy held back until
 * another worker had the session would be believed.
 */
export async function within<T>(timeoutMs: number, answer: Promise<T>): Promise<T> {
  const tooLate = Promise.withResolvers<never>();
  const timer = setTimeout(() => tooLate.reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  try {
    return await Promise.race([answer, tooLate.promise]);
  } catch (error) {
    if (error instanceof ResonateTimeoutException) throw error;
    const failure = new ResonateTimeoutException(error instanceof Error ? error.message : String(error));
    failure.cause = error;
    throw failure;
  } finally {
    clearTimeout(timer);
  }
}
