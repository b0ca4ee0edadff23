import { IsIn, IsOptional, IsUUID } from 'class-validator';
import { ReasonDto } from '../../intake/dto/deeds.dto.js';
import { recusalGrounds, type RecusalGround } from '../recusal.entity.js';

export class RecusalDto extends ReasonDto {
  @IsIn(recusalGrounds)
  ground: RecusalGround;

  /** Who keeps away; absent: you yourself. Only the organ's leaders order it of others. */
  @IsOptional()
  @IsUUID()
  userId?: string;
}

export class WitnessDto extends ReasonDto {
  /** A member of the police who saw or heard what the case is about. */
  @IsUUID()
  officerId: string;
}
