import { MessageAuthor } from '../../vault/vault.entity.js';
import { OpenedMessage } from '../../vault/vault.js';

/** Shown once: nobody can look it up afterwards. */
export class ReceiptCodeView {
  /** 16 digits. With them the reporter reads answers, and writes more. */
  code: string;
  /** The day of the receipt. */
  issuedOn: string;
}

export class SourceMessageView {
  no: number;
  from: MessageAuthor;
  /** Null where it was erased. */
  text: string | null;
  /** The day. */
  on: string;

  static of({ no, author, text, writtenOn }: OpenedMessage): SourceMessageView {
    return Object.assign(new SourceMessageView(), { no, from: author, text, on: writtenOn });
  }
}

/** What whoever holds the receipt is told. */
export class ReceiptView {
  /** The day on which the report came in. */
  receivedOn: string;
  /** What became of it, in plain words. */
  status: string;
  /** What you and the organ wrote to each other, the oldest first. */
  messages: SourceMessageView[];
}

export class MessageView extends SourceMessageView {
  /** Who wrote it for the organ; null for the reporter. */
  writtenBy: string | null;

  static override of(message: OpenedMessage): MessageView {
    return Object.assign(new MessageView(), SourceMessageView.of(message), { writtenBy: message.writtenBy });
  }
}
