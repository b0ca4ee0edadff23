import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aRequest } from './deployments/requests.js';
import { startTestApp, type Client, type TestApp } from './support/app.js';

const demolition = aRequest({
  requester: { name: 'Willow County', type: 'GOVERNMENT', document: { number: '12', title: '' } },
  activityType: 'LAND_OR_DEMOLITION',
  purpose: 'Demolition of four houses on Mill Lane',
  tasks: [{ code: 'KEEP_ORDER', text: 'Pull the families out of the houses.' }],
  force: { officers: 12, weapons: 'ROUTINE' },
  money: { fee: null, meals: false, sponsor: null },
});

describe('POST /deployments/check', () => {
  let t: TestApp;
  let requester: Client;
  beforeAll(async () => {
    t = await startTestApp();
    requester = await t.as('deployment-requester');
  });
  afterAll(() => t?.stop());

  it('answers with outcome, level, the words in their place and ten reasons, and keeps only that it was asked', async () => {
    const events = () =>
      t.sql<{ id: string; type: string }>(
        `SELECT id, convert_from(body, 'UTF8')::json->>'type' AS type FROM audit.entry ORDER BY id`,
      );
    const before = await events();
    const { body } = await requester.post('/deployments/check', demolition).expect(200);
    expect(body).toMatchObject({ outcome: 'NOT_POLICE_WORK', level: 'L3' });
    expect(body.reasons.map(({ question }: any) => question)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(body.reasons.filter(({ decisive }: any) => decisive)).toHaveLength(1);
    const hit = body.warnings.find(({ code, where }: any) => code === 'NP01' && where === 'purpose');
    expect(demolition.purpose.slice(hit.start, hit.end)).toBe(hit.text);
    expect(body.warnings).toContainEqual(
      expect.objectContaining({ code: 'TEXT_DISAGREES', where: 'tasks[0].text' }),
    );
    const since = (await events()).slice(before.length);
    expect(since.map(({ type }) => type)).toEqual(['search.run']);
    expect(await t.sql('SELECT id FROM app.deployment')).toEqual([]);
  });

  it('is for those who ask and those who approve, and for nobody else', async () => {
    await (await t.as('deployment-approver')).post('/deployments/check', demolition).expect(200);
    for (const user of ['investigator', 'administrator', 'auditor', 'officer']) {
      await (await t.as(user)).post('/deployments/check', demolition).expect(403);
    }
    await t.anonymous.post('/deployments/check', demolition).expect(401);
  });

  it.each([
    ['/endsAt', { endsAt: '2026-03-04T08:00:00+08:00' }],
    ['/endsAt', { endsAt: '2026-03-04T09:00:00+08:00' }],
    ['/startsAt', { startsAt: 'tomorrow' }],
    ['/force', { expectedPeople: 50, force: { officers: 10_000 } }],
    ['/force', { expectedPeople: 0, force: { officers: 10_000 } }],
    ['/force', { expectedPeople: 50, force: { officers: 1, auxiliaries: 10_000 } }],
    ['/force', { force: { officers: 0, auxiliaries: 0 } }],
    ['/force/officers', { force: { officers: -1 } }],
    ['/law/duties', { law: { duties: [15] } }],
    ['/law/duties', { law: { duties: ['two'] } }],
    ['/tasks', { tasks: [] }],
    ['/tasks', { tasks: Array.from({ length: 6 }, () => ({ code: 'OTHER', text: 'x '.repeat(1900) })) }],
    ['/tasks/0/code', { tasks: [{ code: 'DANCE' }] }],
    ['/law/articles', { law: { articles: ['警察法 999'] } }],
    ['/law/articles', { law: { articles: ['Law of Gravity 9'] } }],
    ['/law/articles', { law: { articles: ['Article 7'] } }],
    ['/requester/type', { requester: { type: 'KING' } }],
    ['/purpose', { purpose: '  ' }],
    ['/money/fee/amount', { money: { fee: { amount: '-5', currency: 'CNY' } } }],
    ['/secret', { secret: 1 }],
    ['/activityType', { activityType: 'PARTY' }],
    ['/disputes', { disputes: ['FAMILY'] }],
  ])('refuses what is wrong at %s: %j', async (pointer, wrong) => {
    const { body } = await requester.post('/deployments/check', aRequest(wrong)).expect(400);
    expect(body.errors.map((error: any) => error.pointer)).toContain(pointer);
  });

  it('takes articles however they are written, local rules and notices too, and texts that are not there', async () => {
    const articles = [
      '警察法 6',
      '《中华人民共和国人民警察法》第二十一条',
      '监察法(2024) 49',
      'Police Law Art. 17',
      '某省养犬管理条例 5',
      '县政府〔2024〕3号通知',
    ];
    await requester
      .post(
        '/deployments/check',
        aRequest({ law: { articles, leadAgency: '', leadAgencyBasis: null }, limits: null }),
      )
      .expect(200);
  });
});

describe('plumbline check', () => {
  const directory = mkdtempSync(join(tmpdir(), 'plumbline-check-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const check = (
    content: string,
    ...options: string[]
  ): Promise<{ code: number; out: string; err: string }> => {
    const file = join(directory, 'request.json');
    writeFileSync(file, content);
    return new Promise((resolve) => {
      const args = ['dist/src/cli.js', 'check', file, ...options];
      execFile(process.execPath, args, (error, out, err) =>
        resolve({ code: error ? Number(error.code) : 0, out, err }),
      );
    });
  };

  it('exits with 0 when police may go, with 1 when the answer is no, with 2 when it is no request', async () => {
    expect((await check(JSON.stringify(aRequest()))).code).toBe(0);
    const no = await check(JSON.stringify(demolition));
    expect(no.code).toBe(1);
    expect(no.out).toContain('NOT_POLICE_WORK');
    expect(no.out).toContain('NP01');
    const wrong = await check(JSON.stringify(aRequest({ tasks: [] })));
    expect(wrong.code).toBe(2);
    expect(wrong.err).toContain('/tasks');
    expect((await check('{')).code).toBe(2);
  }, 180_000);

  it('prints JSON on demand, the same as the interface', async () => {
    const { out } = await check(JSON.stringify(demolition), '--json');
    expect(JSON.parse(out)).toMatchObject({ outcome: 'NOT_POLICE_WORK', level: 'L3' });
  });
});
