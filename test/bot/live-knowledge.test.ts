import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveKnowledge } from '../../bot/live-knowledge.ts';
import { silentLog } from '../support/conversations.ts';
import { copyKnowledgeFiles } from '../support/knowledge-copy.ts';

let folder: string;
let live: LiveKnowledge;
const refused = vi.fn();

beforeEach(() => {
  const copy = copyKnowledgeFiles();
  folder = copy.folder;
  refused.mockClear();
  live = new LiveKnowledge(copy.knowledge, { ...silentLog, info: silentLog.info.bind(silentLog), error: refused });
  live.watch();
});
afterEach(() => {
  live.close();
  rmSync(folder, { recursive: true });
});

const file = (name: string) => join(folder, 'faq', name);
const edit = (name: string, change: (text: string) => string) => writeFileSync(file(name), change(readFileSync(file(name), 'utf8')));
const reasons = () => refused.mock.calls.map(([{ err }]) => String(err.message)).join('\n');

describe('an edit while the bot runs', () => {
  it('is live', async () => {
    const before = live.current;
    edit('password.yaml', (text) => text.replace('现在一般不用找回了', '现在通常不用找回了'));
    await vi.waitFor(() => expect(live.current.entry('lost-filing-password')?.answer).toContain('现在通常不用找回了'), { timeout: 5000 });
    expect(live.current.revision).not.toBe(before.revision);
    expect(before.entry('lost-filing-password')?.answer).toContain('现在一般不用找回了'); // a turn under way keeps what it began with
    expect(refused).not.toHaveBeenCalled();
  });

  it('is live when the editor replaces the file', async () => {
    writeFileSync(file('password.new'), readFileSync(file('password.yaml'), 'utf8').replace('现在一般不用找回了', '现在通常不用找回了'));
    renameSync(file('password.new'), file('password.yaml'));
    await vi.waitFor(() => expect(live.current.entry('lost-filing-password')?.answer).toContain('现在通常不用找回了'), { timeout: 5000 });
  });

  it.each([
    ['that breaks the file', (text: string) => text.replace('entries:', 'entries'), /password\.yaml:\d+/],
    ['that removes a review date', (text: string) => text.replace(/ {4}reviewed: .*\n/, ''), /reviewed: missing/],
    [
      'that repeats a phrasing',
      (text: string) => text.replace('    phrasings:\n', '    phrasings:\n      - 备案变更要收费吗\n'),
      /already written/,
    ],
    ['that contradicts a figure', (text: string) => text.replace('验证码24小时内', '验证码48小时内'), /短信核验的时限/],
  ])('%s is refused with the reason, and the version before goes on', async (_, change, reason) => {
    const before = live.current;
    edit('password.yaml', change);
    await vi.waitFor(() => expect(reasons()).toMatch(reason), { timeout: 5000 });
    expect(live.current).toBe(before);
    expect(live.current.match('备案密码忘了怎么办').decision).toBe('answer');
  });

  it('that mends a faulty one is live', async () => {
    edit('password.yaml', (text) => text.replace('entries:', 'entries'));
    await vi.waitFor(() => expect(refused).toHaveBeenCalled(), { timeout: 5000 });
    edit('password.yaml', (text) => text.replace('\nentries\n', '\nentries:\n').replace('现在一般不用找回了', '现在通常不用找回了'));
    await vi.waitFor(() => expect(live.current.entry('lost-filing-password')?.answer).toContain('现在通常不用找回了'), { timeout: 5000 });
  });
});
