/**
 * Imports point downward: a room may import those of the floors below its own, and no other of its own floor. Tests, and
 * what only they use, may import everything.
 */

/** From the bottom to the top; a room is a folder, or a file. */
const floors = [
  ["implementations/session", "implementations/former-names.ts"],
  ["harness/errors.ts", "harness/repository.ts", "harness/draw.ts"],
  ["harness/faults/kinds"],
  ["harness/world"],
  ["harness/history", "harness/processes"],
  ["harness/plan"],
  ["harness/checks"],
  ["harness/stores"],
  ["harness/workers"],
  ["harness/faults"],
  ["harness/report"],
  ["harness/run"],
  ["harness/scenarios"],
  ["harness/engines"],
  ["implementations/*/manifest"],
  ["implementations/index.ts"],
  ["harness/targets"],
  ["harness/conform"],
  ["harness/experiments"],
  ["harness/findings"],
  ["harness/commands"],
  ["harness/cli.ts"],
];

const onlyInTests = "\\.test\\.ts$|^harness/testing/";

/** A regular expression for the files of a room, without those of a room inside it. */
function filesOf(room) {
  if (room.endsWith(".ts")) return `^${room}$`;
  const inside = floors
    .flat()
    .filter((other) => other.startsWith(`${room}/`))
    .map((other) => other.slice(room.length + 1));
  const others = inside.length === 0 ? "" : `(?!(${inside.join("|")})/)`;
  return `^${room.replace("*", "[^/]+")}/${others}`;
}

const downward = floors.flatMap((floor, height) =>
  floor.map((room) => ({
    name: `${room} imports downward`,
    severity: "error",
    from: { path: filesOf(room), pathNot: onlyInTests },
    to: {
      path: floors
        .slice(height)
        .flat()
        .filter((other) => other !== room)
        .map(filesOf)
        .concat("^harness/testing/"),
    },
  })),
);

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    ...downward,
    {
      name: "an experiment imports no other experiment",
      severity: "error",
      from: { path: "^harness/experiments/([^/]+)/", pathNot: onlyInTests },
      to: { path: "^harness/experiments/[^/]+/", pathNot: "^harness/experiments/$1/" },
    },
    {
      name: "an implementation imports the ground floor, its engine, and nothing else of ours",
      severity: "error",
      from: { path: "^implementations/([^/]+)/", pathNot: `${onlyInTests}|^implementations/[^/]+/manifest/` },
      to: { path: "^(implementations|harness)/", pathNot: "^implementations/(session|$1)/(?!manifest/)" },
    },
    {
      name: "what is written by the book stands alone, and so do its line counts",
      severity: "error",
      from: { path: "^implementations/([^/]+)/by-the-book/", pathNot: onlyInTests },
      to: { path: "^implementations/$1/", pathNot: "^implementations/$1/(by-the-book|node_modules)/" },
    },
    {
      name: "a manifest is of one engine, and the list of engines is who imports it",
      severity: "error",
      from: { path: "^(implementations/([^/]+)|harness)/", pathNot: onlyInTests },
      to: { path: "^implementations/[^/]+/manifest/", pathNot: "^implementations/$2/manifest/" },
    },
    {
      name: "what a process does when it starts happens to nobody who needs its types",
      severity: "error",
      from: { pathNot: onlyInTests },
      to: { path: "-main\\.ts$", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "no circle of files",
      severity: "error",
      from: { pathNot: onlyInTests },
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: onlyInTests },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { extensions: [".ts"] },
  },
};
