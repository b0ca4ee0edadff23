import { Alert, Stack, Text } from '@mantine/core';
import type { JSX } from 'react';
import { useLocation } from 'react-router';
import { useCommonWords } from '../i18n/common.ts';
import { AlertIcon } from '../ui/icons.tsx';
import { RegisterFactor } from '../ui/RegisterFactor.tsx';
import { useMe } from './me.ts';

/** Above every page, also one that asks for nothing before it is sent: what this session lacks, and where to get it. */
export function FactorWanted(): JSX.Element | null {
  const words = useCommonWords();
  const { session } = useMe();
  const { pathname } = useLocation();
  if (!session.secondFactorWanted) return null;
  return (
    <Alert
      color="seal"
      variant="light"
      icon={<AlertIcon />}
      title={words.factorWanted}
      mb="lg"
      data-print="no"
    >
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{words.factorWantedHint}</Text>
        {pathname !== '/account' && <RegisterFactor />}
      </Stack>
    </Alert>
  );
}
