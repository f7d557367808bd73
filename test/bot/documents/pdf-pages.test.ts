import { describe, expect, it } from 'vitest';
import { runConfined } from '../../../bot/documents/confined.ts';
import { pagesOfPdf, pdfLimits } from '../../../bot/documents/pdf-pages.ts';
import { lockedPdf, packedPdf, pages, pdfOf } from '../../support/pdf.ts';
import { isThorough } from '../../support/sample.ts';

async function* whole(content: Buffer): AsyncGenerator<Buffer> {
  yield content;
}

const nested = (levels: number) => [
  '<</Type/Catalog/Pages 2 0 R>>',
  ...Array.from({ length: levels }, (_, at) => `<</Type/Pages/Count 1/Kids[${at + 3} 0 R]>>`),
  '<</Type/Page/MediaBox[0 0 9 9]>>',
];
const nesting = Buffer.concat([Buffer.from('%PDF-1.4\n1 0 obj\n'), Buffer.alloc(9_000_000, '['), Buffer.from('\nendobj\n')]);
const spoilt = (content: Buffer, pattern: RegExp, by: string) => Buffer.from(content.toString('latin1').replace(pattern, by), 'latin1');

describe('the pages of a PDF document', () => {
  it.each<[what: string, content: Buffer, found: number | 'locked' | 'unreadable']>([
    ['of one page', pdfOf(pages(1)), 1],
    ['of 21 pages', pdfOf(pages(21)), 21],
    ['whose objects are compressed', packedPdf(pages(21)), 21],
    ['that names no number', pdfOf(pages(21).map((object) => object.replace(/\/Count \d+/, ''))), 21],
    ['that names a number below none', pdfOf(pages(21, -1)), 21],
    ['that names more than it has', pdfOf(pages(1, 21)), 21],
    ['whose table is elsewhere', spoilt(pdfOf(pages(3)), /startxref\n\d+/, 'startxref\n999999'), 3],
    ['whose password is for changes only', lockedPdf(pages(3), ''), 3],
    ['nested deeply', pdfOf(nested(1000)), 1],
  ])('are counted in one %s', async (_, content, found) => {
    expect(await pagesOfPdf(whole(content))).toBe(found);
  });

  it('are not seen where a password opens it', async () => {
    expect(await pagesOfPdf(whole(lockedPdf(pages(3), '123456')))).toBe('locked');
  });

  it.each<[what: string, content: Buffer]>([
    ['has nothing in it', Buffer.from('%PDF-1.4\n')],
    ['has no pages', pdfOf(pages(0))],
    ['has no tree of pages', pdfOf(['<</Type/Catalog>>'])],
    ['breaks off', packedPdf(pages(3)).subarray(0, -150)],
    ['is another file behind its first line', Buffer.concat([Buffer.from('%PDF-1.4\n'), Buffer.alloc(100_000, 'PK')])],
    ['has a table that leads to itself', spoilt(pdfOf(pages(0), { trailer: '/Prev 0000000000' }), /\/Prev 0+/, '/Prev 0000000009')],
    ['leads in a circle', pdfOf(['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Kids[2 0 R]>>'])],
    ['is nothing but nesting', nesting],
    ['unfolds to two gigabytes', packedPdf(pages(1), 2_000)],
  ])('are not seen in one that %s', async (_, content) => {
    const before = process.memoryUsage.rss();
    expect(await pagesOfPdf(whole(content))).toBe('unreadable');
    expect(process.memoryUsage.rss() - before).toBeLessThan(64 * 1024 * 1024);
    // And the next one is counted.
    expect(await pagesOfPdf(whole(pdfOf(pages(1))))).toBe(1);
  });

  it('are not seen where that takes too long', async () => {
    expect(await pagesOfPdf(whole(pdfOf(pages(1))), { ...pdfLimits, ms: 20 })).toBe('unreadable');
  });

  it.runIf(isThorough)('are given up as soon as too much memory is held, also while the reader lets nothing else run', async () => {
    const { memoryBytes } = pdfLimits;
    const endings = [];
    for (const limit of [memoryBytes, 4 * memoryBytes]) {
      endings.push(await runConfined('pdf-process.js', [], nesting, { ...pdfLimits, memoryBytes: limit }));
    }
    // With more it comes to an end by itself.
    expect(endings).toEqual(['stopped', { code: 2, output: Buffer.alloc(0) }]);
  });

  it.runIf(isThorough)(
    'are counted of a few at a time: whoever comes when too many wait is sent away, and all others have their turn',
    async () => {
      const asked = Array.from({ length: 34 }, () => pagesOfPdf(whole(pdfOf(pages(2)))));
      const settled = await Promise.allSettled(asked);
      expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(32);
      expect(settled.filter((each) => each.status === 'rejected').map(({ reason }) => reason.status)).toEqual([503, 503]);
      expect(await pagesOfPdf(whole(pdfOf(pages(2))))).toBe(2);
    },
  );

  it('are nothing where the file fails, and the process ends', async () => {
    async function* failing(): AsyncGenerator<Buffer> {
      yield pdfOf(pages(1));
      throw new Error('changed on disk');
    }
    await expect(pagesOfPdf(failing())).rejects.toThrow('changed on disk');
  });
});
