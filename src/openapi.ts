import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { datedClasses, formatsOf } from './common/validators.js';
import { allegationCategories } from './intake/categories.js';
import { AllegationDto, UpdateAllegationDto } from './intake/dto/allegation.dto.js';
import { demandedOf, demandingPrototypes } from './intake/dto/facts-shared.dto.js';
import { factsClasses } from './intake/facts.js';

type Schema = Record<string, unknown>;
type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

/** The interface as OpenAPI. Complete only in the compiled program: the types come from a compiler plugin. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Plumbline')
    .setVersion('1')
    .setDescription(
      'Tracks misconduct and discipline inside a police service. Errors are application/problem+json (RFC 9457). ' +
        'Every write answers with Audit-Receipt; a change of an existing row wants If-Match. ' +
        'Sentences are English or, by Accept-Language, Chinese.',
    )
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'opaque' })
    .addSecurityRequirements('bearer')
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    extraModels: Object.values(factsClasses),
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
  describeValues(document);
  describeFacts(document);
  describeProblems(document);
  describeRepeats(document);
  return document;
}

/** Says of texts whether they are days or instants, and of facts whether the report demands them. */
function describeValues(document: OpenAPIObject): void {
  const schemas = (document.components?.schemas ?? {}) as Record<string, { properties?: Schema }>;
  const factTypes = Object.values(factsClasses);
  const mark = (type: string, property: string, what: Schema): void => {
    const described = schemas[type]?.properties?.[property];
    if (described) Object.assign(described, what);
  };
  // These inherit their days, and so do not stand in the list themselves.
  for (const type of new Set([...datedClasses(), ...factTypes, AllegationDto, UpdateAllegationDto])) {
    for (const [property, format] of formatsOf(type)) mark(type.name, property, { format });
  }
  const demanding = demandingPrototypes().map(({ constructor }) => constructor as new () => object);
  for (const type of new Set([...demanding, ...factTypes])) {
    for (const property of demandedOf(Object.create(type.prototype as object) as object)) {
      mark(type.name, property, { 'x-demanded-before-report': true });
    }
  }
}

/** The facts depend on the category, which a class cannot say: one schema a category, told apart by it. */
function describeFacts(document: OpenAPIObject): void {
  const schemas = (document.components?.schemas ?? {}) as Record<string, Schema>;
  for (const name of ['AllegationDto', 'AllegationView']) {
    const base = schemas[name] as { properties: Schema } | undefined;
    if (!base) continue;
    schemas[`${name}Base`] = base;
    const variants = allegationCategories.map((category) => {
      const variant = `${name}_${category}`;
      schemas[variant] = {
        allOf: [
          { $ref: `#/components/schemas/${name}Base` },
          {
            type: 'object',
            properties: {
              category: { type: 'string', enum: [category] },
              facts: { $ref: `#/components/schemas/${factsClasses[category].name}` },
            },
            required: ['category'],
          },
        ],
      };
      return [category, `#/components/schemas/${variant}`] as const;
    });
    schemas[name] = {
      oneOf: variants.map(([, $ref]) => ({ $ref })),
      discriminator: { propertyName: 'category', mapping: Object.fromEntries(variants) },
    };
  }
}

function describeProblems(document: OpenAPIObject): void {
  document.components ??= {};
  document.components.schemas ??= {};
  document.components.schemas['Problem'] = {
    type: 'object',
    required: ['type', 'title', 'status', 'detail', 'instance'],
    properties: {
      type: { type: 'string', description: 'A stable path under /problems/.' },
      title: { type: 'string' },
      status: { type: 'integer' },
      detail: { type: 'string' },
      instance: { type: 'string', description: 'The id of the request.' },
      errors: {
        type: 'array',
        items: {
          type: 'object',
          required: ['pointer', 'message'],
          properties: { pointer: { type: 'string' }, message: { type: 'string' } },
        },
      },
      allowed: {
        type: 'array',
        items: { type: 'string' },
        description: 'The deeds that the present state allows.',
      },
    },
  };
  for (const item of Object.values(document.paths)) {
    for (const operation of Object.values(item) as Operation[]) {
      if (!('responses' in operation)) continue;
      operation.responses['default'] = {
        description: 'A refusal',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      };
    }
  }
}

/** Every POST may be repeated safely but those under /auth, whose answers are secrets. */
function describeRepeats(document: OpenAPIObject): void {
  for (const [path, { post }] of Object.entries(document.paths)) {
    if (!post || path.includes('/auth/')) continue;
    post.parameters = [
      ...(post.parameters ?? []),
      {
        name: 'Idempotency-Key',
        in: 'header',
        required: false,
        description: 'A repeat with the same key gets the first answer and does nothing again.',
        schema: { type: 'string', maxLength: 200 },
      },
    ];
  }
}

/** The interactive reference at /api/docs and the document at /api/openapi.json. */
export function setUpReference(app: INestApplication): void {
  SwaggerModule.setup('api/docs', app, () => openApiDocument(app), { jsonDocumentUrl: 'api/openapi.json' });
}
