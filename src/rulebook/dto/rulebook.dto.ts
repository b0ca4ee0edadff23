import { IsLegalDate } from '../../common/validators.js';

export class CompareRulebooksQuery {
  /** A day on which the older version is in force. */
  @IsLegalDate()
  before: string;

  /** A day on which the newer version is in force. */
  @IsLegalDate()
  after: string;
}

export class RulesQuery {
  /** The day on which they are in force. */
  @IsLegalDate()
  on: string;
}
