import { Button, Fieldset, Stack, Text, Textarea } from '@mantine/core';
import type { JSX } from 'react';
import { options } from '../../../i18n/codes.ts';
import { bound, type Errors } from './binding.ts';
import { CodeSelect } from './Inputs.tsx';
import type { TaskValues } from './values.ts';
import { useFieldWords } from './words.ts';

/** What police will actually do, or did: each task by its code and in words. */
export function TasksField({
  value,
  onChange,
  errors,
}: {
  value: readonly TaskValues[];
  onChange: (tasks: readonly TaskValues[]) => void;
  errors: Errors;
}): JSX.Element {
  const words = useFieldWords();
  const codes = options(words.codes.task);
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {words.hints.tasks}
      </Text>
      {value.map((task, n) => {
        const field = bound<TaskValues>({
          value: task,
          onChange: (changed) => onChange(value.map((one, at) => (at === n ? changed : one))),
          errors,
          at: `tasks.${n}.`,
        });
        return (
          <Fieldset key={n} legend={words.task(n + 1)}>
            <CodeSelect label={words.labels.tasks.code} required data={codes} {...field.one('code')} />
            <Textarea
              label={words.labels.tasks.text}
              autosize
              minRows={2}
              maxRows={12}
              mt="xs"
              {...field.text('text')}
            />
            {value.length > 1 && (
              <Button
                size="xs"
                variant="subtle"
                mt="xs"
                onClick={() => onChange(value.filter((_, at) => at !== n))}
              >
                {words.removeTask(n + 1)}
              </Button>
            )}
          </Fieldset>
        );
      })}
      <div>
        <Button
          variant="default"
          size="xs"
          onClick={() => onChange([...value, { code: '', text: '' }])}
          disabled={value.length >= 50}
        >
          {words.addTask}
        </Button>
      </div>
    </Stack>
  );
}
