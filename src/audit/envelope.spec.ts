import fc from 'fast-check';
import { leafHash, parseEnvelope, strictBase64 } from './envelope.js';

const hash = Buffer.alloc(32, 7).toString('base64');
const signature = Buffer.alloc(64, 9).toString('base64');
const envelope = [
  'plumbline-entry/v1',
  'stream 2f8e7d6c-0000-4000-8000-000000000000',
  'seq 42',
  `prev ${hash}`,
  'time 2026-09-14T12:34:56.123456Z',
  'event 2f8e7d6c-0000-4000-8000-000000000001',
  `body ${hash}`,
  'writer app-1-20260914',
  `sig ${signature}`,
  '',
].join('\n');

describe('an envelope', () => {
  it('is read into its parts', () => {
    expect(parseEnvelope(Buffer.from(envelope))).toMatchObject({ seq: 42n, writer: 'app-1-20260914' });
  });

  it('is refused with any byte changed, added or left out, unless it stays one of the grammar', () => {
    fc.assert(
      fc.property(fc.nat(envelope.length - 1), fc.nat(255), (at, byte) => {
        const bytes = Buffer.from(envelope);
        bytes[at] = byte;
        try {
          const parts = parseEnvelope(bytes);
          // Whatever it accepts is another envelope in full, never the same one spelt differently.
          if (byte !== Buffer.from(envelope)[at]) {
            expect(leafHash(bytes).equals(leafHash(Buffer.from(envelope)))).toBe(false);
          }
          expect(parts.writer).toMatch(/^[a-z0-9.-]+$/);
        } catch {
          expect(bytes.equals(Buffer.from(envelope))).toBe(false);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['a carriage return', envelope.replace('seq 42', 'seq 42\r')],
    ['a number with a leading zero', envelope.replace('seq 42', 'seq 042')],
    ['milliseconds only', envelope.replace('.123456Z', '.123Z')],
    ['another version', envelope.replace('/v1', '/v2')],
    ['a line more', `${envelope}more\n`],
    ['no last line end', envelope.slice(0, -1)],
    ['capitals in an id', envelope.replace('2f8e7d6c', '2F8E7D6C')],
  ])('is refused with %s', (_what, text) => {
    expect(() => parseEnvelope(Buffer.from(text))).toThrow();
  });

  it('takes base64 only as an encoder writes it', () => {
    expect(strictBase64('AA==')).toEqual(Buffer.from([0]));
    expect(() => strictBase64('AB==')).toThrow();
    const spareBits = envelope.replace(`prev ${hash}`, `prev ${hash.slice(0, -2)}d=`);
    expect(() => parseEnvelope(Buffer.from(spareBits))).toThrow();
  });
});
