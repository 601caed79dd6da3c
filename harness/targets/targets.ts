/** The targets that can be run: every engine on each of its stores, and that of a folder that no list knows. */
import { existsSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { currentName } from "../../implementations/former-names.ts";
import { engines } from "../../implementations/index.ts";
import type { Engine, EngineStore } from "../engines/engine.ts";
import { whyNotInstalled } from "../engines/packages.ts";
import { HarnessError, messageOf, UsageError } from "../errors.ts";
import { anyClocks } from "../history/clocks.ts";
import { byTheBook } from "../report/target-name.ts";
import { faultsOn, type Target } from "../run/target.ts";
import {
  type EmptyStoreName,
  emptyStores,
  type StoreKindName,
  type StoreOptions,
  storeKinds,
} from "../stores/kinds.ts";
import type { Durability } from "../stores/store.ts";
import "../workers/engine-imports.ts";

/** An engine, and where it is. */
export interface PlacedEngine {
  readonly name: string;
  /** A file URL that ends in `/`. */
  readonly folder: string;
  readonly manifest: Engine;
  /** The manifest's packages, by the key that the version of each has in results: nobody else has it. */
  readonly versions: Readonly<Record<string, string>>;
}

const listed: readonly PlacedEngine[] = [...engines].map(([name, manifest]) => ({
  name,
  folder: new URL(`../../implementations/${name}/`, import.meta.url).href,
  manifest,
  versions: manifest.versions ?? {},
}));

/** Every engine: those of the list, and the one that {@link loadEngine} has brought. */
let known = listed;

/** The engines as their documentation would have one use them, under names of their own. Nothing is promised of them. */
const books = (engines: readonly PlacedEngine[]): readonly PlacedEngine[] =>
  engines.flatMap(({ name, folder, manifest }) => {
    const { byTheBook: onStores, stores, defaultLeaseMs, upgrades, versions, drivers } = manifest;
    return onStores === undefined
      ? []
      : [
          {
            name: byTheBook(name),
            folder: new URL("by-the-book/", folder).href,
            manifest: {
              stores: stores
                .filter((store) => onStores.includes(store.name))
                .map(({ guarantees: _promised, isUsual: _usual, ...store }) => store),
              ...(defaultLeaseMs === undefined ? {} : { defaultLeaseMs }),
              ...(upgrades?.byTheBook === undefined ? {} : { upgrades: { plain: upgrades.byTheBook } }),
              ...(versions === undefined ? {} : { versions }),
              ...(drivers === undefined ? {} : { drivers }),
            },
            versions: {},
          },
        ];
  });

export function engineOf({ engine }: Pick<Target, "engine">): Engine {
  const found = [...known, ...books(known)].find(({ name }) => name === engine);
  if (found === undefined)
    throw new HarnessError(`No engine ${engine} is known.`, "Name its folder with --engine.");
  return found.manifest;
}

/** The engines that results and reports are about, in the order of a report. */
export function knownEngines(): readonly PlacedEngine[] {
  return known;
}

const namesOf = (engines: readonly PlacedEngine[], stores: (of: Engine) => readonly EngineStore[]) =>
  engines.flatMap(({ name, manifest }) => stores(manifest).map((store) => `${name}@${store.name}`));

/** All that the list has. */
export const allTargetNames: readonly string[] = namesOf(
  [...listed, ...books(listed)],
  ({ stores }) => stores,
);
/** Those of the list that are run where none is named. */
export const usualTargetNames: readonly string[] = namesOf(listed, ({ stores }) =>
  stores.filter(({ isUsual }) => isUsual),
);

/** Those that are run where none is named. */
let usual = usualTargetNames;

/** Those of the list that are run where none is named, on stores of the run's own. */
export const targets: readonly Target[] = targetsNamed(usualTargetNames.join(","));

/** Those that are run where none is named. */
export function usualTargets(options: StoreOptions = {}): readonly Target[] {
  return targetsNamed(usual.join(","), options);
}

/**
 * Makes an engine known that no list knows, under the name of its folder. Where no target is named, its own are run.
 * @throws UsageError where the folder holds no engine.
 */
export async function loadEngine(path: string): Promise<void> {
  const folder = implementationIn(path);
  const name = basename(resolve(path));
  const file = new URL("manifest/engine.ts", folder);
  if (!existsSync(file)) {
    throw new UsageError(
      `${path} has no manifest/engine.ts.`,
      "Let it export `engine`, with the stores at least that it runs on; implementations/README.md says what it may say.",
    );
  }
  const own = listed.find(({ folder: of }) => of === folder);
  if (own !== undefined) {
    usual = own.manifest.stores.map((store) => `${own.name}@${store.name}`);
    return;
  }
  if (allTargetNames.some((target) => target.startsWith(`${name}@`))) {
    throw new UsageError(`An engine of the name ${name} is listed already.`, "Rename the folder.");
  }
  const { engine }: { engine?: Engine } = await import(file.href).catch((error: unknown) => {
    const why = messageOf(error);
    throw new UsageError(`${path}/manifest/engine.ts cannot be imported: ${why}.`, "Mend what it says.", {
      cause: error,
    });
  });
  const wrong = whyNoEngine(engine);
  if (wrong !== null)
    throw new UsageError(`${path}/manifest/engine.ts ${wrong}.`, "See implementations/README.md.");
  const manifest = engine as Engine;
  const versions = Object.entries(manifest.versions ?? {}).map(([key, of]) => [`${name}: ${key}`, of]);
  known = [...listed, { name, folder, manifest, versions: Object.fromEntries(versions) }];
  usual = manifest.stores.map((store) => `${name}@${store.name}`);
}

/** What makes a manifest of anybody's none; null where it can be used. */
function whyNoEngine(engine: Engine | undefined): string | null {
  if (typeof engine !== "object" || engine === null) return "exports no `engine`";
  if (!Array.isArray(engine.stores) || engine.stores.length === 0) return "names no store";
  const unknown = engine.stores.find(
    ({ name, kind = name, brings }) => brings === undefined && !Object.hasOwn(storeKinds, kind),
  );
  return unknown === undefined
    ? null
    : `names the store "${unknown.kind ?? unknown.name}", which there is not: choose from ${Object.keys(storeKinds).join(", ")}`;
}

/** The folder's URL, which ends in `/`. @throws UsageError for what is no folder, or holds neither module of an implementation. */
export function implementationIn(folder: string): string {
  const isFolder = existsSync(folder) && statSync(folder).isDirectory();
  if (!isFolder || ["worker.ts", "client.ts"].every((file) => !existsSync(join(folder, file)))) {
    throw new UsageError(
      `${folder} is no implementation: ${isFolder ? "neither worker.ts nor client.ts is in it" : "there is no such folder"}.`,
      `Name a folder such as implementations/${listed[0]?.name}; implementations/README.md says what goes into one.`,
    );
  }
  return `${pathToFileURL(resolve(folder)).href.replace(/\/$/, "")}/`;
}

/** An implementation without a manifest, in a folder whose URL ends in `/`, on one of the empty stores. */
export function unlistedTarget(implementation: string, store: EmptyStoreName): Target {
  const name = decodeURIComponent(new URL(implementation).pathname.split("/").at(-2) ?? "");
  const manifest: Engine = { stores: [{ name: store, kind: emptyStores[store] }] };
  return targetOf({ name, folder: implementation, manifest }, { name: store, kind: emptyStores[store] }, {});
}

function targetOf(
  { name: engine, folder, manifest }: Omit<PlacedEngine, "versions">,
  { name, kind, brings, guarantees = [], clocks = anyClocks, residueIn }: EngineStore,
  options: StoreOptions,
): Target {
  const store =
    brings?.(urlFor(`${engine}@${name}`, options)) ?? storeKinds[kind ?? (name as StoreKindName)](options);
  return {
    ...store,
    name: `${engine}@${name}`,
    engine,
    implementation: folder,
    defaultLeaseMs: manifest.defaultLeaseMs ?? null,
    faults: faultsOn(store),
    guarantees,
    clocks,
    whyUnavailable: async () => whyNotInstalled(folder) ?? store.whyUnavailable(),
    ...(residueIn === undefined ? {} : { residueIn }),
  };
}

/** What `--store-url` says of this target; nothing, where it does not name it. */
function urlFor(target: string, { storeUrl }: StoreOptions): string | undefined {
  const named = storeUrl?.split(",").find((each) => each.trim().startsWith(`${target}=`));
  return named?.trim().slice(target.length + 1);
}

/** Beside each of these targets the engine by the book on the same store, where there is one. */
export function booksOf(targets: readonly Target[], options: StoreOptions): readonly Target[] {
  const all = books(known).flatMap((engine) =>
    engine.manifest.stores.map((store) => targetOf(engine, store, options)),
  );
  const wanted = targets.map(({ name, engine }) => byTheBook(engine) + name.slice(engine.length));
  return all.filter(({ name }) => wanted.includes(name));
}

/** What was asked for by name: those that can be run, and those that cannot, each with the reason. */
export interface ResolvedTargets {
  readonly targets: readonly Target[];
  readonly unavailable: readonly { readonly name: string; readonly reason: string }[];
}

/**
 * Looks which of the targets in a list, separated by commas, can be run on this machine; of the usual ones, where no list is given.
 * @throws UsageError for a name that does not exist, and for a durability that one of them does not have.
 */
export async function resolveTargets(
  list: string | undefined,
  options: StoreOptions & { readonly durability?: Durability | undefined },
): Promise<ResolvedTargets> {
  const named = list === undefined ? usualTargets(options) : targetsNamed(list, options);
  const asked = named.toSorted((a, b) => placeOf(a) - placeOf(b));
  if (options.durability !== undefined) refuseDurabilityNotHad(asked, options.durability);
  const looked = await Promise.all(
    asked.map(async (target) => ({ target, reason: await target.whyUnavailable() })),
  );
  return {
    targets: looked.flatMap(({ target, reason }) => (reason === null ? [target] : [])),
    unavailable: looked.flatMap(({ target, reason }) =>
      reason === null ? [] : [{ name: target.name, reason }],
    ),
  };
}

/** Its place in a report: by the list of engines, and within one by the stores of its manifest. */
function placeOf({ name }: Pick<Target, "name">): number {
  const inOrder = [...known, ...books(known)].flatMap(({ name: engine, manifest }) =>
    manifest.stores.map((store) => `${engine}@${store.name}`),
  );
  return inOrder.indexOf(name);
}

/** @throws UsageError where `--store-url` names what is no target on a store that its engine brings. */
function refuseUrlOfNobody({ storeUrl = "" }: StoreOptions): void {
  const bringing = known.flatMap(({ name: engine, manifest: { stores } }) =>
    stores.flatMap(({ name, brings }) => (brings === undefined ? [] : [`${engine}@${name}`])),
  );
  const given = storeUrl.split(",").map((each) => each.trim());
  const wrong = given.find(
    (each) => each !== "" && !bringing.some((target) => each.startsWith(`${target}=`)),
  );
  if (wrong === undefined) return;
  throw new UsageError(
    `--store-url ${wrong} names no target whose engine brings its store.`,
    `Write it as ${bringing[0] ?? "engine@store"}=URL; such targets are: ${bringing.join(", ") || "none"}.`,
  );
}

/** Looks up the targets in a list separated by commas. @throws UsageError for a name that does not exist. */
export function targetsNamed(list: string, options: StoreOptions = {}): readonly Target[] {
  refuseUrlOfNobody(options);
  // All of them, so that an option that is wrong says so whichever target it is for.
  const all = [...known, ...books(known)].flatMap((engine) =>
    engine.manifest.stores.map((store) => targetOf(engine, store, options)),
  );
  const names = list.split(",").map((name) => currentName(name.trim()));
  return [...new Set(names)].map((wanted) => {
    const found = all.find(({ name }) => name === wanted);
    if (found !== undefined) return found;
    throw new UsageError(
      wanted === "" ? "No target was named." : `Unknown target "${wanted}".`,
      `Choose from: ${all.map(({ name }) => name).join(", ")}.`,
    );
  });
}

/** @throws UsageError for the first of the targets whose store cannot be asked to keep that. */
function refuseDurabilityNotHad(
  targets: readonly Pick<Target, "name" | "durabilities" | "whyNoOthers">[],
  durability: Durability,
): void {
  const refusing = targets.find(({ durabilities }) => !durabilities.includes(durability));
  if (refusing === undefined) return;
  throw new UsageError(
    `${refusing.name} has no durability "${durability}"${refusing.whyNoOthers === undefined ? "" : `: ${refusing.whyNoOthers}`}.`,
    `Choose --durability ${refusing.durabilities.join(" or ")}, or leave the target out with --targets.`,
  );
}
