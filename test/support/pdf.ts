import { createHash } from 'node:crypto';
import { constants, deflateRawSync, deflateSync } from 'node:zlib';

/** The objects of a document of so many pages, the first of them its root; `claimed`: how many it says there are. */
export function pages(count: number, claimed = count): string[] {
  const kids = Array.from({ length: count }, (_, at) => `${at + 3} 0 R`).join(' ');
  return [
    '<</Type/Catalog/Pages 2 0 R>>',
    `<</Type/Pages/Count ${claimed}/Kids[${kids}]>>`,
    ...Array.from({ length: count }, () => '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>'),
  ];
}

/** A PDF document with a table of its objects, as scanners write it (ISO 32000-1, 7.5). `trailer`: what else stands at its end. */
export function pdfOf(objects: readonly string[], { comment = '', trailer = '' } = {}): Buffer {
  let text = `%PDF-1.4\n${comment && `% ${comment}\n`}`;
  const rows = objects.map((object, at) => {
    const row = `${String(text.length).padStart(10, '0')} 00000 n \n`;
    text += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return row;
  });
  const size = rows.length + 1;
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${rows.join('')}`;
  return Buffer.from(`${text}${table}trailer\n<</Size ${size}/Root 1 0 R${trailer}>>\nstartxref\n${text.length}\n%%EOF\n`, 'latin1');
}

/** The same with its objects compressed, as programs write it (7.5.7 and 7.5.8), and so many megabytes of nothing behind them. */
export function packedPdf(objects: readonly string[], megabytes = 0): Buffer {
  const count = objects.length;
  let [index, body] = ['', ''];
  for (const [at, object] of objects.entries()) {
    index += `${at + 1} ${body.length} `;
    body += `${object} `;
  }
  const head = Buffer.from('%PDF-1.5\n');
  const stream = (number: number, entries: string, packed: Buffer) => {
    return Buffer.concat([
      Buffer.from(`${number} 0 obj\n<<${entries}/Filter/FlateDecode/Length ${packed.length}>>\nstream\n`),
      packed,
      Buffer.from('\nendstream\nendobj\n'),
    ]);
  };
  const all = stream(count + 1, `/Type/ObjStm/N ${count}/First ${index.length}`, unfolding(Buffer.from(index + body), megabytes));
  const tableAt = head.length + all.length;
  const row = (kind: number, where: number, which: number) =>
    Buffer.from([kind, where >>> 24, where >>> 16, where >>> 8, where, which >>> 8, which]);
  const rows = [row(0, 0, 65_535), ...objects.map((_, at) => row(2, count + 1, at)), row(1, head.length, 0), row(1, tableAt, 0)];
  const table = stream(count + 2, `/Type/XRef/Size ${count + 3}/W[1 4 2]/Root 1 0 R`, deflateSync(Buffer.concat(rows)));
  return Buffer.concat([head, all, table, Buffer.from(`startxref\n${tableAt}\n%%EOF\n`)]);
}

/** Made of pieces, so that nobody holds here what it unfolds to (RFC 1950 and 1951; readers of PDF do not look at the sum at the end). */
function unfolding(content: Buffer, megabytes: number): Buffer {
  if (megabytes === 0) return deflateSync(content);
  const piece = (bytes: Buffer) => deflateRawSync(bytes, { finishFlush: constants.Z_FULL_FLUSH });
  const nothing = piece(Buffer.alloc(1024 * 1024));
  const [head, end] = [Buffer.of(0x78, 0x9c), Buffer.of(0x03, 0x00, 0, 0, 0, 0)];
  return Buffer.concat([head, piece(content), ...Array.from({ length: megabytes }, () => nothing), end]);
}

/** A document that opens with a password; with an empty one it opens by itself, and the password is for changes only (7.6.3, revision 2). */
export function lockedPdf(objects: readonly string[], password: string): Buffer {
  const id = Buffer.alloc(16, 7);
  const owner = rc4(md5(padded('owner')).subarray(0, 5), padded(password));
  const permissions = Buffer.from([0xfc, 0xff, 0xff, 0xff]);
  const key = md5(padded(password), owner, permissions, id).subarray(0, 5);
  const check = rc4(key, padded(''));
  const hex = (bytes: Buffer) => `<${bytes.toString('hex')}>`;
  const lock = `/Filter/Standard/V 1/R 2/O${hex(owner)}/U${hex(check)}/P -4`;
  return pdfOf(objects, { trailer: `/ID[${hex(id)}${hex(id)}]/Encrypt<<${lock}>>` });
}

const padding = Buffer.from('28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a', 'hex');
const padded = (password: string) => Buffer.concat([Buffer.from(password), padding]).subarray(0, 32);
const md5 = (...parts: Buffer[]) => createHash('md5').update(Buffer.concat(parts)).digest();

/** OpenSSL has it no longer. */
function rc4(key: Buffer, content: Buffer): Buffer {
  const state = Array.from({ length: 256 }, (_, at) => at);
  const at = (index: number) => state[index & 255] ?? 0;
  const swap = (one: number, other: number) => {
    [state[one & 255], state[other & 255]] = [at(other), at(one)];
  };
  let other = 0;
  for (let index = 0; index < 256; index += 1) {
    other = (other + at(index) + (key[index % key.length] ?? 0)) & 255;
    swap(index, other);
  }
  other = 0;
  return content.map((byte, position) => {
    const one = (position + 1) & 255;
    other = (other + at(one)) & 255;
    swap(one, other);
    return byte ^ at(at(one) + at(other));
  }) as Buffer;
}
