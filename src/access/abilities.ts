import { AbilityBuilder, createMongoAbility, type MongoAbility } from '@casl/ability';
import { organsOf, type Actor } from './actor.js';
import { roles, type Role } from './roles.js';
import {
  caseDeeds,
  type Action,
  type Actions,
  type Protected,
  type Shapes,
  type SubjectName,
} from './shapes.js';

export type Ability = MongoAbility<[Action, SubjectName | Protected<SubjectName>]>;

/** A condition: each field equals the value, or is one of several. An array field must contain it. */
export type Condition<N extends SubjectName> = {
  [F in keyof Shapes[N]]?:
    | (Shapes[N][F] extends (infer E)[] ? E : Shapes[N][F])
    | { $in: readonly (Shapes[N][F] extends (infer E)[] ? E : Shapes[N][F])[] };
};

interface Policy {
  readonly allow: <N extends SubjectName>(
    actions: Actions[N] | readonly Actions[N][],
    subject: N | readonly N[],
    condition?: Condition<N>,
    fields?: readonly string[],
  ) => void;
  readonly forbid: <N extends SubjectName>(
    actions: Actions[N] | readonly Actions[N][],
    subject: N,
    condition: Condition<N>,
    reason: string,
  ) => void;
}

/** The fields of a case file that most readers may see: all but the reporter's identity. */
export const caseFileFields = [
  'header',
  'statement',
  'allegations',
  'people',
  'procedure',
  'sanctions',
] as const;
/** Name and contact of the reporter. */
export const identityField = 'reporterIdentity';
export const caseFields = [...caseFileFields, identityField] as const;

const underLegalReview = [
  'PRELIMINARY',
  'REPORTED',
  'NOTICE_SERVED',
  'DEFENCE_HEARD',
  'LEGAL_REVIEWED',
  'DELIBERATED',
  'DECIDED_SANCTION',
  'DECIDED_EXEMPT',
  'DECIDED_WITHDRAWN',
  'DECIDED_REFER',
  'SERVED',
  'CLOSED',
] as const;
const ended = ['NOT_ACCEPTED', 'MERGED', 'CLOSED_NO_CASE', 'CLOSED'] as const;
const underDecision = underLegalReview.slice(underLegalReview.indexOf('LEGAL_REVIEWED'));

/** What every signed-in person may do. */
const everybody = (policy: Policy): void => {
  policy.allow('read', ['Organ', 'Officer']);
};

