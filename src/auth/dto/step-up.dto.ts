import { IsIn, IsString, MaxLength, MinLength, ValidateIf } from 'class-validator';

export const stepUpKinds = ['PASSWORD'] as const;

const when = (kind: string): PropertyDecorator => ValidateIf((dto: { kind?: unknown }) => dto.kind === kind);

export class StepUpDto {
  /** The strongest that the account has; the refusal names it in `methods`. */
  @IsIn(stepUpKinds)
  kind: (typeof stepUpKinds)[number];

  @when('PASSWORD')
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  password?: string;
}
