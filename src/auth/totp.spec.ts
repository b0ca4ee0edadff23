import { totpStep, totpToEnrol } from './totp.js';

const secret = Buffer.from('12345678901234567890');
const at = (seconds: number): Date => new Date(seconds * 1000);

describe('codes', () => {
  // RFC 6238, appendix B, the last six of eight digits.
  it.each([
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ])('are those of the RFC at %d s', (seconds, code) => {
    expect(totpStep(secret, code, at(seconds), 0)).toBe(Math.floor(seconds / 30));
  });

  it('are taken one step early or late, and no more', () => {
    const step = 41152263;
    for (const [drift, expected] of [
      [-31, undefined],
      [-30, step],
      [0, step],
      [29, step],
      [59, step],
      [60, undefined],
    ] as const) {
      expect([drift, totpStep(secret, '005924', at(step * 30 + drift), 0)]).toEqual([drift, expected]);
    }
  });

  it('count once, and none before the last one', () => {
    const [seconds, step] = [1234567890, 41152263];
    expect(totpStep(secret, '005924', at(seconds), step - 1)).toBe(step);
    expect(totpStep(secret, '005924', at(seconds), step)).toBeUndefined();
    expect(totpStep(secret, '005924', at(seconds), step + 1)).toBeUndefined();
  });

  it('are of one secret only, and of six digits', () => {
    expect(totpStep(Buffer.alloc(20), '005924', at(1234567890), 0)).toBeUndefined();
    for (const code of ['', '05924', '0005924', '89005924', 'abcdef']) {
      expect(totpStep(secret, code, at(1234567890), 0)).toBeUndefined();
    }
  });

  it('come from an address that an app can read', () => {
    expect(totpToEnrol(secret, 'auditor')).toEqual({
      secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
      uri: expect.stringMatching(
        /^otpauth:\/\/totp\/Plumbline:auditor\?.*secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ/,
      ),
    });
  });
});
