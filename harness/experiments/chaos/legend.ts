/** How to read a report; every form of it says the same. */
export const legend: readonly string[] = [
  "✓ 0 of 300, ≤ 1.0 %: the guarantee held. Of 300 sessions that a fault of its kind had hit (exposed), none violated " +
    "it; the violation rate is at most 1.0 % with 95 % confidence.",
  "✗ 2 of 300: the guarantee was violated by 2 sessions; each is listed with the ledger entries that prove it.",
  "? none exposed: nothing was proved, because no fault of the right kind hit a session.",
  "nobody-deaf counts workers, not sessions, and is the same in both modes.",
  "12 of 150: 8.0 % (4.2–13.6 %): not guaranteed but measured, with the 95 % interval of the rate.",
  "idempotent: the outside world answers a repeated idempotency key with the first result; naive: it ignores keys, and every call lands.",
];
