/** Why a store cannot be asked for each durability, in a few words. */
export const durabilityLimits = {
  postgres: "PostgreSQL syncs each commit or none",
  resonateServer: "the official Resonate server (v0.9.8) syncs its SQLite at checkpoints only",
} as const;
