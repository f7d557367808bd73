import { Zip, ZipPassThrough } from 'fflate';

export interface ZipEntry {
  /** With `/` between folders. */
  name: string;
  content: Uint8Array;
}

/** A system of files that are for their owner alone. From MS-DOS, the older readers on Unix would take names for its code page, whatever the flag. */
const unix = { os: 3, attributes: 0o100600 * 2 ** 16 };
const mostBytes = 0xffffffff;

/**
 * A ZIP archive, entry by entry, so that no more than one of them is in memory. Nothing is compressed: photos and PDFs are already. `at`:
 * milliseconds since 1970, for all entries. Throws RangeError beyond 4 GiB, which would take ZIP64.
 */
export async function* zipped(entries: Iterable<ZipEntry> | AsyncIterable<ZipEntry>, at: number): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = [];
  const archive = new Zip((error, piece) => {
    if (error) throw error;
    ready.push(piece);
  });
  const written = () => {
    const pieces = ready;
    ready = [];
    return pieces;
  };
  let bytes = 0;
  for await (const { name, content } of entries) {
    bytes += content.length;
    if (bytes > mostBytes) throw new RangeError('Too much for one ZIP archive.');
    const entry = new ZipPassThrough(name);
    entry.mtime = clockOfChina(at);
    entry.os = unix.os;
    entry.attrs = unix.attributes;
    archive.add(entry);
    entry.push(content, true);
    yield* written();
  }
  archive.end();
  yield* written();
}

/** The format knows no zone, and the package writes the clock of this machine: a moment at which that shows the time in China. */
function clockOfChina(at: number): Date {
  return new Date(at + (8 * 60 + new Date(at).getTimezoneOffset()) * 60_000);
}
