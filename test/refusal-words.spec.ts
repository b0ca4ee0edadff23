import { getMetadataStorage } from 'class-validator';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { weaknessOf } from '../src/auth/password-rules.js';
import { fields } from '../src/common/chinese-fields.js';
import { refusals } from '../src/common/chinese-refusals.js';
import { refusalInChinese } from '../src/common/refusal-words.js';
import { sentenceOf } from '../src/common/words.js';

const sources = readdirSync('src', { withFileTypes: true, recursive: true })
  .filter((entry) => entry.isFile() && /(?<!\.spec)\.ts$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name));

/** Where a refusal has its words: the argument of what makes it. */
const wordsAt: Readonly<Record<string, number>> = {
  DomainError: 2,
  conflict: 1,
  forbidden: 0,
  refuse: 3,
  refuseSecond: 1,
  wrongPart: 1,
};
/** For those who write a mapping, or sit at the command line; these are English. */
const technical =
  /^src\/(imports\/(decoding|import-command|mapping-\w+|imports\.service)|exports\/bundle-command|audit\/verify-command)\.ts$/;

/** The sentences that an expression may come to. */
function sentencesOf(node: ts.Expression | undefined): string[] {
  if (!node) return [];
  if (ts.isParenthesizedExpression(node)) return sentencesOf(node.expression);
  if (ts.isConditionalExpression(node))
    return [...sentencesOf(node.whenTrue), ...sentencesOf(node.whenFalse)];
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken)
    return [...sentencesOf(node.left), ...sentencesOf(node.right)];
  if (ts.isStringLiteralLike(node)) return node.text === '' ? [] : [node.text];
  if (ts.isTemplateExpression(node))
    return [sentenceOf([node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)])];
  return [];
}

/** All that a file says when it refuses. */
function refusalsIn(file: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if ((ts.isCallExpression(node) || ts.isNewExpression(node)) && ts.isIdentifier(node.expression)) {
      const at = wordsAt[node.expression.text];
      if (at !== undefined) found.push(...sentencesOf(node.arguments?.[at]));
    }
    if (ts.isObjectLiteralExpression(node)) {
      const member = (name: string): ts.Expression | undefined =>
        node.properties.find(
          (one): one is ts.PropertyAssignment => ts.isPropertyAssignment(one) && one.name.getText() === name,
        )?.initializer;
      const isError = node.properties.some((one) => one.name?.getText() === 'pointer');
      const isDecorator = ts.isCallExpression(node.parent) && ts.isDecorator(node.parent.parent);
      if (isError || isDecorator) found.push(...sentencesOf(member('message')));
      found.push(...sentencesOf(member('refusal')));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true));
  return found;
}

/** As it would be said: each value is some word. */
const asSaid = (sentence: string): string => sentence.replaceAll(/\{\d\}/g, 'something');

describe('a refusal in Chinese', () => {
  const said = sources.filter((file) => !technical.test(file)).flatMap(refusalsIn);

  it('is there for each sentence by which the program refuses', () => {
    expect(said.length).toBeGreaterThan(200);
    expect(said.filter((sentence) => refusalInChinese(asSaid(sentence)) === undefined)).toEqual([]);
  });

  it('is there for each rule of a field', async () => {
    for (const file of sources.filter((one) => one.endsWith('.dto.ts'))) await import(resolve(file));
    const missing = new Set<string>();
    const storage = getMetadataStorage() as unknown as {
      validationMetadatas: Map<unknown, Parameters<typeof messageOf>[0][]>;
    };
    let rules = 0;
    for (const metadata of [...storage.validationMetadatas.values()].flat()) {
      rules += 1;
      const message = messageOf(metadata);
      if (message !== undefined && refusalInChinese(message) === undefined) missing.add(message);
    }
    expect(rules).toBeGreaterThan(500);
    expect([...missing]).toEqual([]);
  });

  it('is there for each reason against a password', () => {
    const reasons = [
      weaknessOf('aaaaaaaaaaaa', []),
      weaknessOf('password1234', []),
      weaknessOf('Lin Zhiyuan', ['Lin Zhiyuan']),
    ];
    expect(reasons.filter((reason) => !reason || refusalInChinese(reason) === undefined)).toEqual([]);
  });

  it('is Chinese, and has no value that the English has not', () => {
    const holes = (text: string): string[] => [...new Set(text.match(/\{\d\}/g) ?? [])].sort();
    const wrong = Object.entries({ ...refusals, ...fields }).filter(
      ([en, zh]) => /[a-z]{3,}/i.test(zh) || holes(zh).some((hole) => !holes(en).includes(hole)),
    );
    expect(wrong).toEqual([]);
  });

  it('keeps the values, and is known by the sentence that says most', () => {
    expect(refusalInChinese('place must be shorter than or equal to 1000 characters')).toBe(
      '不得超过1000个字符',
    );
    expect(refusalInChinese('each value in articles must be a string')).toBe('应为文字');
    expect(refusalInChinese('officers is not a fact of OTHER: it is computed')).toBe('由系统计算，不能填写');
    expect(refusalInChinese('no sentence of ours')).toBeUndefined();
    expect(refusalInChinese('constructor')).toBeUndefined();
    expect(refusalInChinese(`property ${'x'.repeat(100_000)} should not exist`)).toBeUndefined();
  });
});

/** What a rule of class-validator would say of a value that it refuses. */
function messageOf(metadata: {
  readonly type: string;
  readonly name?: string;
  readonly message?: unknown;
  readonly each: boolean;
  readonly propertyName: string;
  readonly target: unknown;
  readonly constraints?: readonly unknown[];
  readonly constraintCls?: new () => { defaultMessage?: (args: unknown) => string };
}): string | undefined {
  const { type, message, constraints = [], constraintCls, propertyName } = metadata;
  if (typeof message === 'string') return message;
  if (type !== 'customValidation' || !constraintCls) return undefined;
  const args = { value: undefined, constraints, object: {}, property: propertyName, targetName: '' };
  const text = new constraintCls().defaultMessage?.(args) ?? '';
  return text
    .replaceAll('$property', propertyName)
    .replaceAll(/\$constraint(\d)/g, (_, n: string) => String(constraints[Number(n) - 1]));
}
