import { useEffect, useState } from 'react';

/**
 * For a dialog that stands there only as long as it is open: when it goes, the focus returns to what opened it, or to
 * the heading of the page when the deed took that away. Otherwise the keyboard would begin anew at the top.
 */
export function useFocusBack(): void {
  const [opener] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      // After the dialog has left the page, and what it changed is drawn.
      setTimeout(() => {
        const hasFocus = document.activeElement !== null && document.activeElement !== document.body;
        if (hasFocus) return;
        const back =
          opener instanceof HTMLElement && opener.isConnected ? opener : document.querySelector('h1');
        back?.focus();
      });
    },
    [opener],
  );
}
