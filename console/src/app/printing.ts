/**
 * Paper is light: while the page is printed it has the light appearance, whatever its reader chose for the screen. The
 * browser says so in two ways, since not each of them says both.
 */
const root = document.documentElement;
const ATTRIBUTE = 'data-mantine-color-scheme';
let chosen: string | undefined;

function toPaper(): void {
  if (chosen !== undefined) return;
  chosen = root.getAttribute(ATTRIBUTE) ?? 'light';
  root.setAttribute(ATTRIBUTE, 'light');
}

function toScreen(): void {
  if (chosen === undefined) return;
  root.setAttribute(ATTRIBUTE, chosen);
  chosen = undefined;
}

window.addEventListener('beforeprint', toPaper);
window.addEventListener('afterprint', toScreen);
window.matchMedia('print').addEventListener('change', ({ matches }) => (matches ? toPaper() : toScreen()));

export {};
