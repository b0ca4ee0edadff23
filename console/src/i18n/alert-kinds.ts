import type { components } from '../api/client.ts';
import { useLanguage, type InEach } from './language.ts';

type AlertKind = components['schemas']['AccessAlertView']['kind'];

/** What a reading that raised an alert has to do with its reader. */
export const alertKinds: InEach<Readonly<Record<AlertKind, string>>> = {
  en: {
    LOOKED_UP_SELF: 'Looked up themselves',
    OWN_UNIT: 'Looked at their own unit',
    COLLEAGUE: 'Looked at a colleague',
    DENIED: 'Asked for what they may not see',
    OUT_OF_HOURS: 'Read out of hours',
    LIST_WALKING: 'Went through a list case by case',
    PEERS: 'Read far more than their peers',
  },
  zh: {
    LOOKED_UP_SELF: '查询本人',
    OWN_UNIT: '查询本单位',
    COLLEAGUE: '查询同事',
    DENIED: '请求无权查看的内容',
    OUT_OF_HOURS: '非工作时间查阅',
    LIST_WALKING: '逐件翻阅列表',
    PEERS: '查阅量远超同岗位人员',
  },
};

/** The same as said to the reader. */
const toReader: typeof alertKinds = {
  en: {
    LOOKED_UP_SELF: 'You looked up yourself',
    OWN_UNIT: 'You looked at your own unit',
    COLLEAGUE: 'You looked at a colleague',
    DENIED: 'You asked for what you may not see',
    OUT_OF_HOURS: 'You read out of hours',
    LIST_WALKING: 'You went through a list case by case',
    PEERS: 'You read far more than others in your role',
  },
  zh: {
    LOOKED_UP_SELF: '您查询了本人',
    OWN_UNIT: '您查询了本单位',
    COLLEAGUE: '您查询了同事',
    DENIED: '您请求了无权查看的内容',
    OUT_OF_HOURS: '您在非工作时间查阅',
    LIST_WALKING: '您逐件翻阅了列表',
    PEERS: '您的查阅量远超同岗位人员',
  },
};

export const useOwnAlertKinds = (): Readonly<Record<AlertKind, string>> => toReader[useLanguage()];
