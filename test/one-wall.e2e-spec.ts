import { AbilityBuilder, createMongoAbility } from '@casl/ability';
import type * as Abilities from '../src/access/abilities.js';
import { deploymentDeeds } from '../src/access/shapes.js';
import { startTestApp, type TestApp } from './support/app.js';
import {
  asTable,
  EVERY,
  forEachOf,
  turnsOf,
  UNDONE,
  undoEverything,
  verdictOf,
  whatIs,
  type Disagreement,
} from './support/matrix.js';
import type { Person } from './support/matrix-people.js';
import { ask, routes } from './support/matrix-routes.js';
import { thingsOf, type Asked } from './support/matrix-things.js';
import { shownTo, Wall, wallTables } from './support/matrix-wall.js';
import { aWorld, type World } from './support/matrix-world.js';
import { judge } from './support/oracle.js';

/** The first wall can be opened: then everybody may do everything to everything. */
let mockOpen = false;
const mockAbilities = new WeakMap<object, unknown>();
/** An actor has one ability, which remembers what it was asked. */
const mockEverything = (actor: object): unknown => {
  const known = mockAbilities.get(actor);
  if (known) return known;
  const { can, build } = new AbilityBuilder(createMongoAbility);
  can('manage', 'all');
  const made = build({ detectSubjectType: (row) => row.__caslSubjectType__ as string });
  mockAbilities.set(actor, made);
  return made;
};
jest.mock('../src/access/abilities.js', () => {
  const actual = jest.requireActual<typeof Abilities>('../src/access/abilities.js');
  return {
    ...actual,
    abilityFor: (actor: never) => (mockOpen ? mockEverything(actor) : actual.abilityFor(actor)),
  };
});

/** Of what stands behind both walls, what reads one row, and the deed that anybody who sees a case could try. */
const asked: Readonly<Record<string, readonly string[]>> = {
  Case: ['read', 'assign'],
  Sanction: ['read'],
  BrokenGlass: ['read'],
  Deployment: ['read', 'update', 'object', ...deploymentDeeds],
  DeploymentDelegation: ['revoke'],
  DeploymentNotice: ['read'],
};

describe('one wall of the two, alone', () => {
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
  afterEach(() => {
    mockOpen = false;
  });
  afterAll(async () => {
    await wall?.end();
    await t?.stop();
  }, 300_000);

  const each = async (
    say: (person: Person, thing: Asked, action: string) => string,
    heard: (verdict: string, status: number) => string,
    ofWhich: (resource: string) => boolean = () => true,
  ): Promise<Disagreement[]> => {
    const found: Disagreement[] = [];
    let decisions = 0;
    await forEachOf(world.people, async (person, which) => {
      const isAsked = turnsOf(which);
      const client = t.withToken(person.token);
      for (const thing of thingsFor(person).filter((one) => ofWhich(one.thing.resource))) {
        for (const action of asked[thing.thing.resource] ?? []) {
          if (!isAsked(action, judge(person, action, thing.thing))) continue;
          decisions++;
          const route = routes[thing.thing.resource]![action]!;
          const response = await ask(t, client, route, thing, person);
          const says = {
            oracle: say(person, thing, action),
            HTTP: heard(verdictOf(response, route, thing), response.status),
          };
          if (says.oracle !== says.HTTP) found.push({ ...person, what: whatIs(thing), action, says });
        }
      }
    });
    process.stdout.write(`${decisions} decisions with one wall\n`);
    expect(decisions).toBeGreaterThan(100);
    return found;
  };

  it('that of the database: whatever the application would allow, it shows no more than the domain does', async () => {
    mockOpen = true;
    const found = await each(
      (person, thing) => (shownTo(person, thing) ? 'SHOWN' : 'HIDDEN'),
      (verdict) => (verdict === 'HIDDEN' ? 'HIDDEN' : 'SHOWN'),
    );
    expect(asTable(found)).toBe('');
    for (const person of world.people.filter((_, n) => n % (EVERY * 3) === 0)) {
      const shown = await wall.shows(person, ['case', 'deployment']);
      const { body } = await t.withToken(person.token).get('/cases?limit=1&count=true').expect(200);
      expect([person.username, body.total]).toEqual([person.username, shown.get('case')!.size]);
      const requests = await t.withToken(person.token).get('/deployments?limit=1&count=true').expect(200);
      expect([person.username, requests.body.total]).toEqual([
        person.username,
        shown.get('deployment')!.size,
      ]);
    }
  }, 1_200_000);

  it('that of the database: of a request for police it takes nothing from those who may not', async () => {
    mockOpen = true;
    let done = 0;
    const found = await each(
      (person, { thing }, action) => (judge(person, action, thing) === 'MAY' ? 'LEFT TO IT' : 'NOT DONE'),
      (_, status) => (status === UNDONE && ++done > 0 ? 'DONE' : 'NOT DONE'),
      (resource) => resource === 'Deployment' || resource === 'DeploymentDelegation',
    );
    const wrong = found.filter(({ says }) => says['oracle'] === 'NOT DONE');
    expect(asTable(wrong)).toBe('');
    // Where one may, the deeds come to their end: it is the wall that stops the others.
    expect(done).toBeGreaterThan(5);
  }, 1_200_000);

  it('that of the application: with the other one taken down, every answer is the same', async () => {
    const down = [...wallTables, 'deployment_deed', 'deployment_report', 'deployment_attachment'];
    for (const table of down) await t.sql(`ALTER TABLE app."${table}" DISABLE ROW LEVEL SECURITY`);
    // It is down: the administrator of anywhere is shown everything by the database.
    const administrator = world.people.find(({ role }) => role === 'ADMINISTRATOR')!;
    for (const table of ['case', 'deployment', 'deployment_delegation']) {
      const all = await t.sql(`SELECT FROM app."${table}"`);
      expect((await wall.shows(administrator, [table])).get(table)!.size).toBe(all.length);
    }
    const found = await each(
      (person, { thing }, action) => judge(person, action, thing),
      (verdict) => verdict,
    );
    expect(asTable(found)).toBe('');
    for (const table of down) await t.sql(`ALTER TABLE app."${table}" ENABLE ROW LEVEL SECURITY`);
  }, 1_200_000);
});
