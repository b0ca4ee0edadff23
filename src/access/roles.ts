/** Every role of the system; each is granted in an organ and holds in the organs under it. */
export const roles = [
  'INTAKE_OFFICER',
  'INVESTIGATOR',
  'SUPERVISOR',
  'LEGAL_REVIEWER',
  'DECISION_MAKER',
  'AGENCY_HEAD',
  'CHIEF_INSPECTOR',
  'APPEAL_REVIEWER',
  'PETITION_OFFICER',
  'IDENTITY_CUSTODIAN',
  'AUDITOR',
  'DEPLOYMENT_REQUESTER',
  'DEPLOYMENT_APPROVER',
  'ADMINISTRATOR',
  'OFFICER',
] as const;

export type Role = (typeof roles)[number];
