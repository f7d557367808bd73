import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BlindIndex } from '../../../bot/cases/blind-index.ts';
import { Cases } from '../../../bot/cases/cases.ts';
import { fileScheme } from '../../../bot/conversations/conversation.ts';
import { Outbox } from '../../../bot/conversations/outbox.ts';
import { Files } from '../../../bot/store/files.ts';
import { Chores } from '../../../bot/turns/chores.ts';
import { Errands } from '../../../bot/turns/errands.ts';
import { Housekeeping } from '../../../bot/turns/housekeeping.ts';
import type { Turns } from '../../../bot/turns/turns.ts';
import type { Effect } from '../../../dialogs/effect.ts';
import { newSession } from '../../../dialogs/session.ts';
import type { Turn, TurnResult } from '../../../dialogs/turn.ts';
import { type Bench, openBench, said, silentLog } from '../../support/conversations.ts';
import { dumpStore } from '../../support/dump-store.ts';
import { sampleCase, sampleDocument, sampleValues, submitted } from '../../support/filing-case.ts';

const id = 'conversation-1';
const mark = '这一张是执照的内容';
const dayMs = 24 * 3_600_000;

let bench: Bench;
let files: Files;
let folder: string;
let cases: Cases;
let errands: Errands;
let chores: Chores;
let turns: Turns;
let housekeeping: Housekeeping;
/** What the turn of a message does, in every run of it. */
let effects: Map<string, Effect[]>;

beforeEach(async () => {
  bench = await openBench();
  folder = mkdtempSync(join(tmpdir(), 'filing-files-'));
  files = new Files(folder, bench.keys);
  cases = new Cases({ ...bench, files, draftDays: 90 });
  errands = new Errands({ outbox: new Outbox(bench.store), deliver: new Map(), cases, log: silentLog });
  chores = new Chores({ ...bench, cases, log: silentLog });
  effects = new Map();
  turns = bench.newTurns(undefined, errands, (turn: Turn): TurnResult => {
    const text = turn.message.kind === 'text' ? turn.message.text : '';
    const does = effects.get(text) ?? [];
    const session = does.some(({ kind }) => kind === 'eraseCustomer')
      ? newSession
      : { ...turn.session, answered: { topic: 'x', question: text } };
    return { session, replies: [{ kind: 'notice', text: '好的。', choices: [] }], effects: does };
  });
  housekeeping = new Housekeeping({ ...bench, turns, errands, chores, retention: { nightly: async () => undefined }, log: silentLog });
  await bench.conversations.start({ id, channel: 'direct-line', user: { id: 'dl_visitor', name: '陈晓明' } });
});
afterEach(async () => {
  housekeeping.stop();
  await housekeeping.settled();
  await turns.stop();
  await errands.stop();
  await chores.stop();
  await bench.close();
  rmSync(folder, { recursive: true });
});

const keep = async () => (await files.save(oneChunk())).name;
async function* oneChunk() {
  yield Buffer.from(mark);
}

async function says(text: string, does: Effect[] = [], attachments: string[] = []): Promise<void> {
  effects.set(text, does);
  const activity = {
    ...said(text),
    attachments: attachments.map((file) => ({ contentType: 'image/jpeg', contentUrl: fileScheme + file, name: '执照.jpg' })),
  };
  const before = await bench.conversations.transcriptEnd(id);
  await turns.accept({ conversation: id, sender: 'dl_visitor', messageId: text, activity, message: { kind: 'text', text } });
  await vi.waitFor(async () => expect(await bench.conversations.transcriptEnd(id)).toBeGreaterThan(before + 1));
  await turns.settled();
}

/** Resolves when nothing waits any more, be it under way or not. */
async function quiet(): Promise<void> {
  const waiting = async () => (await dumpStore(bench.folder, bench.keys)).filter((row) => row.startsWith('["item"'));
  await vi.waitFor(async () => expect(await waiting()).toEqual([]), { timeout: 5000 });
}

/** A case with all that can be kept of a customer, and the conversation around it. */
async function fullCase(): Promise<{ number: string; document: string }> {
  const number = await cases.reserve(id, 'draft', '2026-11-27');
  const document = await keep();
  const filed = submitted(sampleCase(number, { documents: [sampleDocument(document)] }));
  await says(`我叫陈晓明，手机13812345678，身份证11010519491231002X`, [{ kind: 'saveCase', case: filed }], [document]);
  await says('请打给我', [{ kind: 'requestCallBack', contact: '13812345678', about: 'needs-person', said: '广州明溪科技有限公司' }]);
  await says('量子计算机怎么修', [{ kind: 'recordMiss', question: '陈晓明 13812345678', nearest: [] }]);
  await vi.waitFor(async () => expect(await cases.find(number)).toBeDefined(), { timeout: 5000 });
  await cases.prove(number, { mobileEnd: '0000', item: '陈晓明' }, 't');
  await cases.setState(number, 'returned', { note: '陈晓明的照片不清楚', by: '小王' });
  await chores.workOff(number);
  await says('好');
  return { number, document };
}

