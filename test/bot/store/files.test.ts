import { randomBytes } from 'node:crypto';
import fs, { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { dataKeys } from '../../../bot/store/data-keys.ts';
import { Files } from '../../../bot/store/files.ts';

let folder: string;
let files: Files;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'files-'));
  files = new Files(join(folder, 'files'), dataKeys([randomBytes(32)]));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const onDisk = () => (existsSync(join(folder, 'files')) ? readdirSync(join(folder, 'files')) : []);

async function* failing(chunks: number): AsyncGenerator<Buffer> {
  for (let sent = 0; sent < chunks; sent += 1) yield Buffer.from('part of a file');
  throw new Error('refused');
}

describe('a customer’s file', () => {
  it('comes back as it was given, and is not readable on disk', async () => {
    const content = randomBytes(300_000);
    const { name, size } = await files.save(
      (async function* () {
        yield content.subarray(0, 70_000);
        yield content.subarray(70_000);
      })(),
    );
    expect(size).toBe(content.length);
    expect(await files.load(name)).toEqual(content);
    await files.remove([name, name]);
    expect(await files.load(name)).toBeUndefined();
  });

  it.each([0, 1, 50])('leaves nothing when its content fails after %i chunks, however slow the disk', async (chunks) => {
    // A file that is refused at once could come to be after it had been removed.
    const open = fs.open;
    vi.spyOn(fs, 'open').mockImplementation(
      ((...args: Parameters<typeof fs.open>) => void globalThis.setTimeout(() => open(...args), 20)) as typeof fs.open,
    );
    await expect(files.save(failing(chunks))).rejects.toThrow('refused');
    await setTimeout(50);
    expect(onDisk()).toEqual([]);
  });

  it('is not given out when it was changed on disk', async () => {
    const { name } = await files.save(
      (async function* () {
        yield Buffer.alloc(1000, 1);
      })(),
    );
    const path = join(folder, 'files', name);
    const bytes = readFileSync(path);
    bytes[500] = (bytes[500] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    await expect(files.load(name)).rejects.toThrow();
  });
});
