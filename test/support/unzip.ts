import { crc32 } from 'node:zlib';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js/lib/zip-core-native.js';

export interface Unzipped {
  name: string;
  content: Buffer;
  /** By the clock of whoever packed it: 2026-11-28 17:05:02. */
  at: string;
}

/** What is in a ZIP archive of stored entries, as readers find it: from the directory at its end. Throws where the archive contradicts itself. */
export function unzip(archive: Buffer): Unzipped[] {
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06'));
  if (end < 0 || end + 22 !== archive.length) throw new Error('It does not end as an archive does.');
  const [count, size, start] = [archive.readUInt16LE(end + 10), archive.readUInt32LE(end + 12), archive.readUInt32LE(end + 16)];
  if (start + size !== end || archive.readUInt16LE(end + 8) !== count) throw new Error('The directory is not where it should be.');
  const entries: Unzipped[] = [];
  for (let at = start; at < end; at += 46 + archive.readUInt16LE(at + 28)) {
    expectAt(archive, at, 'PK\x01\x02');
    entries.push(entryOf(archive, at));
  }
  if (entries.length !== count) throw new Error(`${entries.length} entries in place of ${count}.`);
  return entries;
}

/** What is in an archive that is encrypted. Throws where the password is wrong, there is none, or anything was changed since. */
export async function decrypt(archive: Buffer, password: string | undefined): Promise<Pick<Unzipped, 'name' | 'content'>[]> {
  const reader = new ZipReader(new Uint8ArrayReader(archive), { useWebWorkers: false, ...(password !== undefined && { password }) });
  const entries = await reader.getEntries();
  return Promise.all(
    entries.map(async (entry) => {
      if (entry.directory || !entry.encrypted) throw new Error(`${entry.filename} is not encrypted.`);
      return { name: entry.filename, content: Buffer.from(await entry.getData(new Uint8ArrayWriter())) };
    }),
  );
}

function entryOf(archive: Buffer, directory: number): Unzipped {
  const nameLength = archive.readUInt16LE(directory + 28);
  const local = archive.readUInt32LE(directory + 42);
  expectAt(archive, local, 'PK\x03\x04');
  // What both say: version, flags, method, time, date; sizes and checksum of an entry that is written piece by piece stand in the directory alone.
  const said = archive.subarray(directory + 6, directory + 16);
  if (!said.equals(archive.subarray(local + 4, local + 14))) throw new Error('The directory says otherwise than the entry.');
  const name = archive.subarray(directory + 46, directory + 46 + nameLength);
  const isUtf8 = (archive.readUInt16LE(directory + 8) & 0x0800) !== 0;
  if (!isUtf8 && name.some((byte) => byte > 127)) throw new Error('The name is not marked as UTF-8.');
  const from = local + 30 + nameLength;
  if (!name.equals(archive.subarray(local + 30, from))) throw new Error('The entry has another name.');
  const content = archive.subarray(from, from + archive.readUInt32LE(directory + 24));
  if (crc32(content) !== archive.readUInt32LE(directory + 16)) throw new Error('The content is not what was packed.');
  return { name: name.toString(), content, at: moment(archive.readUInt16LE(directory + 12), archive.readUInt16LE(directory + 14)) };
}

function expectAt(archive: Buffer, at: number, signature: string): void {
  if (archive.toString('latin1', at, at + 4) !== signature) throw new Error(`There is no record at ${at}.`);
}

function moment(time: number, date: number): string {
  const two = (part: number) => String(part).padStart(2, '0');
  return `${(date >> 9) + 1980}-${two((date >> 5) & 15)}-${two(date & 31)} ${two(time >> 11)}:${two((time >> 5) & 63)}:${two((time & 31) * 2)}`;
}
