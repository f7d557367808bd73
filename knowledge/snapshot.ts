import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import type { FaqIndexState } from './matching/indexer.ts';
import type { ReadParts } from './read-knowledge.ts';
import { writeWhole } from './write-whole.ts';

/** A knowledge base without faults as it stands in memory, for the next start. */
export interface Snapshot {
  parts: ReadParts;
  index: FaqIndexState;
}

const digestBytes = 32;

/**
 * A file that spares a start the reading and indexing of the knowledge base: 1.5 s become 0.2 s. It begins with the digest of
 * all that it was made from, and is not looked into for anything else; then comes the digest of the rest of it.
 */
export class SnapshotFile {
  readonly #file: string;
  readonly #unusable: (error: Error) => void;

  /** `unusable`: told when the file is damaged or cannot be written; it is then as if it were not there. */
  constructor(file: string, unusable: (error: Error) => void) {
    this.#file = file;
    this.#unusable = unusable;
  }

  /** What was kept under the key; undefined when it is something else, or nothing. */
  read(key: Buffer): Snapshot | undefined {
    try {
      if (!existsSync(this.#file) || !beginning(this.#file).equals(key)) return undefined;
      const bytes = readFileSync(this.#file);
      const body = bytes.subarray(2 * digestBytes);
      if (!digestOf(body).equals(bytes.subarray(digestBytes, 2 * digestBytes))) throw new Error('its content is not what was written');
      return deserialize(body) as Snapshot;
    } catch (cause) {
      this.#unusable(new Error(`The knowledge snapshot ${this.#file} cannot be used and is made again.`, { cause }));
      return undefined;
    }
  }

  keep(key: Buffer, snapshot: Snapshot): void {
    const body = serialize(snapshot);
    try {
      writeWhole(this.#file, Buffer.concat([key, digestOf(body), body]));
    } catch (cause) {
      this.#unusable(
        new Error(`The knowledge snapshot ${this.#file} cannot be written: every start will take a second longer.`, { cause }),
      );
    }
  }
}

/** The key of what was made from all these. */
export function snapshotKey(madeFrom: readonly string[]): Buffer {
  // Another Node may write another format, and knows other Unicode.
  return digestOf(JSON.stringify([process.version, process.arch, ...madeFrom]));
}

function digestOf(content: string | Uint8Array): Buffer {
  return createHash('sha256').update(content).digest();
}

function beginning(file: string): Buffer {
  const bytes = Buffer.alloc(digestBytes);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, bytes);
  } finally {
    closeSync(descriptor);
  }
  return bytes;
}
