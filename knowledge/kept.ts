import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import { writeWhole } from './write-whole.ts';

/** What is derived from something and takes long to make, in a file for the next start. `key` says of what it was made. */
export function readKept<T>(file: string, key: string): T | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const kept = deserialize(readFileSync(file)) as { key: string; content: T };
    return kept.key === key ? kept.content : undefined;
  } catch {
    return undefined; // cut off, or written by another version of Node: it is made again
  }
}

export function keep<T>(file: string, key: string, content: T): void {
  writeWhole(file, serialize({ key, content }));
}

/** A key of the content of files: the code that makes what is kept, and what that depends on. */
export function keyOfFiles(files: readonly string[], ...more: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file));
  return hash.update(more.join('\n')).digest('hex');
}
