import { setImmediate } from 'node:timers/promises';
import { configure, ZipWriter } from '@zip.js/zip.js/lib/zip-core-native.js';

export interface ZipEntry {
  /** With `/` between folders. */
  name: string;
  content: Uint8Array;
}

export interface ZipOptions {
  /** Opens the archive, which is encrypted with it (AES-256, as WinZip's AE-2: no checksum of what was in the clear is left readable). */
  password?: string;
}

const mostBytes = 0xffffffff;
const bytesAtOnce = 64 * 1024;

// Sums and ciphers are computed by this process, in pieces of this size, between which others are served. Workers are those of browsers.
configure({ chunkSize: bytesAtOnce, useWebWorkers: false });

/** What is said of every entry. */
const usual = {
  // Photos and PDFs are compressed already.
  level: 0,
  // For their owner alone. From MS-DOS, the older readers on Unix would take names for its code page, whatever the flag.
  unixMode: 0o100600,
  // A second time, which readers prefer, would be shown by the clock of theirs; and people at the agency speak of times in China.
  extendedTimestamp: false,
} as const;

/**
 * A ZIP archive, entry by entry, so that no more than one of them is in memory, and its encrypted form. `at`: milliseconds since 1970, for all
 * entries. Throws RangeError beyond 4 GiB, which would take ZIP64, and Error for a name that is there already.
 */
export async function* zipped(
  entries: Iterable<ZipEntry> | AsyncIterable<ZipEntry>,
  at: number,
  { password }: ZipOptions = {},
): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = [];
  const pieces = new WritableStream<Uint8Array>({
    write: (piece) => {
      ready.push(piece);
    },
  });
  const written = () => {
    const taken = ready;
    ready = [];
    return taken;
  };
  const archive = new ZipWriter(pieces, {
    ...usual,
    lastModDate: clockOfChina(at),
    ...(password !== undefined && { password, encryptionStrength: 3 }),
  });
  let bytes = 0;
  for await (const { name, content } of entries) {
    bytes += content.length;
    if (bytes > mostBytes) throw new RangeError('Too much for one ZIP archive.');
    await archive.add(name, inPieces(content), { uncompressedSize: content.length });
    yield* written();
  }
  await archive.close();
  yield* written();
}

/** With a turn of others before each piece. */
function inPieces(content: Uint8Array): ReadableStream<Uint8Array> {
  let from = 0;
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      await setImmediate();
      if (from < content.length) controller.enqueue(content.subarray(from, from + bytesAtOnce));
      else controller.close();
      from += bytesAtOnce;
    },
  });
}

/**
 * The format knows no zone, and the package writes the clock of this machine: a moment at which that shows the time in China. The format counts
 * in two seconds, which the package rounds up: nothing is from the future.
 */
function clockOfChina(at: number): Date {
  const shown = at + (8 * 60 + new Date(at).getTimezoneOffset()) * 60_000;
  return new Date(shown - (shown % 2000));
}
