import { startTestApp, type Client, type TestApp } from './support/app.js';
import { aCase, deed } from './support/builders.js';

let t: TestApp;
let supervisor: Client;
beforeAll(async () => {
  t = await startTestApp();
  supervisor = await t.as('supervisor');
});
afterAll(() => t.stop());

const find = async (client: Client, q: string): Promise<any[]> =>
  (await client.get(`/cases?q=${encodeURIComponent(q)}`).expect(200)).body.items;
const marked = ({ excerpt }: any): string[] =>
  excerpt.marks.map(({ start, end }: { start: number; end: number }) => excerpt.text.slice(start, end));

describe('a search of cases', () => {
  it('shows where its words stand in the statement, with what is around them', async () => {
    const c = await aCase(t, {
      statement: `${'Long ago. '.repeat(60)}They took 500 yuan 没有开收据 at night.`,
    });
    const row = (await find(supervisor, '没有开收据')).find(({ id }) => id === c.id);
    expect(row.excerpt.text).toMatch(/^….*They took 500 yuan 没有开收据 at night\.$/);
    expect(marked(row)).toEqual(['没有开收据']);
    expect(row.excerpt.text.length).toBeLessThan(200);
  });

  it('takes what was typed literally, and finds it in whatever case', async () => {
    const c = await aCase(t, { statement: 'It was 100% Certain_Thing, he said.' });
    const [row] = (await find(supervisor, '100% certain_')).filter(({ id }) => id === c.id);
    expect(marked(row)).toEqual(['100% Certain_']);
  });

  it('shows nothing of a statement that has no such words, and nothing where none were looked for', async () => {
    const c = await aCase(t, { statement: 'Nothing of the kind.' });
    const [byNumber] = await find(supervisor, c.reference);
    expect(byNumber.id).toBe(c.id);
    expect(byNumber).not.toHaveProperty('excerpt');
    const { body } = await supervisor.get('/cases').expect(200);
    expect(body.items.filter((row: object) => 'excerpt' in row)).toEqual([]);
  });

  it('never shows a statement that the reader may not read, though they see the case', async () => {
    // The words stand in the number, which the registrar still sees, and in the statement, which no more.
    const words = 'PL-2';
    const secret = 'the hidden witness of the harbour';
    const c = await aCase(t, { statement: `About ${words}: ${secret}.` });
    const registrar = await t.as('intake-officer');
    const before = (await find(registrar, words)).find(({ id }) => id === c.id);
    expect(before.excerpt.text).toContain(secret);
    await deed(t, 'supervisor', c, 'accept');

    const { body } = await registrar.get(`/cases?q=${words}`).expect(200);
    const after = body.items.find(({ id }: { id: string }) => id === c.id);
    expect(after.reference).toBe(c.reference);
    expect(after).not.toHaveProperty('excerpt');
    expect(JSON.stringify(body)).not.toContain(secret);
    expect((await find(registrar, secret)).map(({ id }) => id)).not.toContain(c.id);
    // Whoever may read it still finds it.
    expect((await find(supervisor, secret)).map(({ id }) => id)).toEqual([c.id]);
  });
});
