import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { knowledgeFiles } from '../../bot/paths.ts';
import { type KnowledgeFolders, KnowledgeReader, type PartsFile } from '../../knowledge/read-knowledge.ts';

const folder = mkdtempSync(join(tmpdir(), 'filing-parts-'));
const folders: KnowledgeFolders = {
  faq: join(folder, 'faq'),
  outOfScope: join(folder, 'out-of-scope'),
  figures: join(folder, 'figures.yaml'),
};
const kept: PartsFile = { file: join(folder, 'cache', 'parts.bin'), key: 'this code' };
const category = join(folders.faq, 'review.yaml');
beforeAll(() => {
  cpSync(knowledgeFiles.faq, folders.faq, { recursive: true });
  cpSync(knowledgeFiles.outOfScope, folders.outOfScope, { recursive: true });
  cpSync(knowledgeFiles.figures, folders.figures);
});
afterAll(() => rmSync(folder, { recursive: true }));

const readAnew = () => new KnowledgeReader(folders).read();
const readByNextStart = (at = kept) => new KnowledgeReader(folders, at).read();

function edit(change: (text: string) => string): void {
  const text = readFileSync(category, 'utf8');
  writeFileSync(category, change(text));
}

describe('what was read of the knowledge base, kept for the next start', () => {
  it('is the same reading', () => {
    expect(readByNextStart()).toEqual(readAnew());
    const writtenAt = statSync(kept.file).mtimeMs;
    expect(readByNextStart()).toEqual(readAnew());
    expect(statSync(kept.file).mtimeMs).toBe(writtenAt);
  });

  it('does not hide an edit', () => {
    readByNextStart();
    edit((text) => text.replace(/question: .*/, 'question: 审核到底要多久呢'));
    expect(readByNextStart().entries.map(({ question }) => question)).toContain('审核到底要多久呢');
    expect(readByNextStart()).toEqual(readAnew());
  });

  it('does not hide a fault, nor keeps it', () => {
    const before = readFileSync(category, 'utf8');
    edit((text) => text.replace('confidence: high', 'confidence: certain'));
    expect(readByNextStart().faults).toEqual(readAnew().faults);
    expect(readByNextStart().faults).not.toEqual([]);
    writeFileSync(category, before);
    expect(readByNextStart().faults).toEqual([]);
  });

  it('is made again when it is broken, or by other code', () => {
    readByNextStart();
    writeFileSync(kept.file, readFileSync(kept.file).subarray(0, 1000));
    expect(readByNextStart()).toEqual(readAnew());
    expect(readByNextStart({ ...kept, key: 'other code' })).toEqual(readAnew());
  });
});
