const BYTEA = 17;
const HEADER = 20;

/**
 * Byte strings as a parameter of type `bytea[]`, in the binary form of PostgreSQL (`array_recv`): the driver would send
 * twice as many hexadecimal digits, which both sides would have to write and read one by one.
 */
export function byteaArray(values: readonly Buffer[]): Buffer {
  // An empty array has no dimension.
  if (values.length === 0) return header(0);
  const head = Buffer.alloc(HEADER);
  head.set(header(1));
  head.writeInt32BE(values.length, 12);
  // Arrays begin at one.
  head.writeInt32BE(1, 16);
  return Buffer.concat([head, ...values.flatMap((value) => [lengthOf(value), value])]);
}

function header(dimensions: number): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeInt32BE(dimensions, 0);
  bytes.writeInt32BE(BYTEA, 8);
  return bytes;
}

function lengthOf(value: Buffer): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value.length);
  return bytes;
}
