import type { Subject } from './row-changes.js';

/** Every type of event, with what it says in words. The history shows these; the trail holds the types. */
export const eventWords = {
  'writer.added': 'A process began to write to the trail',
  'log.heads': 'The last entry of every stream was committed to',
  'log.alarm': 'The sealer refused an entry and set its stream apart',
  'stream.restart-proposed': 'Setting refused entries of a stream aside was proposed',
  'stream.restart-confirmed': 'Setting refused entries of a stream aside was confirmed',
  'stream.restart': 'Refused entries of the stream were set aside',
  'auth.signed-in': 'Signed in',
  'auth.sign-in-refused': 'A sign-in was refused',
  'auth.signed-out': 'Signed out',
  'auth.first-factor-proven': 'The first factor was right; the second one was asked for',
  'auth.stepped-up': 'Proved again who they are',
  'auth.step-up-refused': 'Proving again who they are failed',
  'auth.session-ended': 'Another session was ended by its owner',
  'auth.sessions-ended': 'All other sessions were ended by their owner',
  'auth.password-changed': 'Password changed by its owner',
  'auth.password-chosen': 'A one-time password was replaced by its owner',
  'auth.factor-begun': 'Enrolling a second factor was begun',
  'auth.factor-enrolled': 'Second factor enrolled',
  'auth.factor-removed': 'Second factor removed by its owner',
  'user.factor-reset-proposed': 'Removing the second factors was proposed',
  'user.factor-reset-confirmed': 'Removing the second factors was confirmed by a second person',
  'user.factor-reset-refused': 'Removing the second factors was refused',
  'user.factors-reset': 'Second factors removed after a reset by two persons',
  'user.created': 'Account created',
  'user.updated': 'Account changed',
  'user.sessions-ended': 'Every session was ended by an administrator',
  'user.granted': 'Role granted',
  'user.grant-revoked': 'Role revoked',
  'job.retried': 'A job that had failed was begun again at once',
  'organ.created': 'Organ created',
  'organ.updated': 'Organ changed',
  'officer.created': 'Officer recorded',
  'officer.updated': 'Officer changed',
  'officer.appointed': 'Officer appointed to an organ',
  'officer.appointment-ended': 'Appointment ended',
  'case.registered': 'Case registered',
  'case.held-to-account': 'Opened by itself, since police were sent as they must not be',
  'case.imported': 'Case taken over from another system',
  'case.accept': 'Accepted after triage',
  'case.decline': 'Not accepted',
  'case.transfer': 'Transferred to another organ',
  'case.reclaim': 'Taken back after a transfer was refused',
  'case.merge': 'Merged into another case',
  'case.start-preliminary': 'Preliminary inquiry started',
  'case.legal-opinion': 'Legal opinion given on closing without a case',
  'case.close-without-case': 'Closed without a case being filed',
  'case.file': 'Filed for investigation',
  'case.start-investigation': 'Investigation started',
  'case.suspend': 'Suspended',
  'case.resume': 'Resumed',
  'case.extend': 'Time limit extended',
  'case.report': 'Investigation report submitted',
  'case.return': 'Report returned with defects',
  'case.serve-notice': 'Facts and proposed basis put to the subject',
  'case.record-defence': 'Statement and defence heard',
  'case.legal-review': 'Reviewed by the legal reviewer',
  'case.deliberate': 'Deliberated by the leadership meeting',
  'case.decide': 'Decided',
  'case.serve-decision': 'Decision served',
  'case.close': 'Closed',
  'case.reopen': 'Reopened',
  'case.exported': 'History of the case exported',
  'allegation.added': 'Allegation added',
  'allegation.updated': 'Allegation changed',
  'finding.recommended': 'Finding recommended',
  'finding.final': 'Final finding recorded',
  'measure.recorded': 'What was done about an urgent measure recorded',
  'investigator.assigned': 'Investigator assigned',
  'investigator.withdrawn': 'Investigator withdrawn',
  'recusal.declared': 'Declared a conflict with the case and keeps away',
  'recusal.ordered': 'Ordered to keep away from the case',
  'recusal.lifted': 'A recusal was lifted',
  'recusal.applied': 'An assignment ended because of a conflict',
  'recusal.nobody-left': 'Nobody is left who could lead the case',
  'case.routed-outside': 'Given to the outside body, since everybody else has to keep away',
  'glass.broken': 'Broke the glass of a case, to read it in an emergency',
  'glass.approved': 'Reading through a broken glass was approved for longer by a second person',
  'glass.ended': 'Reading through a broken glass was ended by its user',
  'glass.reviewed': 'That the glass of a case was broken was reviewed',
  'glass.read': 'Read of the breaking of a glass',
  'witness.named': 'A member of the police was named as a witness',
  'sanction.proposed': 'Sanction proposed',
  'sanction.decided': 'Sanction decided',
  'sanction.refused': 'Proposed sanction refused',
  'sanction.served': 'Sanction served',
  'identity.requested': 'Knowing the reporter was asked for',
  'identity.released': 'The identity of the reporter was released for a time',
  'identity.refused': 'Knowing the reporter was refused',
  'identity.withdrawn': 'A release of the identity was withdrawn',
  'identity.read': 'The identity of the reporter was read under a release',
  'reporter.identified': 'The reporter gave their identity later',
  'receipt.issued': 'A receipt code was handed to the reporter',
  'message.received': 'The reporter wrote',
  'message.written': 'The reporter was written to',
  'message.read': 'Correspondence with the reporter read',
  'case.read': 'Case read',
  'case.history-read': 'History of the case read',
  'case.erasures-read': 'What was to be erased in the case read',
  'case.recusals-read': 'Who keeps away from the case read',
  'allegation.read': 'Allegation read',
  'sanction.read': 'Sanction read',
  'officer.read': 'Record of an officer read',
  'user.read': 'Account read',
  'search.run': 'List looked through',
  'read.denied': 'Something that is not there, or may not be seen, was asked for',
  'access-review.readers-read': 'Who could read the case on a day was looked up',
  'access-review.reads-read': 'Who read the case was looked up',
  'access-review.user-read': 'What somebody looked at was looked up',
  'access-alert.raised': 'An alert about reading was raised',
  'access-alert.answered': 'An alert about reading was answered by the reader',
  'access-alert.closed': 'An alert about reading was closed with a verdict',
  'read-sample.drawn': 'The sample of the reads of a week was drawn',
  'read-question.asked': 'Asked why something was read',
  'read-question.answered': 'The reader said why',
  'read-question.judged': 'What the reader said was judged',
  'subject.erase': 'Data of a person erased',
  'subject.erase-proposed': 'Erasing the data of a person was proposed',
  'subject.erase-refused': 'Erasing the data of a person was refused',
  'deployment.drafted': 'Request for police drafted',
  'deployment.updated': 'Request for police changed',
  'deployment.attached': 'File attached to the request for police',
  'deployment.sent-at-once': 'Police sent in an emergency, before a request',
  'deployment.submit': 'Request for police submitted and tested',
  'deployment.withdraw': 'Request for police withdrawn',
  'deployment.request-opinion': 'Opinion of the legal section asked for',
  'deployment.assess': 'Opinion of the legal section given',
  'deployment.declare-conflict': 'Conflict of interest declared; somebody else decides',
  'deployment.approve': 'Approval signed',
  'deployment.stand-by': 'Approval for standing by only signed',
  'deployment.refuse': 'Request for police refused',
  'deployment.return': 'Request for police returned for completion',
  'deployment.request-review': 'Review by the higher organ asked for',
  'deployment.dispatch': 'Police sent',
  'deployment.record-paper': 'Paper to an oral order received',
  'deployment.report-deviation': 'Deviation on the scene reported and tested',
  'deployment.complete': 'Police work on the scene ended',
  'deployment.sign-off': 'After-action record signed',
  'deployment.read': 'Request for police read',
  'deployment.history-read': 'History of a request for police read',
  'deployment.attachment-read': 'Attachment of a request for police read',
  'deployment.refusal-printed': 'Refusal of a request for police printed',
  'objection.made': 'Objection to an order made',
  'objection.read': 'Objection to an order read',
  'delegation.made': 'Made a deputy for approving requests for police',
  'delegation.revoked': 'No deputy any more',
  'import.requested': 'Import requested',
  'trail.verification-requested': 'A verification of the whole trail was requested',
  'export.requested': 'Export requested',
  'export.downloaded': 'Export downloaded',
} as const;

export type EventType = keyof typeof eventWords;

/** Why something was read: a code and the reference of the task that it serves. */
export interface Purpose {
  readonly code: string;
  readonly ref?: string;
}

/** One deed, as a service records it. The values go beside the trail; the trail holds their digests. */
export interface AuditEvent {
  readonly type: EventType;
  /** The id of a case, a deployment or a user, or SYSTEM_STREAM. */
  readonly stream: string;
  readonly target: { readonly kind: string; readonly id: string; readonly rev?: number };
  /**
   * What was done, by name: reasons, and for each changed field `{ from, to }`. Names that begin with `reporter.` are
   * shown to those only who may know the reporter.
   */
  readonly values?: Readonly<Record<string, unknown>>;
  /** What stands in the trail in clear, for whoever verifies it. Never of a person. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** Whose data this event erases, with everything that stands beside the trail about them. */
  readonly erases?: Subject;
  /** Of a read. */
  readonly purpose?: Purpose;
  /**
   * What the system does in consequence of somebody's deed, without their knowing: it is the system's in the trail, and
   * they get no receipt of it.
   */
  readonly unseen?: true;
}
