import type { Actor } from '../src/access/actor.js';
import { denials, identityField, policy } from '../src/access/policy.js';
import { deploymentDeeds } from '../src/access/shapes.js';
import { startTestApp, type TestApp } from './support/app.js';
import {
  abilitiesOf,
  actionsOf,
  actorOf,
  asOne,
  asTable,
  comparedInMemory,
  EVERY,
  forEachOf,
  HIDDEN_EVERY,
  partsTold,
  turnsOf,
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
import { judge, judged, partsShown } from './support/oracle.js';

type Dropped = { readonly actions: readonly unknown[] };

describe('every role, resource, action and relation', () => {
  let t: TestApp;
  let world: World;
  let wall: Wall;
  let thingsFor: (person: Person) => Asked[];
  const actors = new Map<string, Actor>();
  /** Reading one's own is judged with reading. */
  const inMemory = (resource: string, ...only: string[]): string[] =>
    (only.length > 0 ? only : actionsOf(resource)).map((action) => (action === 'read-own' ? 'read' : action));
  beforeAll(async () => {
    t = await startTestApp();
    world = await aWorld(t);
    thingsFor = await thingsOf(t, world);
    wall = await Wall.of(t);
    for (const person of world.people) actors.set(person.id, await actorOf(t, person));
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

  it('is decided alike by the domain’s rules and the abilities, and so are the parts that are shown', () => {
    const found: Disagreement[] = [];
    let decisions = 0;
    for (const person of world.people) {
      const says = abilitiesOf(actors.get(person.id)!);
      for (const asked of thingsFor(person)) {
        for (const one of comparedInMemory(person, asked, says, inMemory(asked.thing.resource))) {
          decisions++;
          if (one.says.oracle !== one.says.CASL) found.push({ ...person, what: whatIs(asked), ...one });
        }
      }
    }
    process.stdout.write(`${decisions} decisions in memory\n`);
    expect(asTable(found)).toBe('');
    expect(decisions).toBeGreaterThan(50_000);
  }, 120_000);

  /** Whether somebody would be told something else now: the same question as above, of those whom it concerns. */
  const isNoticed = (role: string | undefined, resource: string, actions: readonly string[]): boolean => {
    // What shows a sanction is the case's.
    const asks = resource === 'Case' ? ['Case', 'Sanction'] : [resource];
    for (const person of world.people) {
      if (role && person.role !== role) continue;
      // Another object is another actor, whose abilities are made anew.
      const says = abilitiesOf({ ...actors.get(person.id)! });
      for (const asked of thingsFor(person)) {
        if (!asks.includes(asked.thing.resource)) continue;
        const asksOf = asked.thing.resource === resource ? actions : inMemory(asked.thing.resource);
        for (const one of comparedInMemory(person, asked, says, asksOf))
          if (one.says.oracle !== one.says.CASL) return true;
      }
    }
    return false;
  };

  /**
   * Whether somebody could do now what the domain does not let them. Who must keep away sees nothing either, which a line
   * of its own says: so it is asked of each action without that.
   */
  const isLetThrough = (resource: string, action: string): boolean =>
    world.people.some((person) => {
      const actor = actors.get(person.id)!;
      const before = abilitiesOf(actor);
      const now = abilitiesOf({ ...actor });
      return thingsFor(person).some(
        (asked) =>
          asked.thing.resource === resource &&
          now.allows(action, asked) &&
          !before.allows(action, asked) &&
          judge(person, action, asked.thing) !== 'MAY',
      );
    });

  it('would be decided otherwise without any one limit of a line of the policy', () => {
    const unnoticed: string[] = [];
    let lifted = 0;
    for (const line of policy) {
      for (const limit of ['where', 'fields'] as const) {
        // Whoever is told the name sees the rest by another line.
        if (!(limit in line) || [line[limit]].flat()[0] === identityField) continue;
        const was = line[limit];
        Object.assign(line, { [limit]: undefined });
        const role = line.role === 'EVERYBODY' ? undefined : line.role;
        const isLet = line.actions.some((action) => isLetThrough(line.resource, action));
        if (!isLet && !isNoticed(role, line.resource, line.actions))
          unnoticed.push(`${line.role} ${line.resource} ${line.relation}: ${limit} ${JSON.stringify(was)}`);
        Object.assign(line, { [limit]: was });
        lifted++;
      }
    }
    process.stdout.write(`${lifted} limits of lines lifted\n`);
    expect(unnoticed).toEqual([]);
    expect(lifted).toBeGreaterThan(30);
  }, 300_000);

  it('would be decided otherwise without any one action of any one line of the policy', () => {
    const unnoticed: string[] = [];
    let dropped = 0;
    const drop = (line: Dropped, name: string, notices: (action: string) => boolean): void => {
      const { actions } = line;
      for (const action of actions) {
        dropped++;
        Object.assign(line, { actions: actions.filter((one) => one !== action) });
        if (!notices(action as string)) unnoticed.push(`${name}: ${String(action)}`);
      }
      Object.assign(line, { actions });
    };
    for (const line of policy) {
      const role = line.role === 'EVERYBODY' ? undefined : line.role;
      const name = `${line.role} ${line.resource} ${line.relation} ${JSON.stringify(line.where ?? {})}`;
      drop(line, name, (action) => isNoticed(role, line.resource, inMemory(line.resource, action)));
    }
    for (const line of denials) {
      const name = `nobody ${line.resource} ${line.relation}`;
      drop(line, name, (action) => isLetThrough(line.resource, action));
    }
    process.stdout.write(`${dropped} actions of lines dropped\n`);
    expect(unnoticed).toEqual([]);
    expect(dropped).toBeGreaterThan(200);
  }, 300_000);

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

  it(`is answered alike through HTTP, one in ${EVERY}, of what is hidden one in ${EVERY * HIDDEN_EVERY}`, async () => {
    const found: Disagreement[] = [];
    let decisions = 0;
    const reached = new Set<string>();
    await forEachOf(world.people, async (person, which) => {
      const isAsked = turnsOf(which);
      const client = t.withToken(person.token);
      for (const asked of thingsFor(person)) {
        for (const [action, route] of Object.entries(routes[asked.thing.resource] ?? {})) {
          if (route.in && !route.in.includes(asked.thing.state ?? '')) continue;
          if (route.stored && !asked.table) continue;
          if (route.mine !== undefined && route.mine !== (asked.thing.mine ?? false)) continue;
          const oracle = judge(person, action, asked.thing);
          if (!isAsked(action, oracle)) continue;
          decisions++;
          const response = await ask(t, client, route, asked, person);
          const heard = verdictOf(response, route, asked);
          const HTTP = route.hides && oracle === 'MAY NOT' && heard === 'HIDDEN' ? 'MAY NOT' : heard;
          if (response.status < 300 || response.status === 418)
            reached.add(`${asked.thing.resource} ${action}`);
          if (action === 'read' && response.body?.redacted) {
            decisions++;
            const says = {
              oracle: asOne(partsShown(person, asked.thing)),
              HTTP: asOne(partsTold(asked.thing.resource, response.body)),
            };
            if (says.oracle !== says.HTTP)
              found.push({ ...person, what: whatIs(asked), action: 'see parts of it', says });
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
