import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { knowledgeFiles } from '../../bot/paths.ts';
import { type KnowledgeFiles, KnowledgeLoader } from '../../knowledge/knowledge.ts';

let folder: string;
let files: KnowledgeFiles;
let damage: Error[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'filing-snapshot-'));
  cpSync(knowledgeFiles.faq, join(folder, 'faq'), { recursive: true });
  files = { ...knowledgeFiles, faq: join(folder, 'faq'), snapshot: join(folder, 'knowledge.bin') };
  damage = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const load = (changed: Partial<KnowledgeFiles> = {}) => loader(changed).load({ keep: true });
const loader = (changed: Partial<KnowledgeFiles> = {}) => new KnowledgeLoader({ ...files, ...changed }, (error) => damage.push(error));
const edit = (name: string, from: string, to: string) => {
  const file = join(folder, 'faq', name);
  writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
};

describe('the snapshot of the knowledge base', () => {
  it('gives the same entries, revision and matches as the files', () => {
    const read = load();
    const restored = load();
    expect(restored.entries).toEqual(read.entries);
    expect(restored.entries[0]).not.toBe(read.entries[0]);
    expect(restored.revision).toBe(read.revision);
    expect(restored.mostAsked).toEqual(read.mostAsked);
    for (const question of ['备案密码忘了怎么办', 'beian yao duojiu', '今天天气怎么样', '要钱吗', '備案要多久']) {
      expect(restored.match(question, { after: 'review-time' })).toEqual(read.match(question, { after: 'review-time' }));
    }
    expect(damage).toEqual([]);
  });

  it('is not used for knowledge that was edited since, nor by other code', () => {
    load();
    const written = readFileSync(files.snapshot);
    load({ code: 'other code' });
    expect(readFileSync(files.snapshot).equals(written)).toBe(false);
    load();
    edit('password.yaml', '现在一般不用找回了', '现在通常不用找回了');
    expect(load().entry('lost-filing-password')?.answer).toContain('现在通常不用找回了');
    expect(damage).toEqual([]);
  });

  it('lets an edit be read after a start from it', () => {
    load();
    const live = loader();
    const before = live.load();
    edit('password.yaml', '现在一般不用找回了', '现在通常不用找回了');
    const after = live.load();
    expect(after.entry('lost-filing-password')?.answer).toContain('现在通常不用找回了');
    expect(after.revision).not.toBe(before.revision);
    expect(after.entries).toHaveLength(before.entries.length);
  });

  it('keeps no faults: an edit that adds one after a start from it is refused', () => {
    load();
    const live = loader();
    live.load();
    edit('password.yaml', '    phrasings:\n', '    phrasings:\n      - 备案变更要收费吗\n');
    expect(() => live.load()).toThrow(/already written/);
  });

  it.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ['cut off in its head', (bytes: Buffer) => bytes.subarray(0, 40)],
    ['changed in one bit', (bytes: Buffer) => bytes.fill((bytes[5_000_000] ?? 0) ^ 1, 5_000_000, 5_000_001)],
  ])('that is %s is reported and made again', (_, spoil) => {
    const { revision } = load();
    const whole = readFileSync(files.snapshot);
    writeFileSync(files.snapshot, spoil(Buffer.from(whole)));
    expect(load().revision).toBe(revision);
    expect(damage.map(String)).toEqual([expect.stringContaining('cannot be used and is made again')]);
    expect(readFileSync(files.snapshot).equals(whole)).toBe(true);
  });

  it('is not written by programs that only ask', () => {
    loader().load();
    expect(existsSync(files.snapshot)).toBe(false);
  });
});
