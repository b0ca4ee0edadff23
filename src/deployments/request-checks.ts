import { plainToInstance } from 'class-transformer';
import {
  registerDecorator,
  validateSync,
  type ValidationError,
  type ValidationOptions,
} from 'class-validator';
import { invalidInput, type InputError } from '../common/errors.js';
import { unstorable } from '../common/text.js';
import { isInstant } from '../common/validators.js';
import { inputErrors } from '../http/validation.js';
import { deploymentRules } from '../rulebook/deployment-rules.js';
import { wrongArticle } from './articles.js';
import type { DeploymentRequest } from './request.js';

const rule =
  (name: string, wrong: (value: unknown, request: Partial<DeploymentRequest>) => string | undefined) =>
  (options?: ValidationOptions): PropertyDecorator =>
  (target, propertyName) =>
    registerDecorator({
      name,
      target: target.constructor,
      propertyName: propertyName as string,
      ...(options ? { options } : {}),
      validator: {
        validate: (value, args) => wrong(value, args!.object) === undefined,
        defaultMessage: (args) => wrong(args!.value, args!.object) ?? 'is wrong',
      },
    });

/** The end: after the beginning. */
export const AfterStart = rule('afterStart', (end, { startsAt }) => {
  if (!isInstant(end) || !isInstant(startsAt)) return undefined;
  const span = Date.parse(end.toUpperCase()) - Date.parse(startsAt.toUpperCase());
  return span > 0 ? undefined : 'endsAt must be after startsAt';
});

export const IsArticleOfLaw = rule('isArticleOfLaw', (value) => {
  const values = Array.isArray(value) ? (value as unknown[]) : [value];
  const wrong = values.flatMap((article) =>
    typeof article === 'string' ? (wrongArticle(article, deploymentRules.laws) ?? []) : [],
  );
  return wrong[0];
});

/** Ten thousand officers for a parade of fifty. */
export const PlausibleForce = rule('plausibleForce', (sent, request) => {
  const { officers, auxiliaries } = (sent ?? {}) as Partial<DeploymentRequest['force']>;
  const { plausible } = deploymentRules;
  if (!Number.isInteger(officers)) return undefined;
  if (officers === 0 && !auxiliaries) return 'force must be of somebody: officers and auxiliaries are both 0';
  const { expectedPeople: people, activityType, lifeOrCrimeAtStake } = request;
  const force = officers! + (Number.isInteger(auxiliaries) ? auxiliaries! : 0);
  if (typeof people !== 'number' || force < plausible.from) return undefined;
  const suspects = lifeOrCrimeAtStake === true || plausible.suspects.includes(activityType ?? '');
  // Whom nobody is expected to meet is measured as if one person came.
  const most = Math.max(people, 1) * (suspects ? plausible.officersPerSuspect : plausible.officersPerPerson);
  return force > most
    ? `${force} officers and auxiliaries are out of proportion for ${people} people: at most ${most}`
    : undefined;
});

/** Characters of free text in one request: five pages, which the lexicon reads in half a second. */
const MAX_TEXT = 20_000;

/** Refuses with 400 what takes too long to read. */
export function refuseLongTexts({ purpose, tasks }: Pick<DeploymentRequest, 'purpose' | 'tasks'>): void {
  const texts = [purpose, ...tasks.map(({ text }) => text ?? '')];
  if (texts.reduce((sum, text) => sum + text.length, 0) <= MAX_TEXT) return;
  throw invalidInput([
    {
      pointer: '/tasks',
      message: `purpose and tasks have more than ${MAX_TEXT} characters together; say it shorter`,
    },
  ]);
}

/**
 * What a request must say before it is submitted (deployment-check 5.1, marked !). An empty list of duties or articles
 * is an answer: none is claimed, which the duty test finds.
 */
export function missingAtSubmission(request: DeploymentRequest): InputError[] {
  const { activityType, force, law, limits } = request;
  const fields: readonly (readonly [pointer: string, value: unknown])[] = [
    ['/activityType', activityType],
    ['/force/weapons', force.weapons],
    ['/force/bodyCameras', force.bodyCameras],
    ['/law/duties', law?.duties],
    ['/law/articles', law?.articles],
    ['/limits/commander', limits?.commander?.trim() || null],
  ];
  return fields
    .filter(([, value]) => value === null || value === undefined)
    .map(([pointer]) => ({ pointer, message: 'is needed before the request is submitted' }));
}

/** Where a text cannot be kept or read. */
function unreadable(value: unknown, pointer: string): InputError[] {
  if (typeof value === 'string') {
    const why = unstorable(value);
    return why ? [{ pointer, message: `the text has ${why}` }] : [];
  }
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, member]) => unreadable(member, `${pointer}/${name}`))
    : [];
}

/** A request from a file, checked as the interface checks it. */
export function checkedRequest<T extends DeploymentRequest>(type: new () => T, input: unknown): T {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw invalidInput([{ pointer: '', message: 'the request must be an object' }]);
  }
  const request = plainToInstance(type, input);
  const errors: ValidationError[] = validateSync(request, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
  });
  const wrong = [...inputErrors(errors), ...unreadable(input, '')];
  if (wrong.length > 0) throw invalidInput(wrong);
  return request;
}
