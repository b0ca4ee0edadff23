import { IsIn, IsOptional, IsString, IsUUID, Matches, MaxLength, MinLength } from 'class-validator';
import { NotBlank } from '../../common/validators.js';
import { allegationCategories, type AllegationCategory } from '../../intake/categories.js';

const MAX_MESSAGE = 20_000;

/** What anybody may report, without saying who they are. */
export class PublicReportDto {
  /** The organ that is to receive it. */
  @IsUUID()
  organId: string;

  /** What happened, in your own words. Leave out what only you can know, if you want to stay unknown. */
  @IsString()
  @MinLength(1)
  @NotBlank()
  @MaxLength(100_000)
  statement: string;

  /** What kind of misconduct it is; OTHER where it is left out. */
  @IsOptional()
  @IsIn(allegationCategories)
  category?: AllegationCategory;
}

/** The code stands in the body: an address is written down in many places. */
export class ReceiptDto {
  /** The 16 digits of the receipt. @example "0123 4567 8901 2345" */
  @Matches(/^\d{4}([ -]?\d{4}){3}$/, { message: 'code must be the 16 digits of the receipt' })
  code: string;
}

export class MessageDto {
  @IsString()
  @MinLength(1)
  @NotBlank()
  @MaxLength(MAX_MESSAGE)
  text: string;
}

export class SourceMessageDto extends ReceiptDto {
  @IsString()
  @MinLength(1)
  @NotBlank()
  @MaxLength(MAX_MESSAGE)
  text: string;
}

/** Who you are. Nobody who handles the case sees it unless the custodian releases it. */
export class SourceIdentityDto extends ReceiptDto {
  @IsString()
  @MinLength(1)
  @NotBlank()
  @MaxLength(200)
  name: string;

  @IsOptional()
  @IsString()
  @MaxLength(500)
  contact?: string | null;
}
