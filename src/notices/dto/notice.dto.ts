import { IsIn, IsOptional } from 'class-validator';
import { ListQuery } from '../../common/pages.js';
import { noticeKinds, type NoticeKind } from '../notice.entity.js';

export class ListNoticesQuery extends ListQuery {
  @IsOptional()
  @IsIn(noticeKinds)
  kind?: NoticeKind;
}
