/**
 * Three kinds of tests: `*.test.ts` are pure and quick and run side by side; `*.e2e.test.ts` start real processes
 * and kill them, so they run one file at a time, after the others, or a busy machine would look like a fault;
 * `*.nightly.test.ts` are such that take minutes, and `npm run test:nightly` runs them.
 */
import { configDefaults, defineConfig } from "vitest/config";

const e2e = "**/*.e2e.test.ts";
const nightly = "**/*.nightly.test.ts";

export default defineConfig({
  test: {
    teardownTimeout: 30_000,
    maxConcurrency: 2, // of the tests in one file that may run side by side: two cores
    projects: [
      {
        test: {
          name: "unit",
          isolate: false, // no test leaves anything behind, and half of their time was imports
          include: ["**/*.test.ts"],
          exclude: [...configDefaults.exclude, e2e, nightly, "results/**"],
          testTimeout: 10_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: "e2e",
          include: [e2e],
          exclude: [...configDefaults.exclude, "results/**"],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "nightly",
          include: [nightly],
          exclude: [...configDefaults.exclude, "results/**"],
          fileParallelism: false,
          testTimeout: 30 * 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
