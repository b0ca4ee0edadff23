import { denials, identityField, policy } from '../src/access/policy.js';
import { deploymentDeeds } from '../src/access/shapes.js';
import { startTestApp, type TestApp } from './support/app.js';
import {
  abilityOf,
  asTable,
  EVERY,
  forEachOf,
  undoEverything,
  verdictOf,
  whatIs,
  type Disagreement,
} from './support/matrix.js';
import type { Person } from './support/matrix-people.js';
import { ask, elsewhere, routes } from './support/matrix-routes.js';
import { thingsOf, type Asked } from './support/matrix-things.js';
import { aWorld, type World } from './support/matrix-world.js';
import { changes, lentTables, shownTo, Wall, wallTables } from './support/matrix-wall.js';
import { judge, judged, seesReporter } from './support/oracle.js';

/** What there is to be done, as the policy counts it: for nothing else is it asked here. */
const actionsOf = (resource: string): string[] => [
  ...new Set(
    policy.filter((rule) => rule.resource === resource).flatMap(({ actions }) => actions as string[]),
  ),
];

const knows = (person: Person, { thing: { state, kind } }: Asked): string =>
  seesReporter(person, state, kind!) ? 'MAY' : 'HIDDEN';

/** Whether an answer names the reporter. What is hidden is said to be. */
const told = ({ name }: { name: unknown }): string => {
  if (typeof name === 'string') return 'MAY';
  const shown = JSON.stringify(name);
  return shown === '{"$redacted":"reporter"}' ? 'HIDDEN' : shown;
};

