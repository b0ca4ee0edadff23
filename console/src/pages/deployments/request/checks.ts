import type { Errors } from '../fields/binding.ts';
import { instantOf } from '../../../i18n/format.ts';
import type { RequestValues } from '../fields/values.ts';

interface Says {
  readonly needed: string;
  readonly neededToSubmit: string;
  readonly endsFirst: string;
}

/** What a draft cannot be without: the interface would refuse it, and the duty test could not read it. */
export function missingInDraft(values: RequestValues, { needed, endsFirst }: Says): Errors {
  const { requester, purpose, place, startsAt, endsAt, tasks, force } = values;
  const fields: readonly (readonly [path: string, value: string])[] = [
    ['requester.name', requester.name],
    ['requester.type', requester.type],
    ['purpose', purpose],
    ['place', place],
    ['startsAt', startsAt],
    ['endsAt', endsAt],
    ...tasks.map(({ code }, n) => [`tasks.${n}.code`, code] as const),
    ['force.officers', String(force.officers)],
  ];
  const errors: Record<string, string> = {};
  for (const [path, value] of fields) if (value.trim() === '') errors[path] = needed;
  if (startsAt !== '' && endsAt !== '' && Date.parse(instantOf(endsAt)) <= Date.parse(instantOf(startsAt))) {
    errors['endsAt'] = endsFirst;
  }
  return errors;
}

/** What a request must say before it is submitted (deployment-check 5.1). */
export function missingToSubmit(values: RequestValues, says: Says): Errors {
  const { activityType, force, limits } = values;
  const fields: readonly (readonly [path: string, value: string])[] = [
    ['activityType', activityType],
    ['force.weapons', force.weapons],
    ['force.bodyCameras', force.bodyCameras],
    ['limits.commander', limits.commander],
  ];
  const errors: Record<string, string> = {};
  for (const [path, value] of fields) if (value.trim() === '') errors[path] = says.neededToSubmit;
  return { ...errors, ...missingInDraft(values, says) };
}

/** Refusals of the interface at the fields of the form: of a list of texts at the list, of the force at its officers. */
export function atFields(errors: Errors): Errors {
  return Object.fromEntries(
    Object.entries(errors).map(([path, message]) => {
      if (path === 'force') return ['force.officers', message];
      if (path === 'tasks') return ['tasks.0.text', message];
      return [path.startsWith('tasks.') ? path : path.replace(/\.\d+$/, ''), message];
    }),
  );
}

/** The values of a form by the path of their field, as texts. */
export function flat(value: unknown, path = ''): Record<string, string> {
  if (Array.isArray(value) && value.every((one) => typeof one === 'string'))
    return { [path]: value.join('; ') };
  if (typeof value !== 'object' || value === null) return { [path]: String(value) };
  return Object.assign(
    {},
    ...Object.entries(value).map(([name, inner]) => flat(inner, path === '' ? name : `${path}.${name}`)),
  ) as Record<string, string>;
}
