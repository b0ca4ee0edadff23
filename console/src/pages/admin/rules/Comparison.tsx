import { Text, Title } from '@mantine/core';
import type { JSX, ReactNode } from 'react';
import type { components } from '../../../api/client.ts';
import { useLanguage } from '../../../i18n/language.ts';
import { StateBadge } from '../../../ui/states.tsx';
import classes from '../Admin.module.css';
import { useWords } from '../words.ts';

type Compared = components['schemas']['RulebookComparisonView'];
export type Rule = components['schemas']['RuleView'];

/** What a rule says and fixes, a line each, so that two of them can be read side by side. */
function useLinesOf(): (rule: Rule) => Map<string, string> {
  const words = useWords();
  const language = useLanguage();
  return (rule) =>
    new Map([
      [words.rule, rule[language]],
      [words.article, rule.article],
      [words.confidence, words.confidences[rule.confidence]],
      ...rule.settings.map((setting) => [words.settings[setting.name], setting[language]] as const),
    ]);
}

/** What came, what went, and what says something else than before, with the two texts beside each other. */
export function Comparison({ comparison }: { comparison: Compared }): JSX.Element {
  const words = useWords();
  const { added, removed, changed } = comparison;
  if (added.length + removed.length + changed.length === 0) return <Text>{words.nothingChanged}</Text>;
  return (
    <div>
      <Text fw={600} mb="xs">
        {words.changeCount(added.length, removed.length, changed.length)}
      </Text>
      <Group title={words.altered} rules={changed.map(({ after }) => after)}>
        {(rule) => {
          const pair = changed.find(({ after }) => after === rule)!;
          return <Pair before={pair.before} after={pair.after} />;
        }}
      </Group>
      <Group title={words.added} rules={added}>
        {(rule) => <Said rule={rule} mark="ins" />}
      </Group>
      <Group title={words.removed} rules={removed}>
        {(rule) => <Said rule={rule} mark="del" />}
      </Group>
    </div>
  );
}

interface GroupProps {
  readonly title: string;
  readonly rules: readonly Rule[];
  readonly children: (rule: Rule) => ReactNode;
}

function Group({ title, rules, children }: GroupProps): JSX.Element | null {
  const words = useWords();
  if (rules.length === 0) return null;
  return (
    <>
      <Title order={3} size="h5" mt="md" mb={4}>
        {title}
      </Title>
      <ul className={classes['rules']}>
        {rules.map((rule) => (
          <li key={`${rule.part} ${rule.id}`}>
            <Text size="sm" c="dimmed" component="div">
              {words.parts[rule.part]} · {rule.id} · {rule.article}{' '}
              {rule.confidence === 'C' && (
                <StateBadge tone="waiting">{words.confidences[rule.confidence]}</StateBadge>
              )}
            </Text>
            {children(rule)}
          </li>
        ))}
      </ul>
    </>
  );
}

function Said({ rule, mark: Mark }: { rule: Rule; mark: 'ins' | 'del' }): JSX.Element {
  const language = useLanguage();
  return (
    <Text size="sm" component="div" className={classes['pair']}>
      <Mark>{rule[language]}</Mark>
    </Text>
  );
}

function Pair({ before, after }: { before: Rule; after: Rule }): JSX.Element {
  const words = useWords();
  const linesOf = useLinesOf();
  const [old, now] = [linesOf(before), linesOf(after)];
  const names = [...new Set([...old.keys(), ...now.keys()])].filter(
    (name) => old.get(name) !== now.get(name),
  );
  return (
    <>
      {names.map((name) => (
        <div key={name} className={classes['pair']}>
          <Text size="sm" component="div">
            {name}, {words.was}: <del>{old.get(name) ?? '—'}</del>
          </Text>
          <Text size="sm" component="div">
            {name}, {words.is}: <ins>{now.get(name) ?? '—'}</ins>
          </Text>
        </div>
      ))}
    </>
  );
}
