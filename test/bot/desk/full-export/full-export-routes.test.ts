import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Audit } from '../../../../bot/desk/audit.ts';
import type { Desk } from '../../../../bot/desk/desk.ts';
import type {
  AuditLine,
  CaseView,
  FullExportFetched,
  FullExportLine,
  FullExportList,
  OwnAccount,
  Queue,
} from '../../../../bot/desk/desk-api.ts';
import { affectedBy } from '../../../../bot/privacy/affected.ts';
import { fields } from '../../../../dialogs/intake/fields.ts';
import { caseStateLabels } from '../../../../dialogs/intake/wording.ts';
import type { FilingCase } from '../../../../knowledge/filing/filing-case.ts';
import { type Bench, openBench } from '../../../support/conversations.ts';
import { DeskBrowser, type DeskServer, type Failure, goodPassword, invite, serveWholeDesk } from '../../../support/desk.ts';
import { sampleCase, sampleDocument, sampleValues, submitted } from '../../../support/filing-case.ts';
import { decrypt } from '../../../support/unzip.ts';
import { rowsIn } from '../../../support/workbook.ts';

const minuteMs = 60_000;
const idNumber = '11010519491231002X';
const reason = '迁移到新的系统';

let bench: Bench;
let desk: DeskServer & Desk;
let wang: DeskBrowser;
let zhao: DeskBrowser;
let li: DeskBrowser;
let numbers: string[];
beforeEach(async () => {
  bench = await openBench();
  desk = await serveWholeDesk(bench);
  wang = await supervisor('wang', '王芳');
  zhao = await supervisor('zhao', '赵敏');
  li = await DeskBrowser.invited(desk, await invite(desk.accounts, { login: 'li', name: '李娜' }));
  numbers = [await kept('A'), await kept('B', { values: { ...sampleValues, filerName: '=HYPERLINK("http://evil.example")' } })];
});
afterEach(async () => {
  desk.streams.close();
  await desk.close();
  await bench.close();
});

async function supervisor(login: string, name = login): Promise<DeskBrowser> {
  return DeskBrowser.invited(desk, await invite(desk.accounts, { login, name, role: 'supervisor' }));
}

async function kept(conversation: string, more: Partial<FilingCase> = {}): Promise<string> {
  const number = await bench.cases.reserve(conversation, 'draft', '2026-11-27');
  await bench.cases.save({ conversation, order: [1, 1], case: submitted(sampleCase(number, more)) });
  return number;
}

const ask = (browser = wang, more: object = {}) => browser.post<FullExportLine & Failure>('full-exports', { filter: {}, reason, ...more });
const deed = (browser: DeskBrowser, id: string, what: string, body: object = {}) =>
  browser.post<FullExportFetched & Failure>(`full-exports/${id}/${what}`, body);
const list = async (browser = wang) => (await browser.get<FullExportList>('full-exports')).body;
const audit = async () => (await new Audit(bench.store).before(undefined, 100)).map(({ did }) => did).filter((did) => /^full/.test(did));

async function asked(browser = wang): Promise<string> {
  const { status, body } = await ask(browser);
  expect(status).toBe(200);
  return body.id;
}

async function granted(): Promise<string> {
  const id = await asked();
  expect((await deed(zhao, id, 'grant')).status).toBe(204);
  return id;
}

