import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { decodeEntry, type EncodedEntry, type Entry, encodeEntry } from './entry.ts';
import { readSealedFile, storedFiles, writeSealedFile } from './files.ts';
import { fill, finish, isFillable, movable, Tally } from './move.ts';
import { isUnfinished } from './schema.ts';
import { type Store, StoreRefused } from './store.ts';

/**
 * A backup is one file: a first line, and then frames, each a type, the lengths of its head and its body, the head (JSON) and the body.
 * The last frame has the counts, and the SHA-256 of all before it. Values and files are in it as they are kept: encrypted.
 */
const firstLine = Buffer.from('icp-filing-backup 1\n');
const frameTypes = { entry: 1, file: 2, end: 3 } as const;
const frameHeadBytes = 1 + 4 + 4;
/** No value and no file is nearly as large: what says so is broken. */
const mostBytes = 256 * 1024 * 1024;
const writeBytes = 1024 * 1024;

export interface Contents {
  tally: Tally;
  /** Number of files. */
  files: number;
}

/**
 * Writes all of a store, and the files beside it, into one file, which has its name only when it is complete. The embedded store may be
 * in use meanwhile: what is written is the store at one moment.
 */
export async function writeBackup(out: string, store: Store, filesFolder: string): Promise<Contents> {
  const part = `${out}.part`;
  await rm(part, { force: true });
  try {
    const file = await open(part, 'wx', 0o600);
    try {
      const contents = await writeAll(new FrameWriter(file), store, filesFolder);
      await file.sync();
      await rename(part, out);
      return contents;
    } finally {
      await file.close();
    }
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

async function writeAll(frames: FrameWriter, store: Store, filesFolder: string): Promise<Contents> {
  const tally = new Tally();
  let files = 0;
  for await (const entry of movable(store)) {
    const encoded = encodeEntry(entry);
    tally.add(entry, encoded);
    await frames.write(frameTypes.entry, encoded);
  }
  for (const name of await storedFiles(filesFolder)) {
    const sealed = await readSealedFile(filesFolder, name);
    if (!sealed) continue; // erased meanwhile
    await frames.write(frameTypes.file, { head: Buffer.from(JSON.stringify(name)), value: sealed });
    files += 1;
  }
  await frames.end({ entries: tally.total, files });
  return { tally, files };
}

/** Reads a backup from its first byte to its last. Rejects with `StoreRefused` when it is not one, or not whole, or was changed. */
export async function checkBackup(path: string): Promise<void> {
  for await (const _ of framesIn(path)); // the end says whether all was right
}

/**
 * Puts everything of a backup into an empty store and an empty folder. The backup is read as a whole before anything is written; a
 * restoration that was interrupted leaves a store from which nobody serves, and can be run again.
 */
export async function restoreBackup(path: string, store: Store, filesFolder: string): Promise<Contents> {
  await checkBackup(path);
  if (!(await isFillable(store))) throw new StoreRefused('The destination is not empty. Nothing was changed.');
  if (!(await isUnfinished(store)) && (await storedFiles(filesFolder)).length > 0) {
    throw new StoreRefused(`There are files in ${filesFolder} already. Nothing was changed.`);
  }
  let files = 0;
  const keepFile = async (name: string, sealed: Buffer) => {
    await writeSealedFile(filesFolder, name, sealed);
    files += 1;
  };
  const filled = await fill(store, entriesIn(path, keepFile));
  await finish(store, filled);
  return { tally: filled.found, files };
}

async function* entriesIn(path: string, keepFile: (name: string, sealed: Buffer) => Promise<void>): AsyncIterable<Entry> {
  for await (const frame of framesIn(path)) {
    if (frame.type === frameTypes.entry) yield decodeEntry(frame);
    else await keepFile(JSON.parse(frame.head.toString()) as string, frame.value);
  }
}

interface Frame extends EncodedEntry {
  type: typeof frameTypes.entry | typeof frameTypes.file;
  value: Buffer;
}

/** What the last frame says of all before it. */
interface End {
  entries: number;
  files: number;
}

class FrameWriter {
  readonly #file: FileHandle;
  readonly #hash = createHash('sha256');
  #waiting: Uint8Array[] = [];
  #bytes = 0;

  constructor(file: FileHandle) {
    this.#file = file;
    this.#add(firstLine);
  }

  async write(type: number, { head, value }: EncodedEntry): Promise<void> {
    const lengths = Buffer.alloc(frameHeadBytes);
    lengths.writeUInt8(type, 0);
    lengths.writeUInt32BE(head.length, 1);
    lengths.writeUInt32BE(value.length, 5);
    for (const part of [lengths, head, value]) this.#add(part);
    if (this.#bytes >= writeBytes) await this.#flush();
  }

  async end(end: End): Promise<void> {
    const sum = this.#hash.copy().digest();
    await this.write(frameTypes.end, { head: Buffer.from(JSON.stringify(end)), value: sum });
    await this.#flush();
  }

  #add(part: Uint8Array): void {
    this.#hash.update(part);
    this.#waiting.push(part);
    this.#bytes += part.length;
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#bytes = 0;
    await this.#file.appendFile(bytes);
  }
}

/** The frames of a backup but the last, which is compared with them. */
async function* framesIn(path: string): AsyncIterable<Frame> {
  const bytes = new ByteReader(path);
  try {
    const hash = createHash('sha256');
    const take = async (count: number) => {
      const taken = await bytes.take(count);
      if (!taken) throw new StoreRefused(`The backup ${path} ends in the middle: it is not whole. Nothing was changed by it.`);
      hash.update(taken);
      return taken;
    };
    const begin = await bytes.take(firstLine.length);
    if (!begin?.equals(firstLine)) throw new StoreRefused(`${path} is not a backup that this program can read.`);
    hash.update(begin);
    const counted: End = { entries: 0, files: 0 };
    for (;;) {
      const before = hash.copy();
      const lengths = await take(frameHeadBytes);
      const type = lengths.readUInt8(0);
      const [headBytes, valueBytes] = [lengths.readUInt32BE(1), lengths.readUInt32BE(5)];
      if (headBytes > mostBytes || valueBytes > mostBytes) throw broken(path);
      const head = await take(headBytes);
      const value = await take(valueBytes);
      if (type === frameTypes.end) {
        const isAsCounted = head.toString() === JSON.stringify(counted);
        if (!isAsCounted || !value.equals(before.digest()) || (await bytes.take(1))) throw broken(path);
        return;
      }
      if (type !== frameTypes.entry && type !== frameTypes.file) throw broken(path);
      counted[type === frameTypes.entry ? 'entries' : 'files'] += 1;
      yield { type, head, value };
    }
  } finally {
    bytes.close();
  }
}

function broken(path: string): StoreRefused {
  return new StoreRefused(`The backup ${path} was damaged: what is in it is not what was written. Nothing was changed by it.`);
}

/** Takes a stream of bytes apart. */
class ByteReader {
  readonly #stream: ReturnType<typeof createReadStream>;
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(path: string) {
    this.#stream = createReadStream(path, { highWaterMark: writeBytes });
    this.#chunks = this.#stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** Undefined when there are not so many left. */
  async take(count: number): Promise<Buffer | undefined> {
    const parts = [this.#rest];
    let having = this.#rest.length;
    while (having < count) {
      const { done, value } = await this.#chunks.next();
      if (done) return undefined;
      parts.push(value);
      having += value.length;
    }
    const all = parts.length === 1 ? this.#rest : Buffer.concat(parts);
    this.#rest = all.subarray(count);
    return all.subarray(0, count);
  }

  close(): void {
    this.#stream.destroy();
  }
}
