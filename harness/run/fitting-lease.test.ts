import { describe, expect, it } from "vitest";
import { leaseFor, observeScheduling } from "./fitting-lease.ts";

describe("leaseFor", () => {
  it("takes a second where the machine bears it, and two or four where it does not", () => {
    expect(leaseFor({ lateMs: 5, startMs: 120 })).toMatchObject({ leaseMs: 1000 });
    expect(leaseFor({ lateMs: 13, startMs: 360 })).toMatchObject({ leaseMs: 2000 });
    expect(leaseFor({ lateMs: 150, startMs: 120 })).toMatchObject({ leaseMs: 2000 });
    expect(leaseFor({ lateMs: 20, startMs: 900 })).toMatchObject({ leaseMs: 4000 });
    expect(leaseFor({ lateMs: 5_000, startMs: 9_000 })).toMatchObject({ leaseMs: 4000 });
  });

  it("says what it saw", () => {
    expect(leaseFor({ lateMs: 5, startMs: 120 }).reason).toBe(
      "a process starts in 0.120 s and a timer fires up to 5 ms late",
    );
    expect(leaseFor({ lateMs: 13, startMs: 360 }).reason).toMatch(/^this machine is busy: /);
  });
});

it("sees a machine on which processes start and timers fire", async () => {
  const { lateMs, startMs } = await observeScheduling();
  expect(startMs).toBeGreaterThan(10);
  expect(lateMs).toBeGreaterThan(0);
});
