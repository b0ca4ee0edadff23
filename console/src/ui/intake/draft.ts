import { useSyncExternalStore } from 'react';
import {
  dropDraft,
  DRAFT_ENDS_MS,
  DRAFT_RESTS_MS,
  keepDraft,
  onDraftsDropped,
  readDraft,
  type KeptDraft,
} from '../../api/drafts.ts';
import { useMe } from '../../app/me.ts';
import type { Category, Channel, ReporterKind } from '../../i18n/codes.ts';
import { valueAt, withValue, within, type Path } from './paths.ts';

/** A day and a time as typed. */
export interface Moment {
  readonly day: string;
  readonly time: string;
}

/** Somebody chosen from the register of officers. */
export interface ChosenOfficer {
  readonly id: string;
  readonly label: string;
}

export interface SubjectDraft {
  readonly officerId: ChosenOfficer | null;
  readonly description: string;
  readonly role: string;
}

export interface PersonDraft {
  readonly name: string;
  readonly organisation: string;
  readonly injuryLevel: string | null;
  readonly vulnerabilities: readonly string[];
  readonly loss: { readonly amount: string; readonly currency: string };
}

export type FactValues = Readonly<Record<string, unknown>>;

export interface AllegationDraft {
  readonly category: Category | null;
  readonly occurredFrom: Moment;
  readonly occurredTo: Moment;
  readonly place: string;
  readonly organId: string | null;
  readonly subjects: readonly SubjectDraft[];
  readonly affectedPersons: readonly PersonDraft[];
  readonly facts: FactValues;
  /** What was typed under another category, for the way back to it. */
  readonly factsBefore: Readonly<Partial<Record<Category, FactValues>>>;
}

/** A registration on its way. Its places have the names of the interface, so that a refusal finds its field. */
export interface Draft {
  /** Sent with it: it is registered once, however often it is sent. */
  readonly key: string;
  readonly channel: Channel | null;
  readonly receivedAt: Moment;
  readonly receivingOrganId: string | null;
  readonly statement: string;
  readonly reporter: {
    readonly kind: ReporterKind | null;
    readonly name: string;
    readonly contact: string;
    readonly officerId: ChosenOfficer | null;
  };
  readonly allegations: readonly AllegationDraft[];
  /** The steps that were saved. */
  readonly saved: readonly string[];
}

const noMoment: Moment = { day: '', time: '' };

export const newSubject: SubjectDraft = { officerId: null, description: '', role: 'PRINCIPAL' };

export const newPerson: PersonDraft = {
  name: '',
  organisation: '',
  injuryLevel: null,
  vulnerabilities: [],
  loss: { amount: '', currency: 'CNY' },
};

export const newAllegation: AllegationDraft = {
  category: null,
  occurredFrom: noMoment,
  occurredTo: noMoment,
  place: '',
  organId: null,
  subjects: [newSubject],
  affectedPersons: [],
  facts: {},
  factsBefore: {},
};

const newDraft = (): Draft => ({
  key: crypto.randomUUID(),
  channel: null,
  receivedAt: noMoment,
  receivingOrganId: null,
  statement: '',
  reporter: { kind: null, name: '', contact: '', officerId: null },
  allegations: [newAllegation],
  saved: [],
});

const NAME = 'intake';

export interface State {
  readonly draft: Draft;
  readonly changedAt: number;
  /** Has rested for so long that the person is asked before going on. */
  readonly rested: boolean;
  /** When a draft was removed since its time was over. */
  readonly ended: number | undefined;
  /** False: the browser has no room, so it is on this page only. */
  readonly kept: boolean;
  /** What the interface refused, by place, until that place is changed. */
  readonly refused: Readonly<Record<Path, string>>;
}

let owner: string | undefined;
let state: State | undefined;
const listeners = new Set<() => void>();

function put(next: State | undefined): void {
  state = next;
  listeners.forEach((listener) => listener());
}
onDraftsDropped(() => put(undefined));

const fresh = (ended?: number): State => ({
  draft: newDraft(),
  changedAt: Date.now(),
  rested: false,
  ended,
  kept: true,
  refused: {},
});

function load(user: string): State {
  const kept: KeptDraft<Draft> | undefined = readDraft<Draft>(user, NAME);
  if (!kept) return fresh();
  const age = Date.now() - kept.changedAt;
  if (age > DRAFT_ENDS_MS) {
    dropDraft(user, NAME);
    return fresh(kept.changedAt);
  }
  return {
    draft: kept.value,
    changedAt: kept.changedAt,
    rested: age > DRAFT_RESTS_MS,
    ended: undefined,
    kept: true,
    refused: {},
  };
}

function current(user: string): State {
  if (owner !== user || !state) {
    owner = user;
    state = load(user);
  }
  return state;
}

export interface DraftStore extends State {
  readonly set: (path: Path, value: unknown) => void;
  readonly change: (change: (draft: Draft) => Draft) => void;
  readonly refuse: (errors: Readonly<Record<Path, string>>) => void;
  /** Goes on with a draft that has rested. */
  readonly goOn: () => void;
  /** Removes it, and what was typed with it. */
  readonly discard: () => void;
}

/** The registration that this person has begun in this window. */
export function useDraft(): DraftStore {
  const { user } = useMe();
  const now = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current(user.id),
  );
  const store = (draft: Draft, refused: State['refused']): void => {
    const changedAt = Date.now();
    const kept = keepDraft(user.id, NAME, draft, changedAt);
    put({ draft, changedAt, rested: false, ended: undefined, kept, refused });
  };
  const change = (how: (draft: Draft) => Draft): void => {
    const { draft, refused } = current(user.id);
    store(how(draft), refused);
  };
  return {
    ...now,
    change,
    set: (path, value) => {
      const { draft, refused } = current(user.id);
      if (valueAt(draft, path) === value) return;
      const left = Object.entries(refused).filter(([at]) => !within(at, path) && !within(path, at));
      store(withValue(draft, path, value), Object.fromEntries(left));
    },
    refuse: (refused) => put({ ...current(user.id), refused }),
    goOn: () => change((draft) => draft),
    discard: () => {
      dropDraft(user.id, NAME);
      put(fresh());
    },
  };
}

/** With another category: what was typed under the one before is put aside, the facts that both have go along. */
export function withCategory(
  allegation: AllegationDraft,
  category: Category,
  isCommon: (name: string) => boolean,
): AllegationDraft {
  if (allegation.category === category) return allegation;
  const common = Object.fromEntries(Object.entries(allegation.facts).filter(([name]) => isCommon(name)));
  return {
    ...allegation,
    category,
    facts: { ...allegation.factsBefore[category], ...common },
    factsBefore:
      allegation.category === null
        ? allegation.factsBefore
        : { ...allegation.factsBefore, [allegation.category]: allegation.facts },
  };
}
