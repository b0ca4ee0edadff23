import { Group, Input } from '@mantine/core';
import type { JSX } from 'react';
import { useCommonWords } from '../../i18n/common.ts';
import { Page, Section } from '../../ui/Page.tsx';
import { Factors } from './Factors.tsx';
import { Notices } from './Notices.tsx';
import { Password } from './Password.tsx';
import { ReadingNotice } from './reading/ReadingNotice.tsx';
import { Sessions } from './Sessions.tsx';
import { ThisSession } from './ThisSession.tsx';
import { AppearanceSwitch, LanguageSwitch } from '../../ui/preferences.tsx';
import { useWords } from './words.ts';

export default function AccountPage(): JSX.Element {
  const words = useWords();
  const common = useCommonWords();
  return (
    <Page title={words.title}>
      <Notices />
      <Section title={words.reading}>
        <ReadingNotice />
      </Section>
      <Section title={words.preferences}>
        <Group align="flex-end" gap="xl">
          <Input.Wrapper label={common.language} labelElement="div">
            <div>
              <LanguageSwitch />
            </div>
          </Input.Wrapper>
          <AppearanceSwitch />
        </Group>
      </Section>
      <Section title={words.factors}>
        <Factors />
      </Section>
      <Section title={words.thisSession}>
        <ThisSession />
      </Section>
      <Section title={words.sessions}>
        <Sessions />
      </Section>
      <Section title={words.password}>
        <Password />
      </Section>
    </Page>
  );
}