/** The bytes that come for a ticket. */
async function file(id: string, ticket: string, browser = wang): Promise<{ status: number; headers: Headers; archive: Buffer }> {
  const cookie = [...browser.cookies].map((pair) => pair.join('=')).join('; ');
  const response = await fetch(`${desk.url}/desk/api/full-exports/${id}/file`, {
    method: 'POST',
    headers: { cookie, 'x-desk': '1', 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' },
    body: JSON.stringify({ ticket }),
  });
  return { status: response.status, headers: response.headers, archive: Buffer.from(await response.arrayBuffer()) };
}

const refusal = ({ status, body }: { status: number; body: Failure }) => [status, body.error?.code];

describe('a full export', () => {
  it('goes out when one supervisor has asked and another has agreed: every item, uncovered, behind a password', async () => {
    const id = await granted();
    const { status, body } = await deed(wang, id, 'fetch');
    expect([status, body]).toEqual([
      200,
      {
        password: expect.stringMatching(/^[a-hj-km-np-z2-9]{4}(-[a-hj-km-np-z2-9]{4}){4}$/),
        ticket: expect.any(String),
        cases: 2,
        gone: 0,
      },
    ]);
    const { headers, archive } = await file(id, body.ticket);
    expect(headers.get('content-type')).toBe('application/zip');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(decodeURIComponent(headers.get('content-disposition') ?? '')).toMatch(/受理单完整导出-\d{4}-\d\d-\d\d\.zip$/);
    await expect(decrypt(archive, undefined)).rejects.toThrow();
    await expect(decrypt(archive, `${body.password}x`)).rejects.toThrow();
    const [sheet] = await decrypt(archive, body.password);
    expect(sheet?.name).toBe('受理单.xlsx');
    const [headings = [], ...rows] = rowsIn(sheet?.content ?? Buffer.alloc(0));
    const cells = rows.map((row) => Object.fromEntries(headings.map((heading, at) => [heading, row[at]])));
    expect(cells.map((row) => row.受理编号).toSorted()).toEqual(numbers.toSorted());
    expect(cells.find((row) => row.受理编号 === numbers[0])).toMatchObject({
      状态: caseStateLabels.ready,
      经办人: '',
      提交时间: '2026-11-27 12:01',
      [fields.filerName.label]: '广州明溪科技有限公司',
      [fields['filerLeader.idNumber'].label]: idNumber,
      [fields['filerLeader.mobile'].label]: '13900001111',
    });
    expect(cells.find((row) => row.受理编号 === numbers[1])?.[fields.filerName.label]).toBe(`'=HYPERLINK("http://evil.example")`);
    expect(await audit()).toEqual(['full-export-fetched', 'full-export-granted', 'full-export-asked']);
  });

  it('names who works on a case, and what was noted of it', async () => {
    const { id: worker } = (await li.get<OwnAccount>('session')).body;
    await bench.cases.assign(numbers[0] ?? '', worker, { by: '王芳 (wang)' });
    await bench.cases.setState(numbers[0] ?? '', 'submitted', { by: '王芳 (wang)', note: `核对${idNumber}` });
    const id = await granted();
    const { body } = await deed(wang, id, 'fetch');
    const [sheet] = await decrypt((await file(id, body.ticket)).archive, body.password);
    const row = rowsIn(sheet?.content ?? Buffer.alloc(0)).find(([number]) => number === numbers[0]);
    expect(row).toEqual(expect.arrayContaining(['李娜', `核对${idNumber}`]));
  });

  it('has no documents in it, which go with the package of their case', async () => {
    await kept('C', { documents: [sampleDocument('a-file')] });
    const id = await granted();
    const { body } = await deed(wang, id, 'fetch');
    expect((await decrypt((await file(id, body.ticket)).archive, body.password)).map(({ name }) => name)).toEqual(['受理单.xlsx']);
  });

  it('has the cases that fitted when it was asked for, and no others; of those that were erased since it says how many', async () => {
    const { body: line } = await ask(wang, { filter: { state: 'ready' } });
    expect(line).toMatchObject({ cases: 2, filter: { state: 'ready' }, state: 'asked', mine: true });
    await kept('late');
    await bench.cases.setState(numbers[1] ?? '', 'submitted', { by: '王芳 (wang)' });
    await bench.cases.erase(numbers[0] ?? '', 'R1', '王芳 (wang)');
    await deed(zhao, line.id, 'grant');
    const { body } = await deed(wang, line.id, 'fetch');
    expect([body.cases, body.gone]).toEqual([1, 1]);
    const [sheet] = await decrypt((await file(line.id, body.ticket)).archive, body.password);
    expect(
      rowsIn(sheet?.content ?? Buffer.alloc(0))
        .slice(1)
        .map(([number]) => number),
    ).toEqual([numbers[1]]);
  });

  it('leaves a case out that is erased while its file is under way', async () => {
    const id = await granted();
    const { body } = await deed(wang, id, 'fetch');
    await bench.cases.erase(numbers[0] ?? '', 'R1', '王芳 (wang)');
    const [sheet] = await decrypt((await file(id, body.ticket)).archive, body.password);
    expect(rowsIn(sheet?.content ?? Buffer.alloc(0))).toHaveLength(2);
  });

  it('stands on the record of each case before its first byte leaves, and is found after a breach', async () => {
    const id = await granted();
    const { body } = await deed(wang, id, 'fetch');
    const before = await bench.cases.audit(numbers[0] ?? '');
    await file(id, body.ticket);
    expect(before).toEqual([]);
    for (const number of numbers) {
      const { audit: entries } = (await li.get<CaseView>(`cases/${number}`)).body;
      expect(entries.map(({ by, did }) => [by, did])).toEqual([['王芳 (wang)', 'export']]);
    }
    const found = await affectedBy({ audit: new Audit(bench.store), cases: bench.cases }, { from: 0, to: Infinity });
    expect(found.map(({ what, did }) => [what, did])).toEqual(
      expect.arrayContaining([
        ...numbers.map((number) => [`case:${number}`, ['export']]),
        [`cases: 2 case(s); ${reason}; granted by zhao`, ['full-export-fetched']],
      ]),
    );
  });

  it('that cannot be recorded does not go out', async () => {
    const id = await granted();
    const { body } = await deed(wang, id, 'fetch');
    const apply = bench.store.apply.bind(bench.store);
    bench.store.apply = async (partition, step) => {
      if (step.operations.some((each) => 'log' in each && each.log === `audit:${numbers[1]}`)) throw new Error('no disk');
      return apply(partition, step);
    };
    const { status, headers, archive } = await file(id, body.ticket);
    expect([status, headers.get('content-type')]).toEqual([500, 'application/json; charset=utf-8']);
    expect(archive.toString()).not.toContain('PK');
  });

  it('leaves nothing of a person, and no password, on record or in the list', async () => {
    await ask(wang, { filter: { search: '13812345678' } });
    const [{ id = '' } = {}] = (await list()).exports;
    await deed(zhao, id, 'grant');
    const { body } = await deed(wang, id, 'fetch');
    await file(id, body.ticket);
    const lines = JSON.stringify(await new Audit(bench.store).before(undefined, 100));
    expect(lines).toContain('2 case(s), a search');
    expect(lines).not.toMatch(new RegExp(`13812345678|陈晓明|${idNumber}|${body.password}`));
    expect(JSON.stringify(await list())).not.toContain(body.password);
  });
});

describe('one person alone', () => {
  it('does not agree to their own, in this session or another', async () => {
    const id = await asked();
    const again = new DeskBrowser(desk.url);
    await again.post('session', { login: 'wang', password: goodPassword });
    for (const browser of [wang, again]) {
      expect(refusal(await deed(browser, id, 'grant'))).toEqual([403, 'OwnExport']);
      expect(refusal(await deed(browser, id, 'refuse'))).toEqual([403, 'OwnExport']);
      expect(refusal(await deed(browser, id, 'fetch'))).toEqual([409, 'ExportNotGranted']);
    }
    expect(await audit()).toEqual(['full-export-asked']);
  });

  it('does not ask for what nobody else could agree to', async () => {
    const { id = '' } = (await desk.accounts.findByLogin('zhao')) ?? {};
    await desk.accounts.change(id, { role: 'agent' }, 'command');
    expect((await list()).others).toBe(0);
    expect(refusal(await ask())).toEqual([409, 'NobodyElse']);
  });

  it('gets nothing that they have agreed to for somebody else', async () => {
    const id = await granted();
    expect(refusal(await deed(zhao, id, 'fetch'))).toEqual([403, 'ExportOfOthers']);
    const { body } = await deed(wang, id, 'fetch');
    expect((await file(id, body.ticket, zhao)).status).toBe(410);
    // It was not used up by who it is not for.
    expect((await file(id, body.ticket)).status).toBe(200);
  });

  it.each<[how: string, handle: (administrator: string, other: string) => Promise<unknown>]>([
    ['made', async () => undefined],
    [
      'opened anew',
      async (administrator, other) => {
        await later(8);
        return desk.accounts.invite(other, administrator);
      },
    ],
    [
      'promoted',
      async (administrator, other) => {
        await later(8);
        return desk.accounts.change(other, { role: 'administrator' }, administrator);
      },
    ],
  ])('does not agree with themselves by an account that they have %s', async (_, handle) => {
    const chen = await DeskBrowser.invited(desk, await invite(desk.accounts, { login: 'chen', role: 'administrator' }));
    const { id: administrator } = (await chen.get<OwnAccount>('session')).body;
    const created = await desk.accounts.create({ login: 'second', name: '小号', role: 'supervisor', skills: [] }, administrator);
    if (created.outcome !== 'created') throw new Error(created.outcome);
    let second = await DeskBrowser.invited(desk, created.code);
    const opened = await handle(administrator, created.account.id);
    const code = (opened as { code?: string } | undefined)?.code;
    second = code === undefined ? await signedIn('second') : await DeskBrowser.invited(desk, code);
    const first = await signedIn('chen');
    for (const [asker, other] of [
      [first, second],
      [second, first],
    ] as const) {
      const id = await asked(asker);
      expect(refusal(await deed(other, id, 'grant'))).toEqual([403, 'OnePerson']);
      // To say no takes nobody else.
      expect((await deed(other, id, 'refuse')).status).toBe(204);
    }
    await later(8);
    const id = await asked(await signedIn('chen'));
    expect((await deed(await signedIn('second'), id, 'grant')).status).toBe(204);
  });

  it.each(['made', 'opened anew', 'had somebody they have made open'])(
    'does not ask and agree by two accounts that they have %s',
    async (how) => {
      const chen = await DeskBrowser.invited(desk, await invite(desk.accounts, { login: 'chen', role: 'administrator' }));
      const { id: administrator } = (await chen.get<OwnAccount>('session')).body;
      const made = async (login: string, by: string, role: 'supervisor' | 'administrator' = 'supervisor') => {
        const created = await desk.accounts.create({ login, name: login, role, skills: [] }, by);
        if (created.outcome !== 'created') throw new Error(created.outcome);
        return created;
      };
      const opened = async (id: string, by: string) => (await desk.accounts.invite(id, by))?.code ?? '';
      let codes: string[];
      if (how === 'made') codes = [(await made('one', administrator)).code, (await made('other', administrator)).code];
      else {
        const accounts = [await made('one', 'command'), await made('other', 'command')].map(({ account }) => account.id);
        const helper = how === 'opened anew' ? administrator : (await made('helper', administrator, 'administrator')).account.id;
        codes = [await opened(accounts[0] ?? '', administrator), await opened(accounts[1] ?? '', helper)];
      }
      const [one, other] = [await DeskBrowser.invited(desk, codes[0] ?? ''), await DeskBrowser.invited(desk, codes[1] ?? '')];
      const id = await asked(one);
      expect(refusal(await deed(other, id, 'grant'))).toEqual([403, 'OnePerson']);
      // Somebody of whom they have nothing may.
      expect((await deed(zhao, id, 'grant')).status).toBe(204);
    },
  );

  it('is not taken for two whose names or skills were put right', async () => {
    const chen = await DeskBrowser.invited(desk, await invite(desk.accounts, { login: 'chen', role: 'administrator' }));
    const { id: administrator } = (await chen.get<OwnAccount>('session')).body;
    const { id: own } = (await wang.get<OwnAccount>('session')).body;
    await desk.accounts.change(own, { name: '王小芳', skills: ['license'] }, administrator);
    expect((await deed(chen, await asked(), 'grant')).status).toBe(204);
  });

  it('gets nothing by coming into the account that asked, after they have agreed', async () => {
    const chen = await DeskBrowser.invited(desk, await invite(desk.accounts, { login: 'chen', role: 'administrator' }));
    const id = await asked();
    expect((await deed(chen, id, 'grant')).status).toBe(204);
    const { id: own } = (await wang.get<OwnAccount>('session')).body;
    const { id: administrator } = (await chen.get<OwnAccount>('session')).body;
    const invited = await desk.accounts.invite(own, administrator);
    const taken = await DeskBrowser.invited(desk, invited?.code ?? '');
    expect(refusal(await deed(taken, id, 'fetch'))).toEqual([403, 'OnePerson']);
  });

  async function later(days: number): Promise<void> {
    bench.advance(days * 24 * 60 * minuteMs);
  }

  async function signedIn(login: string): Promise<DeskBrowser> {
    const browser = new DeskBrowser(desk.url);
    expect((await browser.post('session', { login, password: goodPassword })).status).toBe(200);
    return browser;
  }
});

describe('what nobody gets', () => {
  it('is a file for an agent, who neither asks, agrees nor sees any', async () => {
    const id = await asked();
    const answers = [await ask(li), await li.get<Failure>('full-exports')];
    for (const what of ['grant', 'refuse', 'withdraw', 'fetch', 'file']) answers.push(await deed(li, id, what));
    expect(answers.map(refusal)).toEqual(Array(7).fill([403, 'RoleNotSufficient']));
  });

  it('is a file before somebody has agreed, or after they have not', async () => {
    const id = await asked();
    expect(refusal(await deed(wang, id, 'fetch'))).toEqual([409, 'ExportNotGranted']);
    expect((await deed(zhao, id, 'refuse', { why: '理由不够具体' })).status).toBe(204);
    expect(refusal(await deed(wang, id, 'fetch'))).toEqual([409, 'ExportNotGranted']);
    expect((await list()).exports).toMatchObject([{ state: 'refused', decided: { by: '赵敏', why: '理由不够具体' } }]);
    expect(refusal(await deed(zhao, id, 'grant'))).toEqual([409, 'ExportDecided']);
  });

  it('is the same twice', async () => {
    const id = await granted();
    const { body } = await deed(wang, id, 'fetch');
    expect(refusal(await deed(wang, id, 'fetch'))).toEqual([409, 'ExportNotGranted']);
    const statuses = await Promise.all([file(id, body.ticket), file(id, body.ticket), file(id, body.ticket)]);
    expect(statuses.map(({ status }) => status).toSorted()).toEqual([200, 410, 410]);
    expect((await file(id, body.ticket)).status).toBe(410);
  });

  it('is one of two that are fetched at the same moment', async () => {
    const id = await granted();
    const answers = await Promise.all([deed(wang, id, 'fetch'), deed(wang, id, 'fetch')]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  });

  it('is a file by a ticket that is late, wrong or of another session', async () => {
    const id = await granted();
    const { body } = await deed(wang, id, 'fetch');
    const again = new DeskBrowser(desk.url);
    await again.post('session', { login: 'wang', password: goodPassword });
    expect((await file(id, body.ticket, again)).status).toBe(410);
    for (const wrong of ['', 'x', `${body.ticket}x`, `${body.ticket.slice(0, -1)}${body.ticket.endsWith('A') ? 'B' : 'A'}`]) {
      expect((await file(id, wrong)).status).toBe(410);
    }
    bench.advance(minuteMs + 1);
    expect((await file(id, body.ticket)).status).toBe(410);
  });

  it('is what was asked for a day ago, or granted half an hour ago', async () => {
    const id = await asked();
    bench.advance(24 * 60 * minuteMs);
    [wang, zhao] = (await Promise.all(['wang', 'zhao'].map(signedInAgain))) as [DeskBrowser, DeskBrowser];
    expect((await list()).exports).toEqual([]);
    expect((await deed(zhao, id, 'grant')).status).toBe(404);
    const next = await granted();
    bench.advance(30 * minuteMs);
    [wang, zhao] = (await Promise.all(['wang', 'zhao'].map(signedInAgain))) as [DeskBrowser, DeskBrowser];
    expect((await deed(wang, next, 'fetch')).status).toBe(404);
    // And they may ask anew.
    await asked();
  });

  it.each(['closed', 'no supervisor any longer'])('is a file for an account that is %s since, or by the word of one', async (what) => {
    const change = what === 'closed' ? { active: false } : { role: 'agent' as const };
    const ids = [await granted()];
    const idOf = async (browser: DeskBrowser) => (await browser.get<OwnAccount>('session')).body.id;
    await desk.accounts.change(await idOf(zhao), change, 'command');
    expect(refusal(await deed(wang, ids[0] ?? '', 'fetch'))).toEqual([409, 'ExportNotGranted']);
    zhao = await supervisor('zhou');
    await deed(wang, ids[0] ?? '', 'withdraw');
    const id = await granted();
    const { body } = await deed(wang, id, 'fetch');
    await desk.accounts.change(await idOf(wang), change, 'command');
    expect([401, 403]).toContain((await file(id, body.ticket)).status);
    expect([401, 403]).toContain((await deed(wang, id, 'fetch')).status);
  });

  it('is agreed to where who asked has lost the right meanwhile', async () => {
    const id = await asked();
    const { id: own } = (await wang.get<OwnAccount>('session')).body;
    await desk.accounts.change(own, { role: 'agent' }, 'command');
    expect((await deed(zhao, id, 'grant')).status).toBe(404);
    expect((await list(zhao)).exports).toEqual([]);
  });

  it.each(['nothing', '__proto__', '0000000000000000-0000000000000000'])('is at %s', async (id) => {
    for (const what of ['grant', 'refuse', 'withdraw', 'fetch']) expect((await deed(wang, id, what)).status).toBe(404);
    expect((await file(id, 'x')).status).toBe(410);
  });

  it('is what was withdrawn, which only who asked may do', async () => {
    const id = await granted();
    expect(refusal(await deed(zhao, id, 'withdraw'))).toEqual([403, 'ExportOfOthers']);
    expect((await deed(wang, id, 'withdraw')).status).toBe(204);
    expect((await deed(wang, id, 'fetch')).status).toBe(404);
    expect((await list()).exports).toEqual([]);
    expect(await audit()).toEqual(['full-export-withdrawn', 'full-export-granted', 'full-export-asked']);
  });
});

describe('to ask', () => {
  it.each<[what: string, more: object, status: number, code: string]>([
    ['without a reason', { reason: '' }, 400, 'BadArgument'],
    ['for a reason of two lines', { reason: '迁移\n数据' }, 400, 'BadArgument'],
    ['for a reason without end', { reason: '因'.repeat(201) }, 400, 'BadArgument'],
    ['for a reason that names a person', { reason: '客户13812345678要求' }, 422, 'ReasonNamesPerson'],
    ['for a page', { filter: { page: 1 } }, 400, 'BadArgument'],
    ['for cases by their numbers', { numbers: ['BA-20261127-4829153'] }, 400, 'BadArgument'],
    ['for cases that there are not', { filter: { state: 'approved' } }, 422, 'NothingToExport'],
  ])('is not possible %s', async (_, more, status, code) => {
    const answer = await ask(wang, more);
    expect(answer.status).toBe(status);
    if (status !== 400) expect(answer.body.error.code).toBe(code);
    expect(await audit()).toEqual([]);
  });

  it('is not possible for erased cases, of which nothing is left to go out', async () => {
    for (const number of numbers) await bench.cases.erase(number, 'R1', '王芳 (wang)');
    for (const filter of [{}, { state: 'erased' }, { search: numbers[0] }])
      expect(refusal(await ask(wang, { filter }))).toEqual([422, 'NothingToExport']);
  });

  it('is possible for a thousand cases, and not for one more', async () => {
    await Promise.all(Array.from({ length: 998 }, (_, at) => kept(`more-${at}`)));
    const { body } = await ask();
    expect(body.cases).toBe(1000);
    await deed(wang, body.id, 'withdraw');
    await kept('one-more');
    const answer = await ask();
    expect([answer.status, answer.body]).toEqual([
      422,
      { error: expect.objectContaining({ code: 'TooManyCases' }), cases: 1001, most: 1000 },
    ]);
  });

  it('is possible once at a time, and again when it is over', async () => {
    const id = await asked();
    expect(refusal(await ask())).toEqual([409, 'ExportOpen']);
    await deed(zhao, id, 'grant');
    expect(refusal(await ask())).toEqual([409, 'ExportOpen']);
    await deed(wang, id, 'fetch');
    const next = await asked();
    await deed(zhao, next, 'refuse');
    await asked();
    // Others have their own.
    await asked(zhao);
  });

  it('is possible ten times in an hour, and who asks for more is on record', async () => {
    for (let at = 0; at < 10; at += 1) await deed(wang, await asked(), 'withdraw');
    expect((await ask()).status).toBe(429);
    expect((await audit())[0]).toBe('full-export-limited');
    await asked(zhao);
  });

  it('takes, as agreeing and fetching do, that its supervisor has just shown who they are', async () => {
    const confirm = (browser: DeskBrowser) => browser.post('session/confirm', { password: goodPassword });
    const needed = async (call: () => Promise<{ status: number; body: Failure }>, browser: DeskBrowser) => {
      bench.advance(10 * minuteMs);
      expect(refusal(await call())).toEqual([403, 'ConfirmationNeeded']);
      await confirm(browser);
    };
    await needed(() => ask(), wang);
    const id = await asked();
    await needed(() => deed(zhao, id, 'grant'), zhao);
    expect((await deed(zhao, id, 'grant')).status).toBe(204);
    await needed(() => deed(wang, id, 'fetch'), wang);
    expect((await deed(wang, id, 'fetch')).status).toBe(200);
  });
});

describe('two who decide at the same moment', () => {
  it('come to one outcome, with one line on record', async () => {
    const zhou = await supervisor('zhou');
    for (let round = 0; round < 5; round += 1) {
      const id = await asked();
      const answers = await Promise.all([deed(zhao, id, 'grant'), deed(zhou, id, 'refuse'), deed(zhou, id, 'grant')]);
      expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 409, 409]);
      const [line] = (await list()).exports;
      expect(line?.state).toBe(answers[1]?.status === 204 ? 'refused' : 'granted');
      if (line?.state === 'granted') await deed(wang, id, 'withdraw');
    }
    expect((await audit()).filter((did) => did === 'full-export-granted' || did === 'full-export-refused')).toHaveLength(5);
  });
});

