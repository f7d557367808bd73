import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Conversations } from '../../../bot/conversations/conversations.ts';
import { Audit } from '../../../bot/desk/audit.ts';
import { textHash } from '../../../bot/privacy/consents.ts';
import { Disclosures } from '../../../bot/privacy/disclosures.ts';
import { dataKeys } from '../../../bot/store/data-keys.ts';
import { Files } from '../../../bot/store/files.ts';
import { openStore } from '../../../bot/store/open-store.ts';
import { formatCaseNumber } from '../../../knowledge/filing/case-number.ts';
import { startTestApplication, type TestApplication } from '../../support/application.ts';
import { runCommand, runHere } from '../../support/command.ts';
import { said } from '../../support/conversations.ts';
import { dumpStore } from '../../support/dump-store.ts';
import { sampleDocument } from '../../support/filing-case.ts';
import { keepCase } from '../../support/kept-case.ts';
import { Visitor } from '../../support/visitor.ts';

const folder = mkdtempSync(join(tmpdir(), 'filing-privacy-'));
const secret = randomBytes(32);
const keys = dataKeys([secret]);
const environment = { DATA_DIR: join(folder, 'data'), DATA_KEYS: secret.toString('base64') };
const out = join(folder, 'copy');

const run = (...parameters: string[]) => runHere('privacy', parameters, { cwd: folder, env: environment });
/** The same as a process beside the bot, where one changes what the other has. */
const runApart = (...parameters: string[]) => runCommand('privacy', parameters, { cwd: folder, env: environment });

let app: TestApplication;
let visitor: Visitor;
let bystander: Visitor;
let number: string;
let uploads: string[];

beforeAll(async () => {
  app = await startTestApplication(environment);
  visitor = await Visitor.begin(app.url);
  bystander = await Visitor.begin(app.url);
  await visitor.says('紫色的大象会不会在月球上弹钢琴');
  await visitor.says('我要首次备案');
  await visitor.says('网站');
  for (const text of ['企业', '广东', '同意，继续']) await visitor.says(text);
  await bystander.says('备案要多久');
  const files = new Files(join(environment.DATA_DIR, 'files'), keys);
  const save = async (content: string) => (await files.save(Readable.from([Buffer.from(content)]))).name;
  uploads = [await save('营业执照的照片'), await save('别人的照片'), await save('聊天里的照片')];
  number = await keepCase(environment, visitor.id, { documents: [sampleDocument(uploads[0] ?? '')] });
  const store = await openStore({ dataDir: environment.DATA_DIR, redis: undefined }, keys, 'look');
  const attachments = [{ contentType: 'image/png', contentUrl: `upload:${uploads[2]}`, name: '照片.png' }];
  await new Conversations(store, new Set()).append(visitor.id, { ...said('看这张，我姓陈名晓明'), attachments });
  await new Disclosures(store).record({
    by: 'a1',
    caseNumber: number,
    recipient: '某某云计算有限公司',
    purpose: '代为提交ICP备案',
    fields: ['filerName', 'filerLeader.idNumber'],
    documents: ['filer-certificate'],
    consents: [{ purpose: 'general', at: store.now(), version: 1 }],
  });
  await store.close();
});
afterAll(async () => {
  await app.stop();
  rmSync(folder, { recursive: true });
});

