/** Protobuf's wire format over `pbf`, with the checks it leaves out: nothing is read past the end of its message. */
import { PbfReader } from 'pbf';

export type ProtobufReader = PbfReader;

/** Thrown when bytes are not protobuf; caught by the decoder. */
export class MalformedProtobuf extends Error {
  override readonly name = 'MalformedProtobuf';
  readonly offset: number;

  constructor(offset: number, wanted: string) {
    super(`Cannot read protobuf at byte ${offset}: expected ${wanted}`);
    this.offset = offset;
  }
}

/** Groups are long deprecated; a few levels of them are skipped, more are refused. */
const MAX_GROUP_DEPTH = 32;
const START_GROUP = 3;
const END_GROUP = 4;

/** A Node `Buffer` is seen as the plain array it is: its own `slice` would not copy. */
export function openProtobuf(bytes: Uint8Array): ProtobufReader {
  return new PbfReader(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length));
}

/** Reads a field's tag (`field number * 8 + wire type`) and remembers its wire type for {@link skipField}. */
export function readTag(reader: ProtobufReader, limit: number): number {
  const start = reader.pos;
  const tag = readVarint(reader, limit);
  if (tag < 8 || tag > 0xffffffff) throw new MalformedProtobuf(start, 'a field number from 1 to 2^29 - 1');
  reader.type = tag % 8;
  return tag;
}

/** Skips the value of the tag just read. */
export function skipField(reader: ProtobufReader, limit: number, depth = 0): void {
  switch (reader.type) {
    case 0:
      readVarint(reader, limit);
      return;
    case 1:
      advance(reader, 8, limit);
      return;
    case 2:
      reader.pos = enterMessage(reader, limit);
      return;
    case 5:
      advance(reader, 4, limit);
      return;
    case START_GROUP:
      skipGroup(reader, limit, depth);
      return;
    default:
      throw new MalformedProtobuf(reader.pos, `a wire type, got ${reader.type}`);
  }
}

/** Reads a length and returns where the message ends, which lies within `limit`. */
export function enterMessage(reader: ProtobufReader, limit: number): number {
  const start = reader.pos;
  const end = readVarint(reader, limit) + reader.pos;
  if (end > limit)
    throw new MalformedProtobuf(start, `at most ${limit - reader.pos} bytes, got a length of ${end - reader.pos}`);
  return end;
}

export function leaveMessage(reader: ProtobufReader, end: number): void {
  if (reader.pos !== end) throw new MalformedProtobuf(reader.pos, `a message to end at byte ${end}`);
}

/** `pbf` is faster than a decoder below this many bytes, and removes a byte order mark above it. */
const SHORT_TEXT = 12;
const DECODER = new TextDecoder('utf-8', { ignoreBOM: true });

/** Bytes that are not UTF-8 become U+FFFD: one bad character must not cost a batch. */
export function readText(reader: ProtobufReader, limit: number): string {
  const start = reader.pos;
  const end = enterMessage(reader, limit);
  if (end - reader.pos < SHORT_TEXT) {
    reader.pos = start;
    return reader.readString();
  }
  const text = DECODER.decode(reader.buf.subarray(reader.pos, end));
  reader.pos = end;
  return text;
}

/** As {@link readText}, for the few keys that every span repeats: known bytes cost no decoding and no new text. */
export function readKey(reader: ProtobufReader, limit: number): string {
  const start = reader.pos;
  const end = enterMessage(reader, limit);
  const { buf, pos } = reader;
  const length = end - pos;
  if (length > MAX_KNOWN_KEY) {
    reader.pos = start;
    return readText(reader, limit);
  }
  // FNV-1a, 32 bits.
  let hash = 0x811c9dc5;
  for (let at = pos; at < end; at += 1) hash = Math.imul(hash ^ (buf[at] ?? 0), 0x01000193);
  const slot = (hash >>> 0) % KNOWN_KEYS.length;
  const known = KNOWN_KEYS[slot];
  if (known !== undefined && isSame(known.bytes, buf, pos, length)) {
    reader.pos = end;
    return known.text;
  }
  reader.pos = start;
  const text = readText(reader, limit);
  KNOWN_KEYS[slot] = { bytes: buf.slice(pos, end), text };
  return text;
}

interface KnownKey {
  readonly bytes: Uint8Array;
  readonly text: string;
}

const MAX_KNOWN_KEY = 80;
const KNOWN_KEYS: (KnownKey | undefined)[] = Array.from({ length: 2048 }, () => undefined);

function isSame(known: Uint8Array, buf: Uint8Array, pos: number, length: number): boolean {
  if (known.length !== length) return false;
  for (let at = 0; at < length; at += 1) if (known[at] !== buf[pos + at]) return false;
  return true;
}

/** A view into the request. */
export function readBytes(reader: ProtobufReader, limit: number): Uint8Array<ArrayBuffer> {
  const end = enterMessage(reader, limit);
  const bytes = reader.buf.subarray(reader.pos, end) as Uint8Array<ArrayBuffer>;
  reader.pos = end;
  return bytes;
}

export function readDouble(reader: ProtobufReader, limit: number): number {
  const start = reader.pos;
  advance(reader, 8, limit);
  return reader.dataView.getFloat64(start, true);
}

/** Unsigned. */
export function readFixed64(reader: ProtobufReader, limit: number): bigint {
  const start = reader.pos;
  advance(reader, 8, limit);
  return reader.dataView.getBigUint64(start, true);
}

/** Negative and unknown numbers come out as they are; the caller decides. */
export function readEnum(reader: ProtobufReader, limit: number): number {
  return readVarint(reader, limit);
}

/** Signed, exact over the whole range. */
export function readInt64(reader: ProtobufReader, limit: number): bigint {
  const start = reader.pos;
  const rounded = readVarint(reader, limit);
  if (rounded <= Number.MAX_SAFE_INTEGER) return BigInt(rounded);
  let value = 0n;
  for (let at = start; at < reader.pos; at += 1) {
    value |= BigInt((reader.buf[at] ?? 0) & 0x7f) << BigInt(7 * (at - start));
  }
  return BigInt.asIntN(64, value);
}

/** Unsigned; rounded above 2^53. */
function readVarint(reader: ProtobufReader, limit: number): number {
  const first = reader.pos < limit ? reader.buf[reader.pos] : undefined;
  if (first !== undefined && first < 0x80) {
    reader.pos += 1;
    return first;
  }
  let last = reader.pos;
  while (last < limit && (reader.buf[last] ?? 0) >= 0x80) last += 1;
  if (last >= limit || last - reader.pos > 9) throw new MalformedProtobuf(reader.pos, 'a varint of at most 10 bytes');
  return reader.readVarint();
}

function advance(reader: ProtobufReader, count: number, limit: number): void {
  if (reader.pos + count > limit) throw new MalformedProtobuf(reader.pos, `${count} more bytes`);
  reader.pos += count;
}

function skipGroup(reader: ProtobufReader, limit: number, depth: number): void {
  if (depth >= MAX_GROUP_DEPTH) throw new MalformedProtobuf(reader.pos, `at most ${MAX_GROUP_DEPTH} nested groups`);
  for (;;) {
    readTag(reader, limit);
    if (reader.type === END_GROUP) return;
    skipField(reader, limit, depth + 1);
  }
}
