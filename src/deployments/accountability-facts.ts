import { newId } from '../common/ids.js';
import { parseFacts } from '../intake/facts.js';
import type { NewAllegation } from '../intake/registration.service.js';
import { deploymentRules } from '../rulebook/deployment-rules.js';
import type { AccountabilityGround } from './accountability.entity.js';
import type { Concerned } from './concerned.js';
import type { Deployment } from './deployment.entity.js';

const approvalStates: Partial<Record<AccountabilityGround, string>> = {
  NOT_APPROVED: 'NONE',
  AGAINST_REFUSAL: 'NONE',
  BEYOND_TASKS: 'APPROVED_THEN_EXCEEDED',
  NON_POLICE_APPROVED: 'APPROVED_WRONGLY',
};

const ruleOf = (ground: AccountabilityGround) =>
  deploymentRules.accountability.grounds.find(({ id }) => id === ground)!;

/** What the case begins with, in both languages, each ground with its article. */
export const statementOf = (row: Deployment, grounds: readonly AccountabilityGround[]): string =>
  [
    `Opened by Plumbline because of ${row.reference}. 系统因 ${row.reference} 自动登记。`,
    ...grounds.map(ruleOf).map(({ en, zh, article }) => `${en} (${article}). ${zh}。`),
  ].join('\n');

/** The allegation with what the request says: who asked, who ordered, what went. */
export function allegationOf(
  row: Deployment,
  ground: AccountabilityGround,
  people: readonly Concerned[],
): NewAllegation {
  const approver = people.find(({ role }) => role === 'APPROVER');
  const sender = approver ?? people.find(({ role }) => role === 'PRINCIPAL');
  const order = row.oralOrder
    ? { orderGivenBy: { name: row.oralOrder.name }, orderForm: 'ORAL', orderText: row.oralOrder.words }
    : sender && {
        orderGivenBy: { name: sender.name, ...(sender.officerId ? { officerId: sender.officerId } : {}) },
        orderForm: 'WRITTEN',
      };
  const duty = row.law?.duties?.[0];
  const facts = {
    deploymentRequest: { exists: true, deploymentId: row.id, number: row.reference },
    activityType: row.npCodes[0] ?? 'OTHER',
    requester: { name: row.requesterName },
    ...order,
    officersSent: row.sentOfficers ?? row.officers,
    weapons: row.force.weapons,
    startedAt: (row.startedAt ?? row.dispatchedAt)?.toISOString(),
    endedAt: row.endedAt?.toISOString(),
    approvalState: approvalStates[ground],
    dutyClaimed: typeof duty === 'number' ? duty : undefined,
  };
  // Absent members left out, as in a body.
  const plain = JSON.parse(JSON.stringify(facts)) as unknown;
  const officers = new Set<string>();
  return {
    id: newId(),
    category: 'NON_POLICE_DEPLOYMENT',
    occurredFrom: row.dispatchedAt,
    occurredTo: row.endedAt,
    occurredPrecision: 'INSTANT',
    place: row.place,
    organId: row.organId,
    facts: parseFacts('NON_POLICE_DEPLOYMENT', plain, '/facts'),
    // Whoever only asked is no subject as long as somebody approved or sent.
    subjects: people
      .filter(({ role }) => role !== 'INSTIGATOR' || people.every((one) => one.role === 'INSTIGATOR'))
      .filter(({ officerId }) => officerId === null || (!officers.has(officerId) && officers.add(officerId)))
      .map(({ officerId, name, role }) => ({
        officerId,
        description: officerId ? null : `the account of ${name} 该账户的使用人`,
        role,
      })),
    affectedPersons: [],
    sourceWords: null,
  };
}
