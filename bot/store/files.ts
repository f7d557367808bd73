import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { access, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type DataKeys, UnknownDataKey } from './data-keys.ts';

const ivBytes = 12;
const tagBytes = 16;
const headBytes = 4 + ivBytes;

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
    const file = await open(this.#path(name), 'r').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (!file) return undefined;
    try {
      const { size } = await file.stat();
      const head = Buffer.alloc(headBytes);
      const tag = Buffer.alloc(tagBytes);
      await file.read(head, 0, headBytes, 0);
      await file.read(tag, 0, tagBytes, size - tagBytes);
      const keyId = head.toString('hex', 0, 4);
      const key = this.#keys.find(keyId);
      if (!key) throw new UnknownDataKey(keyId);
      const decipher = createDecipheriv('aes-256-gcm', key.secret, head.subarray(4)).setAAD(Buffer.from(name)).setAuthTag(tag);
      const chunks: Buffer[] = [];
      for await (const chunk of createReadStream(this.#path(name), { start: headBytes, end: size - tagBytes - 1 })) {
        chunks.push(decipher.update(chunk as Buffer));
      }
      return Buffer.concat([...chunks, decipher.final()]);
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
    const all = names.flatMap((name) => [name, thumbnailName(name)]);
    await Promise.all(all.map((name) => rm(this.#path(name), { force: true })));
  }

  #path(name: string): string {
    if (!/^[\w-]{32}$/.test(name)) throw new Error('A stored file has a name of 32 characters.');
    return join(this.#folder, name);
  }
}

/** The name under which the thumbnail of a file is stored. No message ever names it, so no customer can be given its address. */
export function thumbnailName(name: string): string {
  return createHash('sha256').update(`thumbnail of ${name}`).digest('base64url').slice(0, 32);
}
