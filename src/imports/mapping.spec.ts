import { builtInMapping, builtInMappings } from './mapping-files.js';

describe('the mappings that come with the program', () => {
  it('are complete', async () => {
    for (const name of await builtInMappings()) {
      const mapping = await builtInMapping(name).catch((error: unknown) => {
        throw new Error(JSON.stringify((error as { extra?: unknown }).extra ?? String(error)));
      });
      expect(mapping.system).toBe(name);
    }
  });
});
