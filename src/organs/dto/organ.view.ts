import { Page } from '../../common/pages.js';
import { Organ, OrganLevel } from '../organ.entity.js';

export class OrganView {
  id: string;
  parentId: string | null;
  code: string;
  name: string;
  level: OrganLevel;
  version: number;

  static of(organ: Organ): OrganView {
    const { id, parentId, code, name, level, version } = organ;
    return Object.assign(new OrganView(), { id, parentId, code, name, level, version });
  }
}

export class OrganPage implements Page<OrganView> {
  items: OrganView[];
  /** Pass it as `cursor` for the next page; null at the end. */
  nextCursor: string | null;
  total?: number;
}
