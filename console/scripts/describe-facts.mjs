/**
 * Draws from docs/openapi.json what a form of facts needs to know of each category, and nothing else: the whole
 * document is twenty times as large. Written before each build beside the generated types; git ignores both.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const { schemas } = JSON.parse(readFileSync(join(root, '..', 'docs', 'openapi.json'), 'utf8')).components;
/** Longer ones get a field of several lines. */
const ONE_LINE = 500;

const target = (schema) => (schema?.$ref ?? schema?.allOf?.[0]?.$ref)?.split('/').at(-1);

/** How a value is asked for; undefined: an id that nobody can know or give while a case is being registered. */
function kindOf(name, schema) {
  const items = schema.items;
  if (schema.enum) return { kind: 'choice', options: schema.enum };
  if (items?.enum) return { kind: 'choices', options: items.enum };
  if (items) return target(items) ? { kind: 'list', of: target(items), max: schema.maxItems } : undefined;
  const type = target(schema);
  if (type === 'MoneyDto') return { kind: 'money' };
  if (type) return { kind: 'group', of: type };
  if (schema.format === 'uuid') return name === 'officerId' ? { kind: 'officer' } : undefined;
  if (schema.format === 'date') return { kind: 'day' };
  if (schema.format === 'date-time') return { kind: 'instant' };
  if (schema.type === 'boolean') return { kind: 'boolean' };
  if (schema.type === 'number' || schema.type === 'integer') {
    return { kind: 'integer', minimum: schema.minimum, maximum: schema.maximum };
  }
  if (schema.type !== 'string') throw new Error(`No field is known for ${name}: ${JSON.stringify(schema)}`);
  if (schema.pattern) return { kind: 'code', pattern: schema.pattern };
  return { kind: schema.maxLength > ONE_LINE ? 'long' : 'text', max: schema.maxLength };
}

const types = {};
function describe(type) {
  if (types[type]) return;
  const fields = (types[type] = []);
  for (const [name, schema] of Object.entries(schemas[type].properties ?? {})) {
    const kind = kindOf(name, schema);
    if (!kind) continue;
    const demanded = schema['x-demanded-before-report'] ? { demanded: true } : {};
    fields.push({ name, ...kind, ...demanded });
    if (kind.of) describe(kind.of);
  }
}

const categories = {};
for (const [category, ref] of Object.entries(schemas.AllegationDto.discriminator.mapping)) {
  const variant = schemas[ref.split('/').at(-1)].allOf.at(-1);
  categories[category] = target(variant.properties.facts);
  describe(categories[category]);
}
const common = Object.keys(schemas.CommonFacts.properties);
writeFileSync(join(root, 'src', 'api', 'facts.gen.json'), JSON.stringify({ categories, common, types }));