describe('the desk', () => {
  const standing = async (browser: DeskBrowser) => (await browser.get<Queue>('queue')).body.fullExports;

  it('tells supervisors whose turn it is, and agents nothing', async () => {
    expect([await standing(wang), await standing(zhao), await standing(li)]).toEqual([{ toDecide: 0 }, { toDecide: 0 }, undefined]);
    const id = await asked();
    expect([await standing(wang), await standing(zhao), await standing(li)]).toEqual([
      { toDecide: 0, own: 'asked' },
      { toDecide: 1 },
      undefined,
    ]);
    await deed(zhao, id, 'grant');
    expect([await standing(wang), await standing(zhao)]).toEqual([{ toDecide: 0, own: 'granted' }, { toDecide: 0 }]);
    bench.advance(30 * minuteMs);
    [wang, zhao] = (await Promise.all(['wang', 'zhao'].map(signedInAgain))) as [DeskBrowser, DeskBrowser];
    expect(await standing(wang)).toEqual({ toDecide: 0 });
  });

  it('shows another supervisor who asks for what, and why', async () => {
    const { id: worker } = (await li.get<OwnAccount>('session')).body;
    await bench.cases.assign(numbers[0] ?? '', worker, { by: '王芳 (wang)' });
    await ask(wang, { filter: { agent: worker, province: '44', search: '明溪' } });
    expect(await list(zhao)).toEqual({
      exports: [
        {
          id: expect.any(String),
          by: '王芳',
          mine: false,
          at: expect.any(Number),
          until: expect.any(Number),
          reason,
          filter: { agent: worker, province: '44', search: '明溪' },
          worker: '李娜',
          cases: 1,
          state: 'asked',
        },
      ],
      others: 1,
      most: 1000,
    });
  });

  it('names on its record who asked, who agreed and who fetched', async () => {
    const administrator = await DeskBrowser.invited(desk, await invite(desk.accounts, { login: 'chen', role: 'administrator' }));
    const id = await granted();
    await deed(wang, id, 'fetch');
    const lines = (await administrator.get<AuditLine[]>('audit')).body.filter(({ did }) => did.startsWith('full-export'));
    expect(lines.map(({ by, did, what, why }) => [by, did, what, why])).toEqual([
      ['wang', 'full-export-fetched', undefined, `2 case(s); ${reason}; granted by zhao`],
      ['zhao', 'full-export-granted', 'account:wang', `2 case(s); ${reason}`],
      ['wang', 'full-export-asked', undefined, `2 case(s); ${reason}`],
    ]);
  });
});

async function signedInAgain(login: string): Promise<DeskBrowser> {
  const browser = new DeskBrowser(desk.url);
  expect((await browser.post('session', { login, password: goodPassword })).status).toBe(200);
  return browser;
}
