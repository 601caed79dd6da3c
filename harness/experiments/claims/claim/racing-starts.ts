import type { History } from "../../../history/history.ts";
import {
  answers,
  differentAnswers,
  ifProvoked,
  landingsOf,
  mostExecutions,
} from "../../../history/observe.ts";
import type { Child } from "../../../processes/reaper.ts";
import { terminate } from "../../../processes/terminate.ts";
import type { Case } from "../../../run/case.ts";
import { evenWork, plainSpec } from "../../../run/sample-session.ts";
import { race } from "../../../scenarios/acts.ts";
import { type Claim, type Evidence, expected, measured } from "../../../scenarios/claim.ts";

const processes = 4;
const crowds = [2, 10, 50];
const activities = 3;

export const racingStarts: Claim = {
  id: "racing-starts",
  sentence: "However many callers start one id at once, one lifecycle runs, and all callers get its result.",
  provocation: `${crowds.join(", ")} callers in ${processes} processes, released by one barrier, start one id, with equal and with different arguments. No keys.`,
  meaning:
    "The first caller's arguments win and the others' are dropped without a word. Nothing else is serialized: two ids of one user run side by side, and their activities interleave.",
  async play({ environment, openCase, whenFree }) {
    return whenFree(async () => {
      const testCase = openCase("racing");
      const clients = Array.from({ length: processes }, (_, index) =>
        environment.spawnClient(`racer-${index}`, testCase.group),
      );
      await Promise.all(clients.map((client) => client.firstMessage()));
      await testCase.startWorker();
      for (const crowd of [...racesWhere(false), ...racesWhere(true)]) await start(testCase, clients, crowd);
      await startTwoOfOneUser(testCase, clients);
      await Promise.all(clients.map((client) => terminate(client)));
      const history = await testCase.close();
      return [...outcomeOf(history, false), ...outcomeOf(history, true), interleaving(history)];
    });
  },
};

interface Race {
  readonly callers: number;
  readonly differ: boolean;
}

const racesWhere = (differ: boolean): readonly Race[] => crowds.map((callers) => ({ callers, differ }));
const idOf = ({ callers, differ }: Race) => `race-${callers}-${differ ? "different" : "equal"}`;

async function start(testCase: Case, clients: readonly Child[], crowd: Race): Promise<void> {
  const sessionId = idOf(crowd);
  await testCase.register(sessionId, "naive");
  const names = Array.from({ length: crowd.callers }, (_, index) => `caller-${index}`);
  const racers = names.map((caller) => ({
    caller,
    spec: plainSpec(sessionId, { activities, flavour: crowd.differ ? caller : "equal" }),
  }));
  await race(testCase, clients, racers);
  await Promise.all(names.map((name) => testCase.answered(sessionId, name)));
}

/** Two sessions of one user at once: nothing in either engine makes one wait for the other. */
async function startTwoOfOneUser(testCase: Case, clients: readonly Child[]): Promise<void> {
  const work = evenWork(["login", "record:0", "record:1", "record:2"], 20);
  const pair = ["pair-a", "pair-b"];
  for (const sessionId of pair) await testCase.register(sessionId, "naive", work);
  const racers = pair.map((sessionId) => ({ caller: "caller", spec: plainSpec(sessionId, { activities }) }));
  await race(testCase, clients, racers);
  await Promise.all(pair.map((sessionId) => testCase.answered(sessionId)));
}

/** What holds of each race, taken over all that passed equal arguments, or different ones. */
function outcomeOf(history: History, differ: boolean): readonly Evidence[] {
  const races = racesWhere(differ);
  const most = (pick: (sessionId: string) => number) => Math.max(...races.map((race) => pick(idOf(race))));
  const sum = (pick: (sessionId: string) => number) =>
    races.reduce((total, race) => total + pick(idOf(race)), 0);
  const callers = races.reduce((total, race) => total + race.callers, 0);
  const which = `${differ ? "different" : "equal"} arguments`;
  return [
    measured(
      `callers at the barrier, ${which}`,
      ifProvoked(
        sum((id) => history.sessions.get(id)?.calls.length ?? 0),
        callers,
      ),
    ),
    measured(
      `of them, started only after the first result, ${which}`,
      sum((id) => lateIn(history, id)),
    ),
    expected(
      `most executions of any step, ${which}`,
      most((id) => mostExecutions(history, plainSpec(id, { activities }), [])),
      1,
    ),
    ...(differ
      ? [
          expected(
            "most callers of a race whose arguments ran",
            most((id) => flavoursOf(history, id).size),
            1,
          ),
        ]
      : []),
    expected(
      `callers who got a result, ${which}`,
      sum((id) => answers(history, id)),
      callers,
    ),
    expected(
      `most different results of a race, ${which}`,
      most((id) => differentAnswers(history, id)),
      1,
    ),
  ];
}

/** Callers whose start was acknowledged after the first of them had its result: they raced with nobody. */
function lateIn(history: History, sessionId: string): number {
  const { starts = [], results = [] } = history.sessions.get(sessionId) ?? {};
  const [first] = results;
  return starts.filter(({ at }) => first !== undefined && at > first.at).length;
}

function flavoursOf(history: History, sessionId: string): ReadonlySet<string | undefined> {
  const landed = landingsOf(history, sessionId, "append-activity");
  return new Set(landed.map(({ payload }) => payload.activity?.target));
}

/** How often the next activity of the two sessions that landed was the other one's. */
function interleaving(history: History): Evidence {
  const order = history.entries.flatMap((entry) =>
    entry.kind === "landed" && entry.effect === "append-activity" && entry.session.startsWith("pair-")
      ? [entry.session]
      : [],
  );
  const switches = order.slice(1).filter((session, index) => session !== order[index]).length;
  const what = "changes from one session to the other, in the activities of one user's two sessions";
  return measured(what, order.length === 2 * activities ? switches : null);
}
