import { useDeedWords } from './words.ts';

type Ground = keyof ReturnType<typeof useDeedWords>['grounds'];

/** The grounds among which a step chooses, in words. */
export function useGrounds<G extends Ground>(...codes: readonly G[]): { value: G; label: string }[] {
  const { grounds } = useDeedWords();
  return codes.map((value) => ({ value, label: grounds[value] }));
}
