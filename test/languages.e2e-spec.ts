import { testedByItsDay } from '../src/deployments/check.js';
import { deploymentRules } from '../src/rulebook/deployment-rules.js';
import { startTestApp, type Client, type TestApp } from './support/app.js';
import { aDemolition, aSmallRequest, aSubmitted, deployed, withoutOrgan } from './support/deployments.js';

const zh = { 'Accept-Language': 'zh-CN,zh;q=0.9,en;q=0.5' };
const english = /[a-z]{3,}/i;

describe('the language of an answer', () => {
  let t: TestApp;
  let requester: Client;
  beforeAll(async () => {
    t = await startTestApp();
    requester = await t.as('deployment-requester');
  });
  afterAll(() => t?.stop());

  it('is said with the answer, and English unless Chinese is asked for', async () => {
    const answers = [
      [await requester.get('/auth/me').expect(200), 'en'],
      [await requester.get('/auth/me', zh).expect(200), 'zh'],
      [await requester.get('/auth/me', { 'Accept-Language': 'fr' }).expect(200), 'en'],
      [await requester.get('/deployments/none', zh).expect(400), 'zh'],
    ] as const;
    for (const [{ headers }, language] of answers) {
      expect(headers['content-language']).toBe(language);
      expect(headers['vary']).toContain('Accept-Language');
    }
  });

  it('is that of the duty test, and of a stored one in either language later', async () => {
    const request = aDemolition(t);
    const dry = (headers: Record<string, string>) =>
      requester.post('/deployments/check', withoutOrgan(request), headers).expect(200);
    const [inEnglish, inChinese] = [(await dry({})).body, (await dry(zh)).body];
    expect(inEnglish.reasons[0].asks).toBe(deploymentRules.questions[0]!.en);
    expect(inChinese.reasons[0].asks).toBe(deploymentRules.questions[0]!.zh);
    expect(inChinese.decidedBy).not.toMatch(english);
    expect(inChinese.warnings.map(({ code }: any) => code)).toEqual(
      inEnglish.warnings.map(({ code }: any) => code),
    );

    const { id } = await aSubmitted(requester, request);
    const stored = async (headers: Record<string, string>) =>
      (await requester.get(`/deployments/${id}`, headers).expect(200)).body.test;
    const expected = testedByItsDay(withoutOrgan(request) as never);
    expect((await stored({})).reasons[1].answer).toBe(expected.reasons[1]!.answer.en);
    expect((await stored(zh)).reasons[1].answer).toBe(expected.reasons[1]!.answer.zh);
  });

  it('is that of a refusal and of what is wrong with each field', async () => {
    const request = { ...withoutOrgan(aDemolition(t)), place: '', purpose: 7, more: true };
    const { body } = await requester.post('/deployments/check', request, zh).expect(400);
    expect(body.detail).toBe('有些内容不能按现状提交。');
    expect(body.errors.length).toBeGreaterThanOrEqual(3);
    expect(body.errors.filter(({ message }: any) => english.test(message))).toEqual([]);
    const missing = await requester.get('/deployments/0197f3a4-0000-7000-8000-000000000000', zh).expect(404);
    expect(missing.body.detail).toBe('不存在，或者您无权查看。');
    const unknown = await requester.get('/nowhere', zh).expect(404);
    expect(unknown.body.detail).toBe('没有这个接口。');
  });

  it('is that of a refusal that is printed', async () => {
    const d = await aSubmitted(requester, aSmallRequest(t));
    const { id, reference } = d;
    await deployed(await t.as('deployment-approver'), d, 'refuse', { reason: '警力不足' });
    const printed = async (headers: Record<string, string>): Promise<string> =>
      (await requester.get(`/deployments/${id}/refusal?format=markdown`, headers).expect(200)).text;
    expect(await printed({})).toContain(`# Refusal ${reference}`);
    const chinese = await printed(zh);
    expect(chinese).toContain(`# 不予批准决定 ${reference}`);
    expect(chinese).toContain('## 应找的部门');
    expect(chinese).not.toMatch(/What would change|The right door|Duty test/);
  });
});
