import { Column, Entity, PrimaryColumn } from 'typeorm';

const schema = 'vault';

/** Who reported a case. Written as it is here; read through functions of the vault only. */
@Entity('identity', { schema })
export class Identity {
  @PrimaryColumn({ type: 'uuid', update: false })
  caseId: string;

  /** Named openly to those who handle the case; any other identity comes out under a release only. */
  @Column({ type: 'boolean', update: false })
  open: boolean;

  /** A reporter who is a member of the police, and so keeps away from the case. */
  @Column({ type: 'uuid', nullable: true, update: false })
  officerId: string | null;

  /** Name and contact, encrypted; null once they were erased. */
  @Column({ type: 'bytea', nullable: true, update: false })
  sealed: Buffer | null;
}

export const messageAuthors = ['REPORTER', 'ORGAN'] as const;
export type MessageAuthor = (typeof messageAuthors)[number];

/** What a reporter wrote to the organ, or the organ to them. */
@Entity('message', { schema })
export class Message {
  @PrimaryColumn({ type: 'uuid', update: false })
  id: string;

  @Column({ type: 'uuid', update: false })
  caseId: string;

  @Column({ type: 'int', update: false })
  no: number;

  @Column({ type: 'text', update: false })
  author: MessageAuthor;

  /** Who wrote it for the organ. */
  @Column({ type: 'uuid', nullable: true, update: false })
  writtenBy: string | null;

  /** A day: an instant could be compared with the logs of a network. */
  @Column({ type: 'date', update: false })
  writtenOn: string;

  /** The text, encrypted; null once it was erased. */
  @Column({ type: 'bytea', nullable: true, update: false })
  sealed: Buffer | null;
}

/** That a reporter holds a code by which they can ask what became of their report. */
@Entity('receipt', { schema })
export class Receipt {
  @PrimaryColumn({ type: 'uuid', update: false })
  caseId: string;

  @Column({ type: 'bytea', update: false })
  lookup: Buffer;

  @Column({ type: 'date', update: false })
  issuedOn: string;
}
