import { crc32 } from 'node:zlib';

export interface ZipEntry {
  /** With `/` between folders; Chinese is written in UTF-8 and marked as such. */
  name: string;
  content: Uint8Array;
}

const signatures = { entry: 0x04034b50, directory: 0x02014b50, end: 0x06054b50 };
/** 2.0: the least that any reader knows. */
const version = 20;
/** A system of files that are for their owner alone. From MS-DOS, the older readers on Unix would take names for its code page, whatever the flag. */
const unix = { madeBy: (3 << 8) | version, fileMode: 0o100600 * 2 ** 16 };
const utf8Names = 0x0800;
/** Photos and PDFs are compressed already. */
const stored = 0;
const most = { bytes: 0xffffffff, entries: 0xffff };

/**
 * A ZIP archive, entry by entry, so that no more than one of them is in memory (PKWARE APPNOTE 6.3.10, sections 4.3 and 4.4). Written by hand:
 * nothing is to be read, compressed or encrypted, and what is left of the format is three records. `at`: milliseconds since 1970, for all
 * entries. Throws RangeError beyond 4 GiB or 65535 entries, which would take ZIP64.
 */
export async function* zipped(entries: Iterable<ZipEntry> | AsyncIterable<ZipEntry>, at: number): AsyncGenerator<Buffer> {
  const directory: Buffer[] = [];
  let offset = 0;
  for await (const { name, content } of entries) {
    const written = Buffer.from(name);
    const common = commonPart(written, content, at);
    const size = 4 + common.length + written.length + content.length;
    if (offset + size > most.bytes || directory.length === most.entries) throw new RangeError('Too much for one ZIP archive.');
    directory.push(directoryRecord(common, written, offset));
    yield Buffer.concat([u32(signatures.entry), common, written]);
    yield Buffer.from(content.buffer, content.byteOffset, content.byteLength);
    offset += size;
  }
  const records = Buffer.concat(directory);
  yield records;
  const count = u16(directory.length);
  const onThisDisk = [u16(0), u16(0), count, count];
  yield Buffer.concat([u32(signatures.end), ...onThisDisk, u32(records.length), u32(offset), u16(0)]);
}

/** What stands before an entry and in the directory alike. */
function commonPart(name: Buffer, content: Uint8Array, at: number): Buffer {
  const { time, date } = dosMoment(at);
  const sizes = [u32(content.length), u32(content.length)];
  const noExtraField = u16(0);
  const numbers = [version, utf8Names, stored, time, date].map(u16);
  return Buffer.concat([...numbers, u32(crc32(content)), ...sizes, u16(name.length), noExtraField]);
}

function directoryRecord(common: Buffer, name: Buffer, offset: number): Buffer {
  const [noComment, firstDisk, binary] = [u16(0), u16(0), u16(0)];
  const head = [u32(signatures.directory), u16(unix.madeBy), common, noComment, firstDisk, binary, u32(unix.fileMode)];
  return Buffer.concat([...head, u32(offset), name]);
}

/** The clock of China, in steps of two seconds; readers know no other zone than their own. */
function dosMoment(at: number): { time: number; date: number } {
  const moment = new Date(at + 8 * 3_600_000);
  return {
    time: (moment.getUTCHours() << 11) | (moment.getUTCMinutes() << 5) | (moment.getUTCSeconds() >> 1),
    date: ((moment.getUTCFullYear() - 1980) << 9) | ((moment.getUTCMonth() + 1) << 5) | moment.getUTCDate(),
  };
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
