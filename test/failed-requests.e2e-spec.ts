import { aSmallRequest, withoutOrgan } from './support/deployments.js';
import { demonstrationIds } from './support/demonstration.js';
import { Person } from './support/crash-writers.js';
import { Installation } from './support/installation.js';

const PASSWORD = 'only for the tests';

// Jest hears a rejection that nobody listens to before the program would: only a program of its own ends by it.
describe('a request that fails in the database', () => {
  const installation = new Installation(PASSWORD);
  beforeAll(() => installation.start(), 240_000);
  afterAll(() => installation.remove(), 240_000);

  it('is answered with 500, and costs nobody else anything', async () => {
    const ids = await demonstrationIds((text) => installation.sql(text));
    const requester = await Person.signIn(installation, 'deployment-requester', PASSWORD);
    const checked = async (): Promise<number> =>
      (await requester.post('/deployments/check', withoutOrgan(aSmallRequest({ ids })), {})).status;
    expect(await checked()).toBe(200);
    await installation.sql('ALTER FUNCTION app.asked_words RENAME TO elsewhere');
    for (let i = 0; i < 5; i++) expect(await checked()).toBe(500);
    await installation.sql('ALTER FUNCTION app.elsewhere RENAME TO asked_words');
    expect(await checked()).toBe(200);
    expect(await installation.stop()).toBe(0);
  }, 120_000);
});
