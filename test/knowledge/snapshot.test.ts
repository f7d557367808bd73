import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { knowledgeFiles } from '../../bot/paths.ts';
import { type KnowledgeFiles, KnowledgeLoader } from '../../knowledge/knowledge.ts';

let folder: string;
let files: KnowledgeFiles;
let complaints: Error[];

/** One category without its links to others, and a cache of its own. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'filing-snapshot-'));
  for (const part of ['faq', 'out-of-scope', 'cache']) mkdirSync(join(folder, part));
  const category = readFileSync(join(knowledgeFiles.faq, 'password.yaml'), 'utf8');
  writeFileSync(join(folder, 'faq', 'password.yaml'), category.replaceAll(/(related|confusableWith): .*/g, '$1: []'));
  for (const name of readdirSync(knowledgeFiles.cache).filter((name) => name.endsWith('.utf8'))) {
    cpSync(join(knowledgeFiles.cache, name), join(folder, 'cache', name));
  }
  files = {
    ...knowledgeFiles,
    faq: join(folder, 'faq'),
    outOfScope: join(folder, 'out-of-scope'),
    cache: join(folder, 'cache'),
    snapshot: join(folder, 'cache', 'knowledge.bin'),
  };
  complaints = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const load = (changed: Partial<KnowledgeFiles> = {}) => loader(changed).load({ keep: true });
const loader = (changed: Partial<KnowledgeFiles> = {}) => new KnowledgeLoader({ ...files, ...changed }, (error) => complaints.push(error));
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
    for (const question of ['备案密码忘了怎么办', 'beian yao duojiu', '今天天气怎么样', '備案密碼忘了', '找不回来呢']) {
      expect(restored.match(question, { after: 'filing-password-purpose' })).toEqual(
        read.match(question, { after: 'filing-password-purpose' }),
      );
    }
    expect(complaints).toEqual([]);
  });

  it('is not used for knowledge that was edited since, nor by other code', () => {
    load();
    const written = readFileSync(files.snapshot);
    load({ code: 'other code' });
    expect(readFileSync(files.snapshot).equals(written)).toBe(false);
    load();
    edit('password.yaml', '现在一般不用找回了', '现在通常不用找回了');
    expect(load().entry('lost-filing-password')?.answer).toContain('现在通常不用找回了');
    expect(complaints).toEqual([]);
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
    edit('password.yaml', '    phrasings:\n', '    phrasings:\n      - 备案密码怎么找回\n');
    expect(() => live.load()).toThrow(/already written/);
  });

  it.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ['cut off in its head', (bytes: Buffer) => bytes.subarray(0, 40)],
    ['changed in one bit', (bytes: Buffer) => bytes.fill((bytes[50_000] ?? 0) ^ 1, 50_000, 50_001)],
  ])('that is %s is reported and made again', (_, spoil) => {
    const { revision } = load();
    const whole = readFileSync(files.snapshot);
    writeFileSync(files.snapshot, spoil(Buffer.from(whole)));
    expect(load().revision).toBe(revision);
    expect(complaints.map(String)).toEqual([expect.stringContaining('cannot be used and is made again')]);
    expect(readFileSync(files.snapshot).equals(whole)).toBe(true);
  });

  it('that cannot be written is missed by nobody but the next start', () => {
    mkdirSync(files.snapshot);
    expect(load().entry('lost-filing-password')).toBeDefined();
    expect(complaints.map(String)).toEqual([expect.stringContaining('cannot be used'), expect.stringContaining('cannot be written')]);
  });

  it('is not written by programs that only ask', () => {
    loader().load();
    expect(existsSync(files.snapshot)).toBe(false);
  });
});
