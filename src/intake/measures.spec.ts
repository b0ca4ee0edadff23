import { cameInAt, measuresOf } from './measures.js';

const at = (text: string): Date => new Date(text);

describe('what an allegation calls for at once', () => {
  const since = at('2026-03-02T20:30:00+08:00');
  const due = Object.fromEntries(
    measuresOf('COERCED_CONFESSION', since).map(({ code, dueAt }) => [code, dueAt?.toISOString() ?? null]),
  );

  it('ends the same day where it has to be done that day, in the zone of the law', () => {
    expect(due['PRESERVE_RECORDINGS']).toBe('2026-03-02T15:59:59.999Z');
  });

  it('ends so many hours later where they are hours, and at once where they are none', () => {
    expect(due['MEDICAL_EXAM']).toBe('2026-03-03T12:30:00.000Z');
    expect(due['REPORT_DEATH']).toBe(since.toISOString());
  });

  it('has no end where nobody has set one', () => {
    expect(due['SEPARATE_SUBJECT']).toBeNull();
    expect(measuresOf('OTHER', since)).toEqual([]);
  });

  it('counts thirty days to the end of the last one', () => {
    const [, complaint] = measuresOf('ABUSE_OF_COERCIVE_MEASURES', since);
    expect(complaint!.dueAt!.toISOString()).toBe('2026-04-01T15:59:59.999Z');
  });

  it('counts from the receipt, or from when the allegation was added later', () => {
    const registration = { receivedAt: since, registeredAt: at('2026-03-03T09:00:00+08:00') };
    expect(cameInAt(registration, registration.registeredAt)).toEqual(since);
    const later = at('2026-03-20T09:00:00+08:00');
    expect(cameInAt(registration, later)).toEqual(later);
  });
});