const traces = [
  '陈晓明',
  '明溪',
  'mingxi',
  '13812345678',
  '13900001111',
  '11010519491231002',
  '110***********002X',
  '91350100M000100Y43',
  '执照.jpg',
  '照片不清楚',
];
const tracesIn = (rows: readonly string[]) => traces.filter((trace) => rows.some((row) => row.includes(trace)));

describe('a customer who wants everything erased', () => {
  beforeEach(() => housekeeping.start());

  it('leaves nothing in the store, its names and its files', async () => {
    const { number, document } = await fullCase();
    const blind = new BlindIndex(bench.secrets).namesOf(sampleValues);
    const before = await dumpStore(bench.folder, bench.keys);
    expect(tracesIn(before)).toEqual(traces);
    expect(blind.every((digest) => before.some((row) => row.includes(digest)))).toBe(true);
    expect(existsSync(join(folder, document))).toBe(true);

    await says('确认删除', [{ kind: 'eraseCustomer', cases: [number], receipt: 'R1' }]);
    await vi.waitFor(async () => expect(await cases.find(number)).toMatchObject({ state: 'erased' }));
    await quiet();

    const after = await dumpStore(bench.folder, bench.keys);
    expect(tracesIn(after)).toEqual([]);
    expect(blind.filter((digest) => after.some((row) => row.includes(digest)))).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
    expect(after.filter((row) => row.startsWith('["record"') && row.includes(`case:${number}`))).toEqual([
      expect.stringContaining('"receipt":"R1"'),
    ]);
    // The one sentence said after it is there, and the customer may go on.
    expect(await bench.conversations.transcript(id, 0, 10)).toHaveLength(1);
    await says('谢谢');
  });

  it('erases no case of another', async () => {
    const number = await cases.reserve('another', 'draft', '2026-11-27');
    await cases.save({ conversation: 'another', order: [1, 1], case: sampleCase(number) });
    await says('确认删除', [{ kind: 'eraseCustomer', cases: [number], receipt: 'R1' }]);
    await quiet();
    expect(await cases.find(number)).toMatchObject({ state: 'drafting' });
  });

  it('is not undone by a save that comes later', async () => {
    const { number } = await fullCase();
    await says('确认删除', [{ kind: 'eraseCustomer', cases: [number], receipt: 'R1' }]);
    await says('再存', [{ kind: 'saveCase', case: sampleCase(number) }]);
    await quiet();
    expect(await cases.find(number)).toMatchObject({ state: 'erased', values: {} });
    expect(await cases.eraseHeld([number], id, 'R2')).toEqual([]);
    expect(await cases.prove(number, { mobileEnd: '5678', item: '002X' }, 't')).toEqual({ kind: 'nothing' });
  });
});

describe('files', () => {
  it('that a live case has outlive the conversation they came by, and go with the case', async () => {
    const { number, document } = await fullCase();
    const other = await keep();
    await says('还有一张', [], [other]);
    await chores.workOff(number);
    errands.wake(id);
    turns.wake(id);
    await quiet();
    bench.advance(91 * dayMs);
    expect(await bench.erase('conversation', { cases })).toBe(1);
    expect(readdirSync(folder)).toEqual([document]);
    expect(await cases.erase(number, 'R1', '小王')).toBe(true);
    await chores.workOff(number);
    expect(readdirSync(folder)).toEqual([]);
    expect(tracesIn(await dumpStore(bench.folder, bench.keys))).toEqual([]);
  });

  it('that a draft has no longer go at once', async () => {
    const number = await cases.reserve(id, 'draft', '2026-11-27');
    const [first, second] = [await keep(), await keep()];
    await cases.save({ conversation: id, order: [1, 1], case: sampleCase(number, { documents: [sampleDocument(first)] }) });
    await cases.save({ conversation: id, order: [1, 2], case: sampleCase(number, { documents: [sampleDocument(second)] }) });
    await chores.workOff(number);
    expect(readdirSync(folder)).toEqual([second]);
    await cases.save({ conversation: id, order: [1, 3], case: sampleCase(number, { state: 'cancelled', values: {} }) });
    await chores.workOff(number);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('whose removal fails are removed later', async () => {
    let broken = true;
    const shaky = { remove: async (names: readonly string[]) => (broken ? Promise.reject(new Error('disk')) : files.remove(names)) };
    const own = new Cases({ ...bench, files: shaky, draftDays: 90 });
    const number = await own.reserve(id, 'draft', '2026-11-27');
    await own.save({ conversation: id, order: [1, 1], case: sampleCase(number, { documents: [sampleDocument(await keep())] }) });
    await own.eraseHeld([number], id, 'R1');
    const worker = new Chores({ ...bench, cases: own, log: silentLog });
    for (let attempt = 0; attempt < 12; attempt += 1) {
      await worker.workOff(number);
      bench.advance(5 * 60_000);
    }
    expect(readdirSync(folder)).toHaveLength(1);
    broken = false;
    await worker.workOff(number);
    expect(readdirSync(folder)).toEqual([]);
  });
});
