import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { access, type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type DataKeys, UnknownDataKey } from './data-keys.ts';

const ivBytes = 12;
const tagBytes = 16;
const keyIdBytes = 4;
const headBytes = keyIdBytes + ivBytes;

/**
 * Customers' files, encrypted on disk under random names, written and read as streams: key id, IV, ciphertext, tag
 * (AES-256-GCM, the name authenticated). A file is only ever given out after its tag was checked.
 */
export class Files {
  readonly #folder: string;
  readonly #keys: DataKeys;

  constructor(folder: string, keys: DataKeys) {
    this.#folder = folder;
    this.#keys = keys;
  }

  /** Stores a stream and gives its name and size; when the stream fails, nothing remains. */
  async save(content: AsyncIterable<Buffer>, name = randomBytes(24).toString('base64url')): Promise<{ name: string; size: number }> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const iv = randomBytes(ivBytes);
    const { id, secret } = this.#keys.current;
    const cipher = createCipheriv('aes-256-gcm', secret, iv).setAAD(Buffer.from(name));
    const file = createWriteStream(this.#path(name), { mode: 0o600, flush: true });
    let size = 0;
    try {
      await pipeline(
        content,
        async function* (chunks: AsyncIterable<Buffer>) {
          yield Buffer.concat([Buffer.from(id, 'hex'), iv]);
          for await (const chunk of chunks) {
            size += chunk.length;
            yield cipher.update(chunk);
          }
          yield cipher.final();
          yield cipher.getAuthTag();
        },
        file,
      );
    } catch (error) {
      // A pipeline that fails does not wait for the disk: a file still being opened would come to be after its removal.
      await new Promise<void>((resolve) => (file.closed ? resolve() : file.once('close', resolve)));
      await rm(this.#path(name), { force: true });
      throw error;
    }
    return { name, size };
  }

  /** The content, or undefined when there is no such file. Throws when it was changed on disk. */
  async load(name: string): Promise<Buffer | undefined> {
    const file = await ifThere(open(this.#path(name), 'r'));
    if (!file) return undefined;
    const chunks: Buffer[] = [];
    for await (const chunk of this.#chunksOf(file, name)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  /**
   * The content piece by piece. That it was changed on disk shows, and throws, at the end only: what was made of it before is to be thrown
   * away then. Throws when there is no such file.
   */
  async *read(name: string): AsyncGenerator<Buffer> {
    yield* this.#chunksOf(await open(this.#path(name), 'r'), name);
  }

  /** How many bytes the content has; undefined when there is no such file. */
  async sizeOf(name: string): Promise<number | undefined> {
    const found = await ifThere(stat(this.#path(name)));
    return found && Math.max(0, found.size - headBytes - tagBytes);
  }

  /** Closes the file. */
  async *#chunksOf(file: FileHandle, name: string): AsyncGenerator<Buffer> {
    try {
      const { size } = await file.stat();
      const head = Buffer.alloc(headBytes);
      const tag = Buffer.alloc(tagBytes);
      await file.read(head, 0, headBytes, 0);
      await file.read(tag, 0, tagBytes, size - tagBytes);
      const keyId = head.toString('hex', 0, keyIdBytes);
      const key = this.#keys.find(keyId);
      if (!key) throw new UnknownDataKey(keyId);
      const decipher = createDecipheriv('aes-256-gcm', key.secret, head.subarray(4)).setAAD(Buffer.from(name)).setAuthTag(tag);
      // From the same file to its end, also where another takes its name meanwhile.
      if (size > headBytes + tagBytes) {
        const content = file.createReadStream({ start: headBytes, end: size - tagBytes - 1, autoClose: false });
        for await (const chunk of content) yield decipher.update(chunk as Buffer);
      }
      yield decipher.final();
    } finally {
      await file.close();
    }
  }

  async has(name: string): Promise<boolean> {
    return access(this.#path(name)).then(
      () => true,
      () => false,
    );
  }

  /** Removes the files and what was made of them. */
  async remove(names: readonly string[]): Promise<void> {
    const all = names.flatMap((name) => [name, thumbnailName(name), cleanCopyName(name)]);
    await Promise.all(all.map((name) => this.#remove(this.#path(name))));
  }

  /**
   * Encrypts a file with the current key, if it is not already, while it is in use; gives whether there was anything to do. A file that is
   * removed meanwhile stays away.
   */
  async reseal(name: string): Promise<boolean> {
    const path = this.#path(name);
    const keyId = await keyIdOfFile(this.#folder, name);
    if (keyId === undefined || keyId === this.#keys.current.id) return false;
    const content = await this.load(name);
    if (!content) return false;
    const next = successorOf(path);
    await rmIfOld(next);
    const iv = randomBytes(ivBytes);
    const { id, secret } = this.#keys.current;
    const cipher = createCipheriv('aes-256-gcm', secret, iv).setAAD(Buffer.from(name));
    const sealed = [Buffer.from(id, 'hex'), iv, cipher.update(content), cipher.final(), cipher.getAuthTag()];
    await writeFile(next, Buffer.concat(sealed), { mode: 0o600, flag: 'wx', flush: true }); // one process at a time, see `rmIfOld`
    // See `#remove`: whoever removes the file before this look has removed the name, and whoever does so after it removes both.
    if (!(await this.has(name))) {
      await rm(next, { force: true });
      return false;
    }
    return rename(next, path).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return false;
        throw error;
      },
    );
  }

  /** The name, what may be about to take its place, and the name again, in case that it just did. */
  async #remove(path: string): Promise<void> {
    await rm(path, { force: true });
    await rm(successorOf(path), { force: true });
    await rm(path, { force: true });
  }

  #path(name: string): string {
    return pathOf(this.#folder, name);
  }
}

/** The names of all files in a folder, in one order; none where there is no folder yet. */
export async function storedFiles(folder: string): Promise<string[]> {
  const found = (await ifThere(readdir(folder))) ?? [];
  return found.filter((name) => namePattern.test(name)).sort();
}

/** The id of the key with which a file is encrypted; undefined when there is no such file. */
export async function keyIdOfFile(folder: string, name: string): Promise<string | undefined> {
  const file = await ifThere(open(pathOf(folder, name), 'r'));
  if (!file) return undefined;
  try {
    const id = Buffer.alloc(keyIdBytes);
    await file.read(id, 0, keyIdBytes, 0);
    return id.toString('hex');
  } finally {
    await file.close();
  }
}

/** A file as it is kept, encrypted; undefined when there is no such file. */
export function readSealedFile(folder: string, name: string): Promise<Buffer | undefined> {
  return ifThere(readFile(pathOf(folder, name)));
}

/** Puts a file in its place as `readSealedFile` gave it. */
export async function writeSealedFile(folder: string, name: string, sealed: Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(pathOf(folder, name), sealed, { mode: 0o600, flush: true });
}

const namePattern = /^[\w-]{32}$/;
const oldMs = 60_000;

function pathOf(folder: string, name: string): string {
  if (!namePattern.test(name)) throw new Error('A stored file has a name of 32 characters.');
  return join(folder, name);
}

/** Where a file is written that is to take the place of another. */
function successorOf(path: string): string {
  return `${path}.new`;
}

/** What a process left that ended in the middle is in nobody's use after a while; before that, another process is at the same file. */
async function rmIfOld(path: string): Promise<void> {
  const found = await ifThere(stat(path));
  if (found && Date.now() - found.mtimeMs > oldMs) await rm(path, { force: true });
}

async function ifThere<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The name under which the thumbnail of a file is stored. No message ever names it, so no customer can be given its address. */
export function thumbnailName(name: string): string {
  return derivedName('thumbnail', name);
}

/** The same for what is given out instead of the file. */
export function cleanCopyName(name: string): string {
  return derivedName('clean copy', name);
}

function derivedName(what: string, name: string): string {
  return createHash('sha256').update(`${what} of ${name}`).digest('base64url').slice(0, 32);
}
