import type { Category } from '../codes.ts';
import generated from '../../api/facts.gen.json';

/** How one fact is asked for and shown, as the interface describes it (scripts/describe-facts.mjs). */
export interface FactField {
  readonly name: string;
  readonly kind:
    | 'text'
    | 'long'
    | 'code'
    | 'integer'
    | 'boolean'
    | 'day'
    | 'instant'
    | 'choice'
    | 'choices'
    | 'money'
    | 'officer'
    | 'group'
    | 'list';
  /** The longest text, or the longest list. */
  readonly max?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly options?: readonly string[];
  /** The type of a group, or of each entry of a list. */
  readonly of?: string;
  /** May be open now, but not when the investigation reports. */
  readonly demanded?: boolean;
}

interface Description {
  readonly categories: Readonly<Record<Category, string>>;
  readonly common: readonly string[];
  readonly types: Readonly<Record<string, readonly FactField[]>>;
}
const description = generated as Description;

/** The type of the facts of a category, such as `ArbitraryFineFacts`. */
export const factsType = (category: Category): string => description.categories[category];

export const fieldsOf = (type: string): readonly FactField[] => description.types[type] ?? [];

/** Whether allegations of every category have this fact. */
export const isCommonFact = (name: string): boolean => description.common.includes(name);
