import { readFileSync } from 'node:fs';

type Plain = Record<string, any>;
const document = JSON.parse(readFileSync('docs/openapi.json', 'utf8')) as Plain;

export interface Operation {
  readonly method: string;
  readonly path: string;
  /** A body with what it must have; undefined when it takes none. */
  readonly body: Plain | undefined;
  /** Query parameters that it must have. */
  readonly query: string;
}

/** Every operation of docs/openapi.json, with the smallest body that its schema allows. */
export function operations(): Operation[] {
  return Object.entries(document['paths'] as Plain).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Plain>).map(([method, operation]) => ({
      method,
      path,
      body: sampleBody(operation),
      query: ((operation['parameters'] ?? []) as Plain[])
        .filter((one) => one['in'] === 'query' && one['required'])
        .map(
          (one) =>
            `${one['name']}=${encodeURIComponent(String(sampleOf(one['schema'] as Plain, one['name'] as string)))}`,
        )
        .join('&'),
    })),
  );
}

const sampleBody = (operation: Plain): Plain | undefined => {
  const schema = operation['requestBody']?.content?.['application/json']?.schema as Plain | undefined;
  return schema && (sampleOf(schema, '') as Plain);
};

function sampleOf(schema: Plain, name: string, depth = 0): unknown {
  if (schema['$ref']) {
    const named = (schema['$ref'] as string).split('/').at(-1)!;
    return sampleOf(document['components'].schemas[named] as Plain, name, depth + 1);
  }
  const one = (schema['oneOf'] ?? schema['anyOf'] ?? schema['allOf']) as Plain[] | undefined;
  if (one) return sampleOf(one[0]!, name, depth + 1);
  if (schema['enum']) return (schema['enum'] as unknown[])[0];
  switch (schema['type']) {
    case 'boolean':
      return false;
    case 'integer':
    case 'number':
      return schema['minimum'] ?? 1;
    case 'array':
      return schema['minItems'] ? [sampleOf(schema['items'] as Plain, name, depth + 1)] : [];
    case 'object': {
      const required = (schema['required'] ?? []) as string[];
      const properties = (schema['properties'] ?? {}) as Record<string, Plain>;
      return depth > 8
        ? {}
        : Object.fromEntries(required.map((key) => [key, sampleOf(properties[key] ?? {}, key, depth + 1)]));
    }
    default:
      return sampleText(schema, name);
  }
}

function sampleText(schema: Plain, name: string): string {
  if (schema['format'] === 'uuid' || /Id$/.test(name)) return '01900000-0000-7000-8000-00000000beef';
  if (schema['format'] === 'date-time' || /(At|From|To)$/.test(name)) return '2026-03-01T08:00:00+08:00';
  if (schema['format'] === 'date' || /^on$|On$/.test(name)) return '2026-03-01';
  const text = 'as the procedure asks for it '.repeat(4);
  return text
    .slice(0, Math.max((schema['minLength'] as number | undefined) ?? 0, 28))
    .slice(0, (schema['maxLength'] as number | undefined) ?? 100);
}
