import { Anchor } from '@mantine/core';
import type { JSX } from 'react';
import { useCommonWords } from '../i18n/common.ts';

/** To the page of one’s account, in a window of its own: what is typed here stays. */
export const RegisterFactor = (): JSX.Element => {
  const words = useCommonWords();
  return (
    <Anchor href="/account" target="_blank" rel="noopener" size="sm" underline="always">
      {words.registerFactor}
    </Anchor>
  );
};
