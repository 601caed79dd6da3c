/** The flags that say where a store is that is running already, and what a store of the run's own needs besides its program. */

interface StoreFlag {
  readonly flag: string;
  readonly says: string;
  readonly variable: string;
}

export const storeFlags: readonly StoreFlag[] = [
  {
    flag: "--redis-url <url>",
    says: "a Redis that is running, as store: rediss://user:password@host:6379/0",
    variable: "KILLPROOF_REDIS_URL",
  },
  {
    flag: "--resonate-url <url>",
    says: "a Resonate server that is running, as store",
    variable: "KILLPROOF_RESONATE_URL",
  },
  {
    flag: "--resonate-token <token>",
    says: "bearer token for that server",
    variable: "KILLPROOF_RESONATE_TOKEN",
  },
  {
    flag: "--postgres-url <url>",
    says: "a PostgreSQL that is running, as store: of Resonate with the schema of resonate-pg in place, of others by a database that the run makes",
    variable: "KILLPROOF_POSTGRES_URL",
  },
  {
    flag: "--store-url <list>",
    says: "a store of an engine's own that is running, by target, separated by commas: engine@store=http://host:8080",
    variable: "KILLPROOF_STORE_URL",
  },
  {
    flag: "--resonate-sql <file>",
    says: "resonate.sql of resonate-pg, for a PostgreSQL that the run starts",
    variable: "KILLPROOF_RESONATE_SQL",
  },
];

/** The flags that name a store. */
export const storeUrlFlags: readonly string[] = storeFlags
  .map(({ flag }) => flag.split(" ")[0] ?? "")
  .filter((flag) => flag.endsWith("-url"));

/** Those that name something for a store of the run's own. */
export const ownStoreFlags: readonly StoreFlag[] = storeFlags.filter(({ flag }) => / <file>$/.test(flag));
