import { startTestApp, type Client, type TestApp } from './support/app.js';
import { aSmallRequest, aSubmitted, deployed, withoutOrgan } from './support/deployments.js';

/**
 * What was refused, the same in other words, and something else that has words in common: in Chinese, as requests are
 * written there.
 */
const refusals: readonly {
  refused: [purpose: string, task: string];
  reworded: readonly [purpose: string, task: string][];
  different: readonly [purpose: string, task: string][];
  place: string;
  code: string;
}[] = [
  {
    place: '柳树巷',
    code: 'REMOVE_PEOPLE',
    refused: ['柳树巷四户房屋拆除，请派警力配合', '将拒不搬离的住户带离房屋'],
    reworded: [
      ['请派出警力，配合对柳树巷四户房屋实施拆除', '把不肯搬离的住户带离房屋'],
      ['配合柳树巷四户的拆除工作，需要警力', '带离拒不搬离房屋的住户'],
    ],
    different: [
      ['柳树巷元宵灯会，请派警力', '疏导交通，维持灯会秩序'],
      ['柳树巷连续发生入室盗窃案件', '蹲守并抓捕盗窃嫌疑人'],
    ],
  },
  {
    place: '清河建材市场',
    code: 'COLLECT_MONEY',
    refused: ['清河建材市场商户拖欠货款，请警方协助追讨', '陪同公司人员上门向商户追讨货款'],
    reworded: [
      ['请警方协助清河建材市场公司向拖欠货款的商户追讨', '与公司人员一同上门，向商户追讨货款'],
      ['建材市场商户货款拖欠已久，请警方协助公司追讨', '陪同上门追讨商户的货款'],
    ],
    different: [
      ['清河建材市场发生火灾，消防正在救援', '疏散商户，封闭周边道路'],
      ['清河建材市场有人持刀伤人', '制止犯罪，抓捕嫌疑人'],
    ],
  },
];

let t: TestApp;
let requester: Client;
let approver: Client;
beforeAll(async () => {
  t = await startTestApp();
  [requester, approver] = await Promise.all([t.as('deployment-requester'), t.as('deployment-approver')]);
});
afterAll(() => t?.stop());

describe.each(refusals)(
  'a refusal in Chinese: $refused.0',
  ({ place, code, refused, reworded, different }) => {
    const asked = ([purpose, text]: [string, string], name = '某某街道办'): Record<string, any> =>
      aSmallRequest(t, {
        requester: { name, type: 'SUBDISTRICT_OR_VILLAGE' },
        purpose,
        place,
        tasks: [{ code, text }],
      });
    /** The requests of which the test says that they were refused of late. */
    const refusalsSaid = async (request: Record<string, any>): Promise<string[]> => {
      const { body } = await requester.post('/deployments/check', withoutOrgan(request)).expect(200);
      return body.warnings
        .filter((warning: any) => warning.code === 'ASKED_AGAIN')
        .map((warning: any) => warning.text);
    };
    let reference: string;
    beforeAll(async () => {
      const d = await aSubmitted(requester, asked(refused));
      await deployed(approver, d, 'refuse', { reason: '不属于人民警察的职责' });
      reference = d.reference;
    });

    it.each(reworded.map((one) => [one]))(
      'is recognised when it is asked in other words: %s',
      async (words) => {
        expect(await refusalsSaid(asked(words))).toEqual([reference]);
        // Also in the name of somebody else, as long as much of it is the same.
        expect(await refusalsSaid(asked(refused, '某某建设公司'))).toEqual([reference]);
      },
    );

    it.each(different.map((one) => [one]))(
      'does not stand in the way of something else: %s',
      async (words) => {
        const other = { ...asked(words), tasks: [{ code: 'KEEP_ORDER', text: words[1] }] };
        expect(await refusalsSaid(other)).toEqual([]);
      },
    );

    it('is kept with the test of a request that is submitted, and forgotten after 30 days', async () => {
      const d = await aSubmitted(requester, asked(reworded[0]!));
      const { body } = await requester.get(`/deployments/${d.id}`).expect(200);
      const warning = body.test.warnings.find((one: any) => one.code === 'ASKED_AGAIN');
      expect(warning).toMatchObject({ text: reference, article: '警察法 43' });
      await t.sql(`UPDATE app.precedent SET refused_at = refused_at - interval '31 days'`);
      expect(await refusalsSaid(asked(reworded[0]!))).toEqual([]);
    });
  },
);
