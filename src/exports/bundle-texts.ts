import type { CaseHistory } from '../casefiles/dto/case-file.view.js';

/** What whoever gets a bundle reads first. */
export const verifyText = (reference: string): string => `# How to check this bundle

This bundle holds the recorded history of case ${reference} and what proves it. You need not trust whoever gave it to
you, nor any computer of the police. You need one more thing, which is NOT in here: the **policy file** of the log, or
at least its SHA-256, given to you by another way (on paper, in person, from the regulator). The copy \`policy.txt\`
in this bundle is for comparison only; whoever forged the bundle would have forged it too.

**In a browser:** take \`verify.html\` from a source that you trust, open it, and drop this bundle and your policy file
on it. Nothing is sent anywhere.

**Or with Node.js 20.19 or later:** \`node verify.mjs bundle.zip --policy policy.txt\`

Take the verifier, too, from a source that you trust: the copies in here were made by whoever made the bundle. The
SHA-256 of the policy that is printed must be the one you were told.

| exit | verdict | meaning |
| --- | --- | --- |
| 0 | valid | nothing was changed, nothing is missing as of the time that is shown |
| 1 | NOT valid | something was changed or is missing; the message says what |
| 2 | valid with limits | nothing was changed, but too few witnesses saw it, or it is not shown to be complete |
| 3 | unreadable | this is no bundle, or it is damaged |

No check can prove that everything that happened was recorded, or that what was recorded is true. \`report.html\` and
\`events.csv\` are made for reading and are **no evidence**. Evidence is what stands in \`entries\`, \`bodies\` and
\`disclosures\` and passes the check.
`;

const escape = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);

const row = (cells: readonly string[], tag: 'td' | 'th' = 'td'): string =>
  `<tr>${cells.map((cell) => `<${tag}>${escape(cell)}</${tag}>`).join('')}</tr>\n`;

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** The history as a page for reading: one file, no script, and the browser is told to load nothing. */
export function* reportHtml({
  file,
  events,
  exportedAt,
  exportedBy,
  purpose,
}: CaseHistory): Generator<string> {
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>${escape(file.reference)}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; color-scheme: light dark }
table { border-collapse: collapse; width: 100% } td, th { border-bottom: 1px solid #8886; padding: .4rem; text-align: left; vertical-align: top; overflow-wrap: anywhere }
.note { border: 2px solid #c60; padding: .5rem 1rem }
</style>
</head>
<body>
<h1>History of case ${escape(file.reference)}</h1>
<p class="note">This page is made for reading. It is <strong>no evidence</strong>: check the bundle as VERIFY.md says.</p>
<p>Made ${escape(exportedAt)} by ${escape(exportedBy)} for: ${escape(purpose)}</p>
<table>
`;
  yield row(['No', 'Time', 'What', 'Who', 'Role', 'Values'], 'th');
  for (const { seq, at, words, actor, values } of events) {
    const text = values.map(({ name, value }) => `${name}: ${shown(value)}`).join('; ');
    yield row([String(seq), at, words, actor.name ?? actor.uid, actor.role, text]);
  }
  yield '</table>\n</body>\n</html>\n';
}
