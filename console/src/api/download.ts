import { useMutation, type UseMutationResult } from '@tanstack/react-query';
import { guardedFetch } from './client.ts';
import { isProblem, ProblemError, unreadable } from './problem.ts';

/** The name that the server proposes (RFC 6266), without what could be a path. */
function nameIn(header: string | null): string | undefined {
  const [, encoded] = /filename\*=UTF-8''([^;]+)/i.exec(header ?? '') ?? [];
  const [, plain] = /filename="?([^";]+)"?/i.exec(header ?? '') ?? [];
  const name = encoded === undefined ? plain : decodeURIComponent(encoded);
  return name?.replaceAll(/[\\/]/g, '_');
}

/** Saves a text that the page itself holds, such as the CSV of what is shown. */
export function saveBlob(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser has to have begun to read it.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Fetches a file of the interface and saves it; it is never shown in this window, whatever it is. */
export async function download(path: string, fallbackName: string, accept?: string): Promise<void> {
  const headers = accept === undefined ? undefined : { accept };
  const response = await guardedFetch(new Request(new URL(path, window.location.origin), { headers }));
  if (!response.ok) {
    const body: unknown = await response.json().catch(() => undefined);
    throw isProblem(body) ? new ProblemError(body) : unreadable(response.status);
  }
  saveBlob(await response.blob(), nameIn(response.headers.get('content-disposition')) ?? fallbackName);
}

export const useDownload = (): UseMutationResult<void, ProblemError, { path: string; name: string }> =>
  useMutation({ mutationFn: ({ path, name }) => download(path, name) });
