import fc from 'fast-check';
import { WorkerDatabase } from '../src/database/worker-database.js';
import { abilityFor } from '../src/access/abilities.js';
import { readableFields } from '../src/access/authorize.js';
import { roles, type Role } from '../src/access/roles.js';
import { caseDeeds, type Action } from '../src/access/shapes.js';
import { whereAccessible } from '../src/access/where-accessible.js';
import { Case, reporterKinds } from '../src/intake/case.entity.js';
import { caseStatuses } from '../src/intake/case.states.js';
import { anActor } from './support/actors.js';
import { aNewUser } from './support/accounts.js';
import { startTestApp, type TestApp } from './support/app.js';
import { aCase, aCaseIn, anAllegation, anIntake } from './support/builders.js';

describe('access', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startTestApp();
  });
  afterAll(() => t.stop());

  describe('in SQL and in memory', () => {
    const organs = () => [t.ids.organs.station, t.ids.organs.station2, t.ids.organs.county];
    const users = () =>
      ['investigator', 'investigator-2', 'intake-officer'].map((name) => t.ids.users[name]!);

    /** A case for every combination that a rule can tell apart. */
    beforeAll(async () => {
      // Seeded behind the application: the trigger that demands an event is off for this one transaction.
      await t.sql('BEGIN');
      await t.sql('ALTER TABLE app."case" DISABLE TRIGGER case_audited');
      await t.sql(
        `INSERT INTO app."case" (id, reference, status, channel, received_at, registered_at, organ_id, receiving_organ_id,
           reporter_kind, registered_by, rulebook_version, categories, investigator_ids, subject_officer_ids)
         SELECT gen_random_uuid(), 'T-' || row_number() OVER (), s, 'LETTER', now(), now(), o, o, k, r, '2020-07', '{OTHER}',
                array_remove(ARRAY[i], NULL), array_remove(ARRAY[f], NULL)
         FROM unnest($1::text[]) s, unnest($2::uuid[]) o, unnest($3::text[]) k, unnest($4::uuid[]) r,
              unnest(array_append($4::uuid[], NULL)) i, unnest(ARRAY[$5::uuid, NULL]) f
         WHERE s <> 'MERGED'`,
        [caseStatuses, organs(), reporterKinds, users(), t.ids.officers[1]],
      );
      await t.sql(`SET LOCAL session_replication_role = 'replica'`);
      await t.sql('ALTER TABLE app.investigator_assignment DISABLE TRIGGER ALL');
      await t.sql(
        `INSERT INTO app.investigator_assignment (id, case_id, user_id, is_lead, assigned_by, assigned_at)
         SELECT gen_random_uuid(), id, investigator_ids[1], true, $1, now() FROM app."case"
         WHERE reference LIKE 'T-%' AND investigator_ids <> '{}'`,
        [t.ids.users['supervisor']],
      );
      await t.sql('ALTER TABLE app."case" ENABLE ALWAYS TRIGGER case_audited');
      await t.sql('COMMIT');
    });

    const anyActor = fc.record({
      grants: fc.array(fc.record({ role: fc.constantFrom(...roles), organ: fc.nat(2), wide: fc.boolean() }), {
        maxLength: 4,
      }),
      user: fc.nat(2),
      conflicts: fc.array(fc.nat(10_000), { maxLength: 20 }),
      broken: fc.array(fc.nat(10_000), { maxLength: 3 }),
    });
    const actions: Action[] = [
      'read',
      'update',
      'assign',
      'export',
      'recommend-finding',
      'record-measure',
      'propose-sanction',
      ...caseDeeds,
    ];

    it('say the same of every case, for any roles in any organs', async () => {
      const manager = t.get(WorkerDatabase).manager;
      const all = await manager.find(Case);
      expect(all.length).toBeGreaterThan(1000);
      await fc.assert(
        fc.asyncProperty(
          anyActor,
          fc.constantFrom(...actions),
          async ({ grants, user, conflicts, broken }, action) => {
            const actor = anActor({
              userId: users()[user]!,
              conflicts: conflicts.map((n) => all[n % all.length]!.id),
              brokenGlass: broken.map((n) => ({ id: 'glass', caseId: all[n % all.length]!.id, until: '' })),
              grants: grants.map(({ role, organ, wide }) => ({
                role,
                organId: organs()[organ]!,
                organIds: wide ? organs() : [organs()[organ]!],
              })),
            });
            const ability = abilityFor(actor);
            for (const field of [undefined, 'statement', 'reporterIdentity']) {
              if (field && action !== 'read') continue;
              const query = whereAccessible(
                manager.createQueryBuilder(Case, 'case').select('case.id', 'id'),
                ability,
                action,
                'Case',
                field,
              );
              const inSql = new Set((await query.getRawMany<{ id: string }>()).map(({ id }) => id));
              const inMemory = all.filter((row) => ability.can(action, row, field));
              expect(inSql.size).toBe(inMemory.length);
              expect(inMemory.every(({ id }) => inSql.has(id))).toBe(true);
            }
          },
        ),
        { numRuns: 150 },
      );
    }, 120_000);
  });

  describe('of a role', () => {
    const readers: Record<string, Role[]> = {
      REGISTERED: ['INTAKE_OFFICER', 'SUPERVISOR', 'AGENCY_HEAD', 'AUDITOR'],
      INVESTIGATING: ['INVESTIGATOR', 'SUPERVISOR', 'AGENCY_HEAD', 'AUDITOR', 'INTAKE_OFFICER'],
      REPORTED: ['INVESTIGATOR', 'SUPERVISOR', 'AGENCY_HEAD', 'AUDITOR', 'LEGAL_REVIEWER', 'INTAKE_OFFICER'],
      LEGAL_REVIEWED: [
        'INVESTIGATOR',
        'SUPERVISOR',
        'AGENCY_HEAD',
        'AUDITOR',
        'LEGAL_REVIEWER',
        'DECISION_MAKER',
        'INTAKE_OFFICER',
      ],
    };

    it.each(Object.keys(readers))(
      'a case that is %s is seen by those whose step it is, and is 404 to all others',
      async (state) => {
        const c = await aCaseIn(t, state);
        for (const role of roles) {
          const client = await t.as(role.toLowerCase().replaceAll('_', '-'));
          const status = readers[state]!.includes(role) ? 200 : 404;
          for (const path of [`/cases/${c.id}`, `/cases/${c.id}/history`, `/cases/${c.id}/allegations`]) {
            await client.get(path).expect(status);
          }
        }
      },
    );

    it('hides a case in the same words as one that does not exist', async () => {
      const c = await aCase(t);
      const client = await t.as('administrator');
      const nowhere = '019a0000-0000-7000-8000-00000000dead';
      for (const path of ['/cases/ID', '/cases/ID/history', '/allegations/ID', '/sanctions/ID']) {
        const id = path.startsWith('/allegations') ? c.allegationIds[0]! : c.id;
        const [hidden, missing] = await Promise.all([
          client.get(path.replace('ID', id)),
          client.get(path.replace('ID', nowhere)),
        ]);
        expect({ ...hidden.body, instance: '' }).toEqual({ ...missing.body, instance: '' });
        expect(hidden.status).toBe(404);
      }
      await client.post(`/cases/${c.id}/accept`, { reason: 'curious' }, { 'if-match': '"1"' }).expect(404);
      await client
        .post(`/allegations/${c.allegationIds[0]}/findings`, {
          stage: 'FINAL',
          outcome: 'UNTRUE',
          reason: 'favour',
        })
        .expect(404);
    });

    it('lists no case to the administrator, whatever the filter', async () => {
      await aCase(t);
      const { body } = await (await t.as('administrator')).get('/cases?count=true').expect(200);
      expect(body).toEqual({ items: [], nextCursor: null, total: 0 });
    });

    it('an action that the role does not allow on a case that it sees is 403', async () => {
      const c = await aCase(t);
      await (
        await t.as('auditor')
      )
        .post(`/cases/${c.id}/accept`, { reason: 'not mine' }, { 'if-match': '"1"' })
        .expect(403);
      await (await t.as('auditor')).post('/cases', anIntake(t)).expect(403);
      await (
        await t.as('agency-head')
      )
        .post(`/cases/${c.id}/investigators`, { userId: t.ids.users['investigator'] })
        .expect(403);
    });

    it('ends at the organs of its grant', async () => {
      const admin = await t.as('administrator');
      const user = await aNewUser(t, { username: 'far-supervisor' });
      await admin
        .post(`/users/${user.id}/grants`, {
          role: 'SUPERVISOR',
          organId: t.ids.organs.station2,
          reason: 'there only',
        })
        .expect(201);
      const { body } = await t.anonymous
        .post('/auth/login', { username: 'far-supervisor', password: 'only for the tests' })
        .expect(200);
      const far = { authorization: `Bearer ${body.accessToken}` };
      const [here, there] = [await aCase(t), await aCase(t, { receivingOrganId: t.ids.organs.station2 })];
      await t.anonymous.get(`/cases/${here.id}`, far).expect(404);
      await t.anonymous.get(`/cases/${there.id}`, far).expect(200);
      const listed = await t.anonymous.get('/cases?limit=200', far).expect(200);
      expect(listed.body.items.some(({ id }: { id: string }) => id === here.id)).toBe(false);
    });

    it('gives nobody their own case: not to read, not to handle', async () => {
      const admin = await t.as('administrator');
      const about = {
        allegations: [anAllegation(t, { subjects: [{ officerId: t.ids.officers[4], role: 'PRINCIPAL' }] })],
      };
      const c = await aCase(t, about);
      const id = t.ids.users['supervisor-2']!;
      const { body: user } = await admin.get(`/users/${id}`).expect(200);
      const client = await t.as('supervisor-2');
      await client.get(`/cases/${c.id}`).expect(200);
      await admin
        .patch(
          `/users/${id}`,
          { officerId: t.ids.officers[4], reason: 'is this officer' },
          { 'if-match': `"${user.version}"` },
        )
        .expect(200);
      await client.get(`/cases/${c.id}`).expect(404);
      await client.post(`/cases/${c.id}/accept`, { reason: 'mine' }, { 'if-match': '"1"' }).expect(404);
      const { body } = await client.get('/cases?limit=200').expect(200);
      expect(body.items.some((item: { id: string }) => item.id === c.id)).toBe(false);
    });
  });

  describe('of a field', () => {
    it.each([
      ['supervisor', 'NAMED', true],
      ['supervisor', 'CONFIDENTIAL', false],
      ['auditor', 'NAMED', false],
      ['agency-head', 'NAMED', false],
      ['intake-officer', 'NAMED', true],
      ['intake-officer', 'CONFIDENTIAL', false],
    ])('%s of a %s reporter: name shown %p, and hidden looks hidden', async (username, kind, shown) => {
      const c = await aCase(t, { reporter: { kind, name: 'Somebody', contact: '123' } });
      const { body } = await (await t.as(username)).get(`/cases/${c.id}`).expect(200);
      const hidden = { $redacted: 'reporter' };
      expect(body.reporter).toEqual({
        kind,
        name: shown ? 'Somebody' : hidden,
        contact: shown ? '123' : hidden,
        officerId: shown ? null : hidden,
      });
      expect(body.redacted.includes('reporterIdentity')).toBe(!shown);
    });

    it('the one who registered sees no more than the header once it is accepted', async () => {
      const c = await aCaseIn(t, 'TRIAGED_ACCEPTED');
      const { body } = await (await t.as('intake-officer')).get(`/cases/${c.id}`).expect(200);
      expect(body).toMatchObject({ statement: null, allegations: [], deeds: [], status: 'TRIAGED_ACCEPTED' });
      expect(body.redacted).toContain('statement');
    });

    it.each(['INTAKE_OFFICER', 'PETITION_OFFICER'] as const)(
      'a %s who registered a case reads its file until it is accepted, whatever organ has it',
      (role) => {
        const registrant = anActor({ grants: [{ role, organId: 'elsewhere', organIds: ['elsewhere'] }] });
        const read = (row: Partial<Case>) =>
          readableFields(
            abilityFor(registrant),
            Object.assign(new Case(), { organId: 'here', investigatorIds: [], registeredBy: 'u', ...row }),
          );
        expect([...read({ status: 'REGISTERED' })]).toContain('statement');
        expect([...read({ status: 'TRIAGED_ACCEPTED' })]).not.toContain('statement');
        expect([...read({ status: 'REGISTERED', registeredBy: 'another' })]).toEqual([]);
      },
    );

    it('nothing is readable without a rule', () => {
      expect([
        ...readableFields(abilityFor(anActor()), Object.assign(new Case(), { investigatorIds: [] })),
      ]).toEqual([]);
    });
  });
});
