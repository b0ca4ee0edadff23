import { Input, SegmentedControl, useMantineColorScheme } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useCommonWords } from '../i18n/common.ts';
import { languageNames, languages, setLanguage, useLanguage } from '../i18n/language.ts';

/** The language, each under its own name. */
export function LanguageSwitch(): JSX.Element {
  const words = useCommonWords();
  const language = useLanguage();
  const queries = useQueryClient();
  return (
    <SegmentedControl
      aria-label={words.language}
      size="xs"
      value={language}
      onChange={(value) => {
        setLanguage(value);
        // What the server said, it says again in the other language.
        void queries.invalidateQueries();
      }}
      data={languages.map((value) => ({ value, label: languageNames[value] }))}
    />
  );
}

export function AppearanceSwitch(): JSX.Element {
  const words = useCommonWords();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Input.Wrapper label={words.appearance} labelElement="div">
      <div>
        <SegmentedControl
          aria-label={words.appearance}
          size="xs"
          value={colorScheme}
          onChange={(value) => setColorScheme(value)}
          data={[
            { value: 'auto', label: words.asSystem },
            { value: 'light', label: words.light },
            { value: 'dark', label: words.dark },
          ]}
        />
      </div>
    </Input.Wrapper>
  );
}
