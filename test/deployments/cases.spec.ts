import { languages } from '../../src/common/words.js';
import { testedByItsDay } from '../../src/deployments/check.js';
import { dutyTest, type DutyTestResult } from '../../src/deployments/duty-test.js';
import { outcomes } from '../../src/deployments/judgement.js';
import { activityTypes, requesterTypes, taskCodes } from '../../src/deployments/request.js';
import { deploymentRules } from '../../src/rulebook/deployment-rules.js';
import { aRequest, cases, type Case } from './requests.js';

const questionOf = (result: DutyTestResult): number =>
  result.reasons.find(({ decisive }) => decisive)!.question;

/** What of the result differs from what is expected. */
function differences(one: Case, result: DutyTestResult): string[] {
  const codes = result.warnings.map(({ code }) => code);
  const edges = result.edgeCases.map(({ code }) => code);
  return [
    ...(result.outcome === one.outcome ? [] : [`${result.outcome}, not ${one.outcome}`]),
    ...(result.level === one.level ? [] : [`${result.level}, not ${one.level}`]),
    ...(questionOf(result) === one.decisive ? [] : [`question ${questionOf(result)}, not ${one.decisive}`]),
    ...one.warns.filter((code) => !codes.includes(code)).map((code) => `${code} is missing`),
    ...one.lacks.filter((code) => codes.includes(code)).map((code) => `${code} is too much`),
    ...one.edges.filter((code) => !edges.includes(code)).map((code) => `${code} is missing`),
  ];
}

const results = new Map(cases.map((one) => [one.id, testedByItsDay(one.request)]));

describe('the written requests', () => {
  afterAll(() => {
    const rows = cases.map((one) => {
      const result = results.get(one.id)!;
      const mark = differences(one, result).length === 0 ? 'ok ' : 'NO ';
      const warned = [
        ...new Set(result.warnings.map(({ code }) => code).filter((code) => code !== 'MISSING')),
      ];
      return [
        mark,
        one.id.padEnd(26),
        result.outcome.padEnd(22),
        result.level,
        `q${questionOf(result)}`.padEnd(3),
        warned.join(' ').padEnd(34),
        one.request.purpose.slice(0, 60),
      ].join(' ');
    });
    process.stdout.write(`\n${rows.join('\n')}\n`);
  });

  it.each(cases.map((one) => [one.id, one] as const))('%s', (id, one) => {
    expect(differences(one, results.get(id)!)).toEqual([]);
  });

  it('are many, each with a name of its own, and hold every outcome, level, kind of requester, activity and task', () => {
    expect(cases.length).toBeGreaterThanOrEqual(160);
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
    const seen = (values: (one: Case) => readonly unknown[]): Set<unknown> => new Set(cases.flatMap(values));
    expect(seen(({ outcome }) => [outcome])).toEqual(new Set(outcomes));
    expect(seen(({ level }) => [level])).toEqual(new Set(['L0', 'L1', 'L2', 'L3', 'L4']));
    const missing = (all: readonly unknown[], present: Set<unknown>): unknown[] =>
      all.filter((each) => !present.has(each));
    expect(
      missing(
        activityTypes,
        seen(({ request }) => [request.activityType]),
      ),
    ).toEqual([]);
    expect(
      missing(
        taskCodes,
        seen(({ request }) => request.tasks.map(({ code }) => code)),
      ),
    ).toEqual([]);
    // The other spelling of PARTY_OR_GOVERNMENT has a test through HTTP.
    expect(
      missing(
        requesterTypes,
        seen(({ request }) => [request.requester.type]),
      ),
    ).toEqual(['GOVERNMENT']);
  });

  it('show every rule of the rulebook at work: each edge case, warning and duty', () => {
    const edges = new Set(
      [...results.values()].flatMap((result) => result.edgeCases.map(({ code }) => code)),
    );
    expect(deploymentRules.edgeCases.map(({ id }) => id).filter((id) => !edges.has(id))).toEqual([]);
    const warned = new Set(
      [...results.values()].flatMap((result) => result.warnings.map(({ code }) => code)),
    );
    expect(deploymentRules.nonPolice.map(({ id }) => id).filter((id) => !warned.has(id))).toEqual([]);
  });
});

describe('what the test says of them', () => {
  const sentences = [...results.values()].flatMap(({ decidedBy, warnings, reasons, edgeCases }) => [
    decidedBy,
    ...warnings.map(({ message }) => message),
    ...reasons.flatMap(({ asks, looked, answer, changes }) => [asks, looked, answer, changes]),
    ...edgeCases.map(({ text }) => text),
  ]);

  it('say that a task is something else in truth only where its words say so', () => {
    const covers = (code: string, text: string): string =>
      testedByItsDay(aRequest({ tasks: [{ code, text }] })).reasons[1]!.looked.en;
    expect(covers('KEEP_ORDER', 'Patrol')).toBe('tasks: keeping order outside; duties claimed: none');
    expect(covers('OTHER', 'Direct the traffic')).toContain('something else (in truth directing traffic)');
  });

  it.each(languages)('holds no code and no name of a field in %s: a reader knows neither', (language) => {
    const coded =
      /\b[A-Z]+_[A-Z]+|\b[a-z]+[A-Z]\w|\w\[\d|\b(?:GOVERNMENT|REMOVE|ORDER|LAND|ROUTINE|true|false)\b/;
    expect(sentences.length).toBeGreaterThan(1000);
    expect(sentences.map((words) => words[language]).filter((text) => coded.test(text))).toEqual([]);
  });
});

/** Each row of the rulebook with the rules that are left without it. */
const lists = ['duties', 'assistance', 'nonPolice', 'signals', 'levels', 'approvals', 'edgeCases'] as const;
const removals = lists.flatMap((list) =>
  deploymentRules[list].map(
    ({ id }) =>
      [
        id,
        {
          ...deploymentRules,
          [list]: deploymentRules[list].filter((row) => row.id !== id),
        },
      ] as const,
  ),
);

/** Everything that a reader is told, but for the wording. */
const told = ({ outcome, level, warnings, edgeCases, reasons }: DutyTestResult): string =>
  JSON.stringify([
    outcome,
    level,
    warnings.map(({ code, where }) => `${code} ${where}`).filter((one) => !one.startsWith('MISSING')),
    edgeCases.map(({ code }) => code),
    reasons.find(({ decisive }) => decisive)?.question,
  ]);

describe('a rulebook from which a rule is missing', () => {
  it.each(removals)('%s: at least one request is answered otherwise', (_id, rules) => {
    const red = cases.find(({ id, request }) => told(dutyTest(request, rules)) !== told(results.get(id)!));
    expect(red?.id).toBeDefined();
  });
});