describe('every role, resource, action and relation', () => {
  let t: TestApp;
  let world: World;
  let wall: Wall;
  let thingsFor: (person: Person) => Asked[];
  beforeAll(async () => {
    t = await startTestApp();
    world = await aWorld(t);
    thingsFor = await thingsOf(t, world);
    wall = await Wall.of(t);
    undoEverything(t);
  }, 900_000);
  afterAll(async () => {
    await wall?.end();
    await t?.stop();
  }, 300_000);

  it('is asked about, and goes through HTTP here or elsewhere', () => {
    const resources = [...new Set([...policy, ...denials].map(({ resource }) => resource as string))];
    expect(resources.filter((one) => !judged.includes(one))).toEqual([]);
    const all = resources.flatMap((resource) => actionsOf(resource).map((action) => `${resource} ${action}`));
    const here = Object.entries(routes).flatMap(([resource, some]) =>
      Object.keys(some).map((action) => `${resource} ${action}`),
    );
    expect(all.filter((one) => !here.includes(one) && !(one in elsewhere))).toEqual([]);
    expect([...here, ...Object.keys(elsewhere)].filter((one) => !all.includes(one))).toEqual([]);
  });

  it('is decided alike by the domain’s rules and the abilities', async () => {
    const found: Disagreement[] = [];
    let decisions = 0;
    for (const person of world.people) {
      const may = await abilityOf(t, person);
      for (const asked of thingsFor(person)) {
        for (const action of actionsOf(asked.thing.resource)) {
          if (action === 'read-own') continue;
          decisions++;
          const says = { oracle: judge(person, action, asked.thing), CASL: may(action, asked) };
          if (says.oracle !== says.CASL) found.push({ ...person, what: whatIs(asked), action, says });
        }
        if (asked.thing.resource !== 'Case') continue;
        decisions++;
        const says = { oracle: knows(person, asked), CASL: may('read', asked, identityField) };
        if (says.oracle !== says.CASL)
          found.push({ ...person, what: whatIs(asked), action: 'know the reporter', says });
      }
    }
    process.stdout.write(`${decisions} decisions in memory\n`);
    expect(asTable(found)).toBe('');
    expect(decisions).toBeGreaterThan(50_000);
  }, 120_000);

  it('is shown alike by the second wall', async () => {
    const found: Disagreement[] = [];
    let decisions = 0;
    for (const person of world.people) {
      const shown = await wall.shows(person, wallTables);
      const lent = await wall.lends(person);
      for (const asked of thingsFor(person)) {
        if (!asked.table) continue;
        decisions++;
        const oracle = shownTo(person, asked) ? 'SHOWN' : 'HIDDEN';
        const RLS = shown.get(asked.table)!.has(asked.id) ? 'SHOWN' : 'HIDDEN';
        if (oracle !== RLS)
          found.push({ ...person, what: whatIs(asked), action: 'read', says: { oracle, RLS } });
        if (!lentTables.includes(asked.table)) continue;
        decisions++;
        const says = {
          oracle: changes(person, asked) ? 'LENT' : 'KEPT',
          RLS: lent.has(asked.id) ? 'LENT' : 'KEPT',
        };
        if (says.oracle !== says.RLS) found.push({ ...person, what: whatIs(asked), action: 'change', says });
      }
    }
    process.stdout.write(`${decisions} decisions of the database\n`);
    expect(asTable(found)).toBe('');
  }, 900_000);

  it('of a request for police is taken by the second wall from those alone who may do it', async () => {
    const found: Disagreement[] = [];
    let decisions = 0;
    for (const person of world.people) {
      const requests = thingsFor(person).filter(({ thing }) => thing.resource === 'Deployment');
      if (requests.length === 0) continue;
      const taken = await wall.takes(
        person,
        requests.map(({ id }) => id),
      );
      for (const asked of requests) {
        for (const action of deploymentDeeds) {
          decisions++;
          const says = {
            oracle: judge(person, action, asked.thing) === 'MAY' ? 'TAKEN' : 'REFUSED',
            RLS: taken.has(`${asked.id} ${action}`) ? 'TAKEN' : 'REFUSED',
          };
          if (says.oracle !== says.RLS) found.push({ ...person, what: whatIs(asked), action, says });
        }
      }
    }
    process.stdout.write(`${decisions} deeds tried at the database\n`);
    expect(asTable(found)).toBe('');
    expect(decisions).toBeGreaterThan(5_000);
  }, 300_000);

  it(`is answered alike through HTTP, ${EVERY === 1 ? 'each' : `one in ${EVERY}`}`, async () => {
    const found: Disagreement[] = [];
    let decisions = 0;
    const reached = new Set<string>();
    await forEachOf(world.people, async (person, which) => {
      // By turns that each begin elsewhere, so that every person and every action comes up, and the same in each run.
      let turn = which;
      const client = t.withToken(person.token);
      for (const asked of thingsFor(person)) {
        for (const [action, route] of Object.entries(routes[asked.thing.resource] ?? {})) {
          if (route.in && !route.in.includes(asked.thing.state ?? '')) continue;
          if (route.stored && !asked.table) continue;
          if (route.mine !== undefined && route.mine !== (asked.thing.mine ?? false)) continue;
          if (turn++ % EVERY > 0) continue;
          decisions++;
          const response = await ask(t, client, route, asked, person);
          const oracle = judge(person, action, asked.thing);
          const heard = verdictOf(response, route, asked);
          const HTTP = route.hides && oracle === 'MAY NOT' && heard === 'HIDDEN' ? 'MAY NOT' : heard;
          if (response.status < 300 || response.status === 418)
            reached.add(`${asked.thing.resource} ${action}`);
          if (asked.thing.resource === 'Case' && action === 'read' && response.status === 200) {
            decisions++;
            const says = { oracle: knows(person, asked), HTTP: told(response.body.reporter) };
            if (says.oracle !== says.HTTP)
              found.push({ ...person, what: whatIs(asked), action: 'know the reporter', says });
          }
          if (oracle !== HTTP) {
            const said = `${HTTP} (${response.status} ${String(response.body?.detail ?? '')})`;
            found.push({ ...person, what: whatIs(asked), action, says: { oracle, HTTP: said } });
          }
        }
      }
    });
    process.stdout.write(`${decisions} decisions through HTTP; ${reached.size} actions done to the end\n`);
    expect(asTable(found)).toBe('');
  }, 3_000_000);
});
