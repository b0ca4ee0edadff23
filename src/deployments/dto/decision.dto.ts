import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsOptional,
  IsString,
  MaxLength,
  MinLength,
} from 'class-validator';
import { NestedList, Nested, NotBlank } from '../../common/validators.js';
import { ReasonDto } from '../../intake/dto/deeds.dto.js';
import { IsArticleOfLaw } from '../request-checks.js';

/** Why something is done against what the duty test says, and by which law. */
export class OverrideDto extends ReasonDto {
  /** Law and article, such as `警察法 21`. */
  @IsArticleOfLaw() @MaxLength(200) @MinLength(2) @IsString() legalBasis: string;
}

/** The written answer to a warning of the duty test. */
export class WarningAnswerDto extends OverrideDto {
  /** Of the warning, such as NP01. */
  @IsString() @MinLength(2) @MaxLength(40) code: string;

  /** Of the warning, such as `tasks[0].text`; absent: the answer is to all warnings of that code. */
  @IsOptional() @IsString() @MaxLength(100) where?: string;
}

export const opinions = ['SUPPORTS', 'SUPPORTS_WITH_CONDITIONS', 'OPPOSES'] as const;
export type Opinion = (typeof opinions)[number];

/** The opinion of the legal section. */
export class AssessDto extends ReasonDto {
  @IsIn(opinions) opinion: Opinion;

  /** Law and article, one at least. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(30)
  @IsArticleOfLaw({ each: true })
  @MaxLength(200, { each: true })
  @IsString({ each: true })
  legalBasis: string[];
}

/** One signature under an approval. */
export class ApproveDto extends ReasonDto {
  /** Under which it is approved. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(30)
  @NotBlank({ each: true })
  @MaxLength(1000, { each: true })
  @IsString({ each: true })
  conditions?: string[];

  /** To every warning of the duty test; what the first of two persons answered counts for the second. */
  @IsOptional() @ArrayMaxSize(200) @NestedList(() => WarningAnswerDto) answers?: WarningAnswerDto[];

  /** Needed where the duty test says otherwise. */
  @IsOptional() @Nested(() => OverrideDto) override?: OverrideDto;
}

/** What has to be completed. */
export class ReturnDto extends ReasonDto {
  /** Fields, such as `limits.stopConditions`. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @MaxLength(100, { each: true })
  @IsString({ each: true })
  fields?: string[];
}

export const refusalFormats = ['json', 'markdown'] as const;

export class RefusalQuery {
  /** Absent: json. */
  @IsOptional() @IsIn(refusalFormats) format?: (typeof refusalFormats)[number];
}