describe('npm run privacy', () => {
  it('finds a person by a phone number, a case or a conversation, and all that hangs together', async () => {
    for (const who of [
      ['--number', '138 1234 5678'],
      ['--case', number],
      ['--conversation', visitor.id],
    ]) {
      const { code, said: found } = await run('find', ...who);
      expect(code, who.join(' ')).toBe(0);
      expect(found).toContain(`case          ${number}`);
      expect(found).toContain(`conversation  ${visitor.id}`);
      expect(found).not.toContain(bystander.id);
    }
    expect((await run('find', '--number', '13900000000')).code).toBe(1);
    expect((await run('find')).code).toBe(2);
    expect((await run('export', '--case', number, '--out', out)).complained).toMatch(/Give --by/);
  });

  it('keeps in the register who agreed to what, with the words they saw', async () => {
    const { said: listed } = await run('consents', '--conversation', visitor.id, '--json');
    const lines = listed
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      { purpose: 'general', answer: 'given', channel: 'direct-line', version: 1, caseNumber: expect.stringMatching(/^BA-/) },
    ]);
    expect(lines[0].words).toContain('您同意吗？');
    expect(lines[0].text).toBe(textHash(lines[0].words));
    expect((await visitor.transcript()).some(({ text }) => text?.includes(lines[0].words))).toBe(true);
  });

  it('makes a copy of all of it, for programs and for people, that nobody else can read', async () => {
    const { code, said: told } = await runApart('export', '--number', '13812345678', '--out', out, '--by', '小王');
    expect(code).toBe(0);
    expect(told).toMatch(/2 case\(s\), 1 conversation\(s\), 2 file\(s\)/);
    const copy = JSON.parse(readFileSync(join(out, 'person.json'), 'utf8'));
    expect(copy.conversations[0].transcript.length).toBe((await visitor.transcript()).length);
    expect(copy.cases.map((filed: { number: string }) => filed.number)).toContain(number);
    expect(copy.conversations[0].notes).toMatchObject([{ kind: 'miss' }]);
    const readable = readFileSync(join(out, '个人信息副本.txt'), 'utf8');
    expect(readable).toContain(`【受理单 ${number}】`);
    expect(readable).toContain('13812345678');
    expect(readable).toMatch(/您：看这张，我姓陈名晓明 \[文件 照片\.png\]/);
    expect(readable).toMatch(/征求同意：.* 个人信息，同意/);
    expect(copy.cases.flatMap((filed: { disclosures: unknown[] }) => filed.disclosures)).toMatchObject([{ caseNumber: number }]);
    expect(readable).toMatch(/对外提供：.* 提供给某某云计算有限公司，用途：代为提交ICP备案，内容：主体名称、主体负责人证件号、材料1份$/m);
    expect(readdirSync(join(out, 'files')).sort()).toEqual([uploads[0], uploads[2]].sort());
    expect(readFileSync(join(out, 'files', uploads[0] ?? ''), 'utf8')).toBe('营业执照的照片');
    for (const name of ['person.json', '个人信息副本.txt']) expect(statSync(join(out, name)).mode & 0o077).toBe(0);
    // What is there is not written over.
    expect((await run('export', '--case', number, '--out', out, '--by', '小王')).code).toBe(1);
  });

  it('lists what was handed to access providers, of a case, and of a time', async () => {
    const line = `a1  ${number}  某某云计算有限公司  代为提交ICP备案  2 item(s), 1 document(s)  general v1`;
    const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
    for (const asked of [[], ['--case', number, '--from', today, '--to', '2099-01-01']]) {
      const { code, said: listed } = await run('disclosures', ...asked);
      expect([code, listed]).toEqual([0, expect.stringMatching(new RegExp(`^${today} \\d\\d:\\d\\d  .*\\n1 disclosure\\(s\\)\\n$`))]);
      expect(listed).toContain(line);
    }
    const others = [
      ['--case', formatCaseNumber('2026-11-27', '482915')],
      ['--to', today],
      ['--from', '2099-01-01'],
    ];
    for (const asked of others) expect((await run('disclosures', ...asked)).said).toBe('0 disclosure(s)\n');
    expect(JSON.parse((await run('disclosures', '--json')).said)).toMatchObject({
      caseNumber: number,
      fields: ['filerName', 'filerLeader.idNumber'],
    });
    expect((await run('disclosures', '--case', 'BA-1')).code).toBe(2);
    expect((await run('disclosures', '--from', today, '--to', today)).complained).toMatch(/not before/);
  });

  it('erases all of it from store, index and files, nothing of others, and again changes nothing', async () => {
    const { code, said: told } = await runApart('erase', '--number', '13812345678', '--by', '小王');
    expect(told).toMatch(/^erased 2 case\(s\), 1 conversation\(s\); receipt [0-9A-F]{10}$/m);
    expect(told).toMatch(new RegExp(`^${number} was handed to 某某云计算有限公司 on .*: they have a copy of their own$`, 'm'));
    expect(code).toBe(0);
    const everything = () => dumpStore(join(environment.DATA_DIR, 'store'), keys);
    const toDo = (row: string) => /^\["item","p\d\d","chores:/.test(row);
    // The service still has to tell others of the erasure, which takes a moment.
    await vi.waitUntil(async () => !(await everything()).some(toDo), { timeout: 20_000, interval: 100 });
    const rows = await everything();
    const traces = ['13812345678', '陈晓明', '紫色的大象', '11010519491231002X', '照片.png'];
    for (const trace of traces)
      expect(
        rows.filter((row) => row.includes(trace)),
        trace,
      ).toEqual([]);
    // Its id stands in the register, on record and, for three days, where requests that come again are known.
    const left = rows.filter((row) => row.includes(visitor.id)).map((row) => row.slice(0, 60));
    expect(left.filter((row) => !/consents|desk:audit|"once"|"expiry"|^\["queue","p\d\d","chores:/.test(row))).toEqual([]);
    const kept = readdirSync(join(environment.DATA_DIR, 'files'), { recursive: true }).map(String).join('\n');
    expect(kept).toContain(uploads[1]);
    for (const gone of [uploads[0], uploads[2]]) expect(kept).not.toContain(gone);
    expect((await bystander.transcript()).length).toBeGreaterThan(1);
    expect((await run('erase', '--conversation', visitor.id, '--by', '小王')).complained).toMatch(/Nothing is kept under that/);
    expect((await run('disclosures', '--case', number)).said).toMatch(/^1 disclosure/m);
    expect((await run('find', '--number', '13812345678')).code).toBe(1);
  });

  it('tells after a breach whose data was before somebody, in a time of the clock of China, and what was done with it', async () => {
    const store = await openStore({ dataDir: environment.DATA_DIR, redis: undefined }, keys, 'look');
    const audit = new Audit(store);
    const at = (time: string) => Date.parse(`2026-03-05T${time}:00+08:00`);
    const clock = vi.spyOn(store, 'now');
    for (const [time, by, did, what, why] of [
      ['08:59', 'a1', 'case-revealed', 'case:BA-1'],
      ['09:00', 'a1', 'case-revealed', 'case:BA-2'],
      ['09:10', 'a1', 'case-document-read', 'case:BA-2'],
      ['09:20', 'a1', 'signed-in', 'account:a1'],
      ['09:30', 'a2', 'conversation-taken', 'conversation:c1'],
      ['09:40', 'a1', 'cases-exported', undefined, '3 cases, 2026'],
      ['10:00', 'a1', 'case-revealed', 'case:BA-3'],
    ] as const) {
      clock.mockReturnValue(at(time));
      await audit.add({ by, did, ...(what && { what }), ...(why && { why }) });
    }
    clock.mockRestore();
    await store.close();
    const asked = async (...more: string[]) =>
      (await run('affected', '--from', '2026-03-05 09:00', '--to', '2026-03-05 10:00', ...more)).said.trim().split('\n');
    expect(await asked()).toEqual([
      '2026-03-05 09:00  2026-03-05 09:10  case:BA-2  2×  a1  case-document-read case-revealed',
      '2026-03-05 09:30  2026-03-05 09:30  conversation:c1  1×  a2  conversation-taken',
      '2026-03-05 09:40  2026-03-05 09:40  cases: 3 cases, 2026  1×  a1  cases-exported',
      '3 affected, as far as it is on record',
    ]);
    expect(await asked('--account', 'nobody')).toEqual(['0 affected, as far as it is on record']);
    // The register of each case counts, too.
    const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
    const { said: now } = await run('affected', '--from', today, '--to', '2099-01-01', '--json');
    const revealed = now
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .find(({ what }) => what === `case:${number}`);
    expect(revealed).toMatchObject({ by: expect.arrayContaining(['小王']), did: expect.arrayContaining(['reveal']) });
    expect((await run('affected', '--from', 'gestern', '--to', today)).code).toBe(2);
    expect((await run('affected', '--from', today, '--to', today)).complained).toMatch(/not before/);
  });

  it('lists what was erased, to be erased again when a backup brings it back', async () => {
    const list = join(folder, 'erased.json');
    expect((await run('erased', '--out', list)).code).toBe(0);
    const erased = JSON.parse(readFileSync(list, 'utf8'));
    expect(erased.conversations).toContain(visitor.id);
    expect(erased.cases).toContain(number);
    expect((await run('erase-again', '--in', list, '--by', '小王')).said).toMatch(/nothing of it is there/);
    // As a restored backup would: the same id and number are there once more.
    const store = await openStore({ dataDir: environment.DATA_DIR, redis: undefined }, keys, 'look');
    await new Conversations(store, new Set()).start({ id: visitor.id, channel: 'direct-line' });
    await store.close();
    expect((await run('erase-again', '--in', list, '--by', '小王')).said).toMatch(/erased 0 case\(s\), 1 conversation\(s\)/);
  });

  it('shows what is past its time without erasing it', async () => {
    const { code, said: told } = await run('retention', '--dry-run');
    expect(code).toBe(0);
    expect(told).toMatch(/^conversation {2}after {3}90 days: 0 would be erased$/m);
    expect(told).toMatch(/^closedCase {4}after {2}365 days: 0 would be erased$/m);
    expect(told).toMatch(/^disclosure {4}after 1096 days: 0 would be erased$/m);
    expect((await bystander.transcript()).length).toBeGreaterThan(1);
  });
});
