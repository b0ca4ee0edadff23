import type { TestDatabase } from './database.js';

/** What the demonstration set-up made. */
export interface DemonstrationIds {
  organs: Record<'ministry' | 'province' | 'city' | 'county' | 'station' | 'station2' | 'oversight', string>;
  officers: string[];
  users: Record<string, string>;
}

export async function demonstrationIds(sql: TestDatabase['sql']): Promise<DemonstrationIds> {
  const organs = await sql<{ code: string; id: string }>('SELECT code, id FROM app.organ');
  const byCode = Object.fromEntries(organs.map(({ code, id }) => [code, id]));
  const officers = await sql<{ id: string }>('SELECT id FROM app.officer ORDER BY badge_number');
  const users = await sql<{ username: string; id: string }>('SELECT username, id FROM app.user_account');
  return {
    organs: {
      ministry: byCode['DEMO']!,
      province: byCode['DEMO-P']!,
      city: byCode['DEMO-C']!,
      county: byCode['DEMO-X']!,
      station: byCode['DEMO-S1']!,
      station2: byCode['DEMO-S2']!,
      oversight: byCode['DEMO-O']!,
    },
    officers: officers.map(({ id }) => id),
    users: Object.fromEntries(users.map(({ username, id }) => [username, id])),
  };
}
