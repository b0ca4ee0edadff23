import type { ComponentProps, JSX } from 'react';
import { useDeed, type Deed, type Request } from '../api/hooks.ts';
import { ConfirmDeed } from './ConfirmDeed.tsx';

interface Props<T>
  extends Omit<Deed<string, T>, 'run'>, Omit<ComponentProps<typeof ConfirmDeed>, 'opened' | 'run'> {
  /** The request, with the reason where one is asked. */
  readonly request: (reason: string) => Request<T>;
}

/** A dialog of one deed with its request: it stands there until it is closed or the deed is done. */
export function DeedDialog<T>({ request, invalidates, said, onDone, ...dialog }: Props<T>): JSX.Element {
  const deed = useDeed<string, T>({
    run: request,
    invalidates,
    ...(said === undefined ? {} : { said }),
    ...(onDone ? { onDone } : {}),
  });
  return <ConfirmDeed opened {...dialog} run={(reason) => deed.mutateAsync(reason)} />;
}
