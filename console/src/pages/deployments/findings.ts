import type { components } from '../../api/client.ts';

type Warning = components['schemas']['DutyTestWarningView'];

/** What a warning says, with all the words that brought it. */
interface Finding {
  readonly texts: readonly string[];
  readonly message: string;
  readonly article?: string;
}

/** Warnings by their codes, which are answered as one each; what several say alike is said once. */
export function findingsByCode(warnings: readonly Warning[]): ReadonlyMap<string, readonly Finding[]> {
  const found = new Map<string, Finding[]>();
  for (const { code, text, message, article } of warnings) {
    const findings = found.get(code) ?? [];
    const at = findings.findIndex((one) => one.message === message && one.article === article);
    const texts = [...(findings[at]?.texts ?? []), ...(text ? [text] : [])];
    const finding = { texts: [...new Set(texts)], message, ...(article ? { article } : {}) };
    if (at < 0) findings.push(finding);
    else findings[at] = finding;
    found.set(code, findings);
  }
  return found;
}

/** Such as: “demolition”, “clear the houses”: who does it, by which law (征收与补偿条例 27) */
export function findingText({ texts, message, article }: Finding): string {
  const quoted = texts.map((text) => `“${text}”`).join(', ');
  return `${quoted && `${quoted}: `}${message}${article ? ` (${article})` : ''}`;
}
