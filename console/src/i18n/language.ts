import { useSyncExternalStore } from 'react';

export const languages = ['en', 'zh'] as const;
export type Language = (typeof languages)[number];

/** What is the same text in each language. */
export type InEach<T = string> = Readonly<Record<Language, T>>;

/** The languages as their speakers call them, with the tag for `lang` and for Intl. */
export const languageNames: InEach = { en: 'English', zh: '中文' };
export const locales: InEach = { en: 'en-GB', zh: 'zh-CN' };

const KEY = 'plumbline.language';
const listeners = new Set<() => void>();
let current: Language = chosen();

function chosen(): Language {
  const kept = localStorage.getItem(KEY);
  if (kept === 'en' || kept === 'zh') return kept;
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

function mark(): void {
  document.documentElement.lang = current === 'zh' ? 'zh-Hans' : 'en';
}
mark();

export const currentLanguage = (): Language => current;

export function setLanguage(language: Language): void {
  current = language;
  localStorage.setItem(KEY, language);
  mark();
  listeners.forEach((listener) => listener());
}

/** The language of the pages; a component that uses it renders anew when it changes. */
export const useLanguage = (): Language =>
  useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, currentLanguage);