/** Every permission of the system. Nothing is allowed unless it is written here. */
const grants: Readonly<Record<Role, (policy: Policy, actor: Actor, organs: readonly string[]) => void>> = {
  INTAKE_OFFICER: ({ allow }, actor, organs) => {
    allow('create', 'Case', { organId: { $in: organs } });
    allow('read', 'Case', { organId: { $in: organs }, status: 'REGISTERED' }, caseFileFields);
    allow('read', 'Case', { registeredBy: actor.userId }, ['header']);
    allow('read', 'Case', { registeredBy: actor.userId, status: 'REGISTERED' }, caseFields);
    allow('update', 'Case', { organId: { $in: organs }, status: 'REGISTERED' });
    allow('create', 'Import', { organId: { $in: organs } });
    allow('read', 'Import', { createdBy: actor.userId });
  },
  PETITION_OFFICER: ({ allow }, actor, organs) => {
    allow('create', 'Case', { organId: { $in: organs } });
    allow('read', 'Case', { registeredBy: actor.userId }, ['header']);
    allow('read', 'Case', { registeredBy: actor.userId, status: 'REGISTERED' }, caseFields);
    allow('update', 'Case', { registeredBy: actor.userId, status: 'REGISTERED' });
  },
  INVESTIGATOR: ({ allow }, actor) => {
    const mine = { investigatorIds: actor.userId };
    allow('read', 'Case', mine, caseFileFields);
    allow('read', 'Case', { ...mine, reporterKind: 'NAMED' }, [identityField]);
    allow(
      ['update', 'recommend-finding', 'start-investigation', 'report', 'record-defence', 'export'],
      'Case',
      mine,
    );
    allow('create', 'Export', { kind: 'CASE_BUNDLE' });
    allow('read', 'Export', { createdBy: actor.userId });
  },
  SUPERVISOR: ({ allow }, actor, organs) => {
    const ours = { organId: { $in: organs } };
    allow('read', 'Case', ours, caseFileFields);
    allow('read', 'Case', { ...ours, reporterKind: 'NAMED' }, [identityField]);
    allow(
      ['update', 'assign', 'accept', 'decline', 'transfer', 'reclaim', 'merge', 'start-preliminary'],
      'Case',
      ours,
    );
    allow(['close-without-case', 'suspend', 'resume', 'serve-decision', 'close', 'export'], 'Case', ours);
    allow('serve', 'Sanction');
    allow('create', 'Import', { organId: { $in: organs } });
    allow('read', 'Import', { createdBy: actor.userId });
    allow('create', 'Export');
    allow('read', 'Export', { createdBy: actor.userId });
  },
  LEGAL_REVIEWER: ({ allow }, _actor, organs) => {
    const before = { organId: { $in: organs }, status: { $in: underLegalReview } };
    allow('read', 'Case', before, caseFileFields);
    allow(['legal-opinion', 'return', 'serve-notice', 'record-defence', 'legal-review'], 'Case', before);
    allow('propose-sanction', 'Case', before);
  },
  DECISION_MAKER: ({ allow }, _actor, organs) => {
    const before = { organId: { $in: organs }, status: { $in: underDecision } };
    allow('read', 'Case', before, caseFileFields);
    allow(['record-final-finding', 'decide'], 'Case', before);
    allow('decide', 'Sanction');
  },
  AGENCY_HEAD: ({ allow }, _actor, organs) => {
    const ours = { organId: { $in: organs } };
    allow('read', 'Case', ours, caseFileFields);
    allow(['file', 'extend', 'reopen', 'decide-erasure'], 'Case', ours);
    allow(['read-quarantine', 'confirm-restart'], 'Trail');
  },
  AUDITOR: ({ allow }, actor, organs) => {
    allow(['read', 'export'], 'Case', { organId: { $in: organs } }, caseFileFields);
    allow('create', 'Export');
    allow('read', 'Export', { createdBy: actor.userId });
    allow(['read', 'read-quarantine'], 'Trail');
  },
  ADMINISTRATOR: ({ allow }, _actor, organs) => {
    allow(['create', 'update'], 'Organ');
    allow(['create', 'update'], 'Officer');
    allow(['read', 'create', 'update'], 'User');
    allow(['create', 'revoke'], 'Grant', { organId: { $in: organs } });
    allow(['read-quarantine', 'propose-restart'], 'Trail');
  },
  OFFICER: ({ allow }, actor) => {
    if (actor.officerId) {
      allow('read', 'Sanction', { officerId: actor.officerId, status: { $in: ['DECIDED', 'SERVED'] } });
    }
  },
  CHIEF_INSPECTOR: () => undefined,
  APPEAL_REVIEWER: () => undefined,
  IDENTITY_CUSTODIAN: ({ allow }, _actor, organs) => {
    // Until a case has ended, nothing in it may be erased, and the custodian has no business in it.
    const over = { organId: { $in: organs }, status: { $in: ended } };
    allow('read', 'Case', over, ['header']);
    allow('propose-erasure', 'Case', over);
  },
  DEPLOYMENT_REQUESTER: ({ allow }) => allow('check', 'Deployment'),
  DEPLOYMENT_APPROVER: ({ allow }) => allow('check', 'Deployment'),
};

/**
 * What an actor may do, from their grants. The reason on each allowing rule is the role that gave it, so that the
 * trail can say in which capacity somebody acted. Prohibitions come last: a rule before them cannot overrule them.
 */
export function abilityFor(actor: Actor): Ability {
  const builder = new AbilityBuilder<Ability>(createMongoAbility);
  const policyOf = (role: string): Policy => ({
    allow: (actions, subject, condition, fields) => {
      const can = builder.can as (...args: unknown[]) => { because(reason: string): void };
      can(actions, subject, ...(fields ? [[...fields]] : []), ...(condition ? [condition] : [])).because(
        role,
      );
    },
    forbid: (actions, subject, condition, reason) => {
      const cannot = builder.cannot as (...args: unknown[]) => { because(reason: string): void };
      cannot(actions, subject, condition).because(reason);
    },
  });

  everybody(policyOf('EVERYBODY'));
  for (const role of roles) {
    const organs = organsOf(actor, role);
    if (organs.length > 0) grants[role](policyOf(role), actor, organs);
  }
  if (actor.officerId) {
    policyOf('').forbid(
      [
        'read',
        'update',
        'assign',
        'recommend-finding',
        'record-final-finding',
        'propose-sanction',
        'export',
        'propose-erasure',
        'decide-erasure',
        ...caseDeeds,
      ],
      'Case',
      { subjectOfficerIds: actor.officerId },
      'Nobody reads or handles a case against themselves.',
    );
  }
  return builder.build({
    detectSubjectType: (row) => row.__caslSubjectType__,
  });
}
