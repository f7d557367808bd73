/** How the bytes of a sheet were written. `gb18030` is what Chinese Excel means by plain "CSV". */
export type SheetEncoding = 'utf-8' | 'utf-16' | 'gb18030';

const byteOrderMark = '\uFEFF';

/** UTF-8 with a byte order mark: without it, Excel on Chinese Windows reads the bytes as GBK. */
export function encodeSheet(text: string): Uint8Array {
  return new TextEncoder().encode(byteOrderMark + text);
}

/** Finds out how a sheet was encoded, by its byte order mark or by which encoding its bytes are valid in; undefined when it is no text. */
export function decodeSheet(bytes: Uint8Array): { text: string; encoding: SheetEncoding } | undefined {
  if (isWorkbook(bytes)) return undefined;
  // "Unicode text" of Excel is UTF-16 with tabs.
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return decoded(bytes, 'utf-16le', 'utf-16');
  if (first === 0xfe && second === 0xff) return decoded(bytes, 'utf-16be', 'utf-16');
  return decoded(bytes, 'utf-8', 'utf-8') ?? decoded(bytes, 'gb18030', 'gb18030');
}

/** .xlsx is a ZIP archive, .xls a compound file; as GB18030, either could pass for text. */
function isWorkbook(bytes: Uint8Array): boolean {
  return [
    [0x50, 0x4b, 0x03, 0x04],
    [0xd0, 0xcf, 0x11, 0xe0],
  ].some((signature) => signature.every((byte, at) => bytes[at] === byte));
}

function decoded(bytes: Uint8Array, label: string, encoding: SheetEncoding) {
  try {
    return { text: new TextDecoder(label, { fatal: true }).decode(bytes), encoding };
  } catch {
    return undefined;
  }
}

/**
 * Whether a text is another one with characters lost to question marks, which is how Excel writes what GBK does not have. Some
 * programs write one mark for a character, some one for each half of its surrogate pair.
 */
export function hasLostCharacters(written: string, original: string): boolean {
  if (written === original || !written.includes('?')) return false;
  const pattern = [...original].map((character) =>
    character > '\u007f' ? `(?:${character}|\\?{1,${character.length}})` : character.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'),
  );
  return new RegExp(`^${pattern.join('')}$`, 'u').test(written);
}
