import { ConfigError, readConfig } from './config.js';

describe('the settings', () => {
  it('have defaults for all that may be left out', () => {
    expect(readConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      databaseUrl: undefined,
      logLevel: 'info',
    });
  });

  it('name what is wrong, all at once, and never a value', () => {
    const env = {
      DATABASE_URL: 'mysql://root:geheim@host',
      PORT: '99999',
      LOG_LEVEL: 'loud',
      PLUMBLINE_METRICS_TOKEN: 'short',
      PLUMBLINE_ORIGIN: 'http://other.place',
      PLUMBLINE_BREACHED_PASSWORDS: '/no/such/list',
      PLUMBLINE_SECOND_FACTOR: 'sometimes',
    };
    expect(() => readConfig(env)).toThrow(ConfigError);
    try {
      readConfig(env);
    } catch (error) {
      const { message } = error as Error;
      for (const name of Object.keys(env)) expect(message).toContain(name);
      for (const value of ['geheim', '99999', 'loud', 'short', 'other.place', '/no/such/list', 'sometimes'])
        expect(message).not.toContain(value);
    }
  });
});
