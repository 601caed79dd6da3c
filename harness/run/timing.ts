/** Lease and retries of whatever plays no plan of its own: the same on every target (fairness rule 3). */

export const timing = { leaseMs: 1000, retryDelayMs: 200 } as const;

/** Where nobody dies nobody waits for a lease: this one is so long that its renewal has no part in what is measured. */
export const longLease = { ...timing, leaseMs: 10_000 } as const;

/** So long may the sessions take that are under way when a round of load is over, ms; one that takes longer never ends. */
export const longestRestMs = 180_000;
