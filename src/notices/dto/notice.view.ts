import { Page } from '../../common/pages.js';
import { Notice, NoticeKind } from '../notice.entity.js';

export class ToldView {
  id: string;
  kind: NoticeKind;
  text: string;
  /** Where there is more of it. */
  link: string;
  createdAt: string;

  static of({ id, kind, text, link, createdAt }: Notice): ToldView {
    return Object.assign(new ToldView(), { id, kind, text, link, createdAt: createdAt.toISOString() });
  }
}

export class NoticePage implements Page<ToldView> {
  items: ToldView[];
  nextCursor: string | null;
  total?: number;
}
