import { readFileSync } from 'node:fs';
import { allegationCategories } from '../../src/intake/categories.js';
import { immediateActions } from '../../src/intake/immediate-actions.js';
import { en } from '../src/i18n/facts/en.js';
import { zh } from '../src/i18n/facts/zh.js';
import { measures as measuresInEnglish } from '../src/i18n/measures.en.js';
import { measures } from '../src/pages/intake/measures.js';

interface Schema {
  properties?: Record<string, Schema>;
  enum?: string[];
  items?: Schema;
  allOf?: Schema[];
  $ref?: string;
}

const { schemas } = JSON.parse(readFileSync('docs/openapi.json', 'utf8')).components as {
  schemas: Record<string, Schema>;
};
const described = JSON.parse(readFileSync('console/src/api/facts.gen.json', 'utf8')) as {
  categories: Record<string, string>;
  types: Record<string, { name: string; kind: string; options?: string[]; demanded?: boolean }[]>;
};

/** Every fact of the interface's description, with its codes, wherever it stands. */
function factsIn(type: string, seen = new Set<string>()): { type: string; name: string; codes: string[] }[] {
  if (seen.has(type) || type === 'MoneyDto') return [];
  seen.add(type);
  return Object.entries(schemas[type]!.properties ?? {}).flatMap(([name, schema]) => {
    const ref = schema.$ref ?? schema.allOf?.[0]?.$ref ?? schema.items?.$ref;
    return [
      { type, name, codes: schema.enum ?? schema.items?.enum ?? [] },
      ...(ref ? factsIn(ref.split('/').at(-1)!, seen) : []),
    ];
  });
}

const seen = new Set<string>();
const facts = Object.values(described.categories).flatMap((type) => factsIn(type, seen));
/** Ids of what is in no case yet while it is registered: no form asks for them. */
const notAsked = new Set(['evidenceId', 'photos', 'deploymentId', 'interferenceRecordId']);
const asked = facts.filter(({ name }) => !notAsked.has(name));

it('describes each fact of each of the thirteen categories', () => {
  expect(Object.keys(described.categories).sort()).toEqual([...allegationCategories].sort());
  const found = Object.entries(described.types).flatMap(([type, fields]) =>
    fields.map(({ name, options }) => `${type}.${name} ${(options ?? []).join()}`),
  );
  expect(found.sort()).toEqual(
    asked.map(({ type, name, codes }) => `${type}.${name} ${codes.join()}`).sort(),
  );
});

it('tells days from instants, and what the report demands, as the checks of the server do', () => {
  const fields = (type: string) =>
    Object.fromEntries(
      described.types[type]!.map(({ name, kind, demanded }) => [name, [kind, demanded ?? false]]),
    );
  expect(fields('ArbitraryFineFacts')).toMatchObject({
    // Inherited, and its own.
    discoveredAt: ['instant', true],
    handedInAt: ['instant', false],
    basisExists: ['boolean', true],
  });
  expect(fields('ChargePayer')).toMatchObject({ date: ['day', false], amount: ['money', true] });
  expect(fields('OtherFacts')).toMatchObject({ discoveredAt: ['instant', true] });
});

const catalogues = { en, zh } as Record<
  string,
  { names: Record<string, string>; codes: Record<string, string> }
>;
const used = new Set<string>();

describe.each(Object.keys(catalogues))('in %s', (language) => {
  const { names, codes } = catalogues[language]!;
  const pick = (from: Record<string, string>, keys: string[]): string | undefined => {
    const key = keys.find((one) => from[one]?.trim());
    if (key !== undefined) used.add(key);
    return key;
  };

  it('every fact has a label', () => {
    const without = asked.filter(({ type, name }) => !pick(names, [`${type}.${name}`, name]));
    expect(without).toEqual([]);
  });

  it('every code has words', () => {
    const without = asked.flatMap(({ type, name, codes: list }) =>
      list
        .filter((code) => !pick(codes, [`${type}.${name}.${code}`, `${name}.${code}`, code]))
        .map((code) => `${type}.${name}.${code}`),
    );
    expect(without).toEqual([]);
  });

  it('nothing is left over', () => {
    expect([...Object.keys(names), ...Object.keys(codes)].filter((key) => !used.has(key))).toEqual([]);
  });
});

it('tells of each category what the server holds to be urgent, in its words', () => {
  const told = Object.fromEntries(
    Object.entries(measures).map(([category, list]) => [
      category,
      list.map(({ code, within }) => [code, measuresInEnglish.what[code], within !== undefined]),
    ]),
  );
  const wanted = Object.fromEntries(
    Object.entries(immediateActions).map(([category, list]) => [
      category,
      list.map(({ code, text, within }) => [code, text, within !== undefined]),
    ]),
  );
  expect(told).toEqual(wanted);
});
