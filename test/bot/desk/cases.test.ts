import { Readable } from 'node:stream';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Desk } from '../../../bot/desk/desk.ts';
import type { AuditLine, CaseList, CaseQuery, CaseView, Colleague } from '../../../bot/desk/desk-api.ts';
import { contentOf } from '../../../bot/desk/document-content.ts';
import { Files } from '../../../bot/store/files.ts';
import { changesOthers } from '../../../dialogs/case-wording.ts';
import { fields } from '../../../dialogs/intake/fields.ts';
import { meant } from '../../../dialogs/intake/wording.ts';
import type { FilingCase } from '../../../knowledge/filing/filing-case.ts';
import { type Bench, openBench } from '../../support/conversations.ts';
import { DeskBrowser, type DeskServer, type Failure, goodPassword, invite, serveWholeDesk } from '../../support/desk.ts';
import { sampleCase, sampleDocument, sampleValues, submitted } from '../../support/filing-case.ts';
import { partsBesidePicture } from '../../support/picture-parts.ts';

const idNumber = '11010519491231002X';
const covered = '110***********002X';
const unknown = 'BA-20261127-4829153';

type Refused = Failure & { reason: string };

let bench: Bench;
let desk: DeskServer & Desk;
let agent: DeskBrowser;
let chief: DeskBrowser;
let number: string;
beforeEach(async () => {
  bench = await openBench();
  desk = await serveWholeDesk(bench);
  agent = await DeskBrowser.invited(desk, await invite(desk.accounts, { login: 'li', name: '李娜' }));
  chief = await DeskBrowser.invited(desk, await invite(desk.accounts, { login: 'wang', name: '王芳', role: 'administrator' }));
  number = await kept('A');
});
afterEach(async () => {
  desk.streams.close();
  await desk.close();
  await bench.close();
});

/** A case of a conversation, submitted unless told otherwise. */
async function kept(conversation: string, more: Partial<FilingCase> = {}, isSubmitted = true): Promise<string> {
  const reserved = await bench.cases.reserve(conversation, 'draft', '2026-11-27');
  const filed = sampleCase(reserved, more);
  await bench.cases.save({ conversation, order: [1, 1], case: isSubmitted ? submitted(filed) : filed });
  return reserved;
}

const view = async (browser = agent) => (await browser.get<CaseView>(`cases/${number}`)).body;
const act = (what: string, body: object, browser = agent) => browser.post<CaseView & Refused>(`cases/${number}/${what}`, body);
const search = async (query: CaseQuery) => (await agent.post<CaseList>('cases/search', query)).body;
const audit = async () => (await chief.get<AuditLine[]>('audit')).body.map(({ by, did, what, why }) => [by, did, what, why]);

describe('the list of cases', () => {
  it('finds by what agents know of a case', async () => {
    const other = await kept('B', { filingType: 'change', values: { ...sampleValues, filerProvince: '11', contactMobile: '13700000000' } });
    await act('state', { state: 'submitted' });
    await act('agent', { to: (await agent.get<{ id: string }>('session')).body.id });
    const queries: [query: CaseQuery, found: string[]][] = [
      [{}, [number, other]],
      [{ state: 'submitted' }, [number]],
      [{ type: 'change' }, [other]],
      [{ province: '44' }, [number]],
      [{ agent: 'none' }, [other]],
      [{ agent: (await agent.get<{ id: string }>('session')).body.id }, [number]],
      [{ search: number }, [number]],
      [{ search: '明溪' }, [number, other]],
      [{ search: 'MINGXI-example' }, [number, other]],
      [{ search: '138 1234 5678' }, [number]],
      [{ search: idNumber }, [number, other]],
      [{ search: '陈晓明', province: '11' }, [other]],
      [{ olderThanDays: 36_000 }, []],
      [{ newerThanDays: 36_000, state: 'ready' }, [other]],
      [{ search: unknown }, []],
    ];
    for (const [query, found] of queries) {
      const { cases, total } = await search(query);
      expect([query, cases.map((each) => each.number).toSorted(), total]).toEqual([query, found.toSorted(), found.length]);
    }
  });

  it('has a line for each, without any number of a person', async () => {
    await act('agent', { to: (await agent.get<{ id: string }>('session')).body.id });
    const { cases } = await search({});
    expect(cases).toEqual([
      {
        number,
        state: 'ready',
        stateName: '已提交，等工作人员核对',
        type: 'initial',
        typeName: '首次备案',
        province: '广东',
        filer: '广州明溪科技有限公司',
        domainName: 'mingxi-example.cn',
        startedAt: expect.any(Number),
        openedAt: expect.any(Number),
        changedAt: expect.any(Number),
        agent: { id: expect.any(String), name: '李娜' },
      },
    ]);
  });

  it('comes a page at a time, each case on one, with a filter and without', async () => {
    for (let at = 0; at < 60; at += 1) await kept(`C${at}`, { startedAt: Date.UTC(2026, 10, 1) + at });
    for (const query of [{}, { province: '44' }]) {
      const pages = [await search(query), await search({ ...query, page: 1 }), await search({ ...query, page: 2 })];
      expect(pages.map(({ cases, total, pageSize }) => [cases.length, total, pageSize])).toEqual([
        [50, 61, 50],
        [11, 61, 50],
        [0, 61, 50],
      ]);
      const lines = pages.flatMap(({ cases }) => cases);
      expect(new Set(lines.map((line) => line.number)).size).toBe(61);
      expect(lines.map(({ startedAt }) => startedAt)).toEqual(lines.map(({ startedAt }) => startedAt).toSorted((a, b) => b - a));
    }
  });

  it.each([{ state: 'gone' }, { page: -1 }, { olderThanDays: 'x' }, { search: '' }, { everything: true }])('refuses %o', async (query) => {
    expect((await agent.post('cases/search', query)).status).toBe(400);
  });
});

describe('a case', () => {
  it('is shown with all that is known of it, certificate numbers covered', async () => {
    const values = { ...sampleValues, filerRemark: `备注 ${idNumber}` };
    number = await kept('D', { values, withheld: ['legalRepresentative.idNumber'] });
    await act('state', { state: 'returned', note: `证件 ${idNumber} 照片不清楚` });
    const shown = await view();
    expect(shown.items).toContainEqual({ field: 'filerLeader.idNumber', label: expect.any(String), value: covered, covered: true });
    expect(shown.items).toContainEqual({ field: 'contactMobile', label: '联系手机', value: '13812345678' });
    expect(shown.withheld.map(({ field }) => field)).toEqual(['legalRepresentative.idNumber']);
    expect(shown.history.map(({ by, note }) => [by, note])).toEqual([
      ['customer', undefined],
      ['customer', undefined],
      ['agency', `证件 ${covered} 照片不清楚`],
    ]);
    expect(shown.next.map(({ state }) => state)).toEqual(['ready', 'submitted', 'provider-review', 'administration-review', 'cancelled']);
    expect(shown.conversation).toBe('D');
    expect(JSON.stringify(shown)).not.toContain(idNumber);
  });

  it.each([unknown, 'BA-20261127-0000000', 'nothing', '__proto__'])('%s is none', async (wrong) => {
    for (const path of ['', '/files/x']) expect((await agent.get(`cases/${wrong}${path}`)).status).toBe(404);
    for (const [what, body] of [
      ['state', { state: 'submitted' }],
      ['value', { field: 'contactName', value: '王明' }],
      ['agent', {}],
    ] as const)
      expect((await agent.post(`cases/${wrong}/${what}`, body)).status).toBe(404);
    expect((await chief.post(`cases/${wrong}/reveal`, { field: 'filerLeader.idNumber', reason: '核对证件' })).status).toBe(404);
  });

  it('goes on from state to state as it may, and the record says by whom', async () => {
    expect((await act('state', { state: 'approved' })).body.error.code).toBe('StateNotAllowed');
    expect((await act('state', { state: 'submitted', note: '' })).body).toMatchObject({ state: 'submitted', stateName: '已报给接入商' });
    expect((await act('state', { state: 'submitted' })).status).toBe(200);
    expect((await view()).audit).toEqual([{ at: expect.any(Number), by: '李娜 (li)', did: 'set-state', what: '已报给接入商' }]);
    expect(await audit()).toContainEqual(['li', 'case-state-set', `case:${number}`, 'submitted']);
  });

  it('is given to a colleague, passed on, and laid down', async () => {
    const { body: colleagues } = await agent.get<Colleague[]>('colleagues');
    expect(colleagues.map(({ name }) => name).toSorted()).toEqual(['李娜', '王芳']);
    const idOf = (name: string) => colleagues.find((each) => each.name === name)?.id ?? '';
    expect((await act('agent', { to: idOf('李娜') })).body.agent).toEqual({ id: idOf('李娜'), name: '李娜' });
    expect((await act('agent', { to: idOf('王芳') })).body.agent?.name).toBe('王芳');
    // What its customer adds leaves it where it is.
    const filed = await bench.cases.find(number);
    if (filed)
      await bench.cases.save({ conversation: 'A', order: [1, 2], case: { ...filed, documents: [sampleDocument('f'.repeat(32))] } });
    expect((await view()).agent?.name).toBe('王芳');
    const laidDown = (await act('agent', {})).body;
    expect(laidDown.agent).toBeUndefined();
    expect(laidDown.audit.map(({ did, what }) => [did, what])).toEqual([
      ['assign', '李娜 (li)'],
      ['assign', '王芳 (wang)'],
      ['assign', undefined],
    ]);
    await chief.post(`accounts/${idOf('李娜')}`, { active: false });
    for (const to of [idOf('李娜'), '0123456789abcdef'])
      expect((await act('agent', { to }, chief)).body.error.code).toBe('NoSuchColleague');
  });
});

describe('a value', () => {
  it('is put right as the customer would have to write it, and found by its new number', async () => {
    const { body } = await act('value', { field: 'contactMobile', value: '１３９ 0013 9000' });
    expect(body.items).toContainEqual({ field: 'contactMobile', label: '联系手机', value: '13900139000' });
    expect(body.changes).toEqual([{ at: expect.any(Number), by: 'agency', label: '联系手机', from: '13812345678', to: '13900139000' }]);
    expect(body.audit).toEqual([{ at: expect.any(Number), by: '李娜 (li)', did: 'correct', what: '联系手机' }]);
    expect((await search({ search: '13900139000' })).total).toBe(1);
    expect((await search({ search: '13812345678' })).total).toBe(0);
    expect((await act('value', { field: 'contactMobile', value: '13900139000' })).body.changes).toHaveLength(1);
  });

  it('is refused with the reason, in Chinese, and nothing is changed', async () => {
    const refused = await act('value', { field: 'contactMobile', value: '1390013900' });
    expect([refused.status, refused.body.error.code]).toEqual([422, 'ValueRefused']);
    expect(refused.body.reason).toMatch(/[一-鿿]/);
    const others = await act('value', { field: 'filerKind', value: '个人' });
    expect([others.status, others.body.reason]).toEqual([422, changesOthers(fields.filerKind.label)]);
    expect((await view()).changes).toEqual([]);
  });

  it('that was probably meant otherwise is taken when the agent is sure', async () => {
    number = await kept('D', { values: { ...sampleValues, 'filerLeader.email': 'chen@example.cn' } });
    const asked = await act('value', { field: 'filerLeader.email', value: 'chen@gmial.com' });
    expect([asked.status, asked.body.error.code, asked.body.reason]).toEqual([422, 'ValueToConfirm', meant('chen@gmail.com')]);
    const taken = await act('value', { field: 'filerLeader.email', value: 'chen@gmial.com', sure: true });
    expect(taken.body.items).toContainEqual(expect.objectContaining({ field: 'filerLeader.email', value: 'chen@gmial.com' }));
  });

  it('that the customer would not give in the chat is filled in, and covered', async () => {
    const { 'filerLeader.idNumber': _, ...values } = sampleValues;
    number = await kept('D', { values, withheld: ['filerLeader.idNumber'] });
    const { body } = await act('value', { field: 'filerLeader.idNumber', value: idNumber });
    expect(body.withheld).toEqual([]);
    expect(body.items).toContainEqual(expect.objectContaining({ field: 'filerLeader.idNumber', value: covered }));
    expect(JSON.stringify(body)).not.toContain(idNumber);
  });

  it('is left alone while the customer fills the form in, and when the case has ended', async () => {
    const ended = number;
    await act('state', { state: 'cancelled' });
    for (const each of [ended, await kept('D', {}, false)]) {
      const refused = await agent.post<Failure>(`cases/${each}/value`, { field: 'contactName', value: '王明' });
      expect([refused.status, refused.body.error.code]).toEqual([409, 'CaseNotOpen']);
    }
  });
});

describe('what is covered', () => {
  const reveal = (body: object, browser = chief) => act('reveal', body, browser);
  const wanted = { field: 'filerLeader.idNumber', reason: '核对执照上的证件' };

  it('is revealed to a supervisor, for a reason, one number at a time, on record before it is shown', async () => {
    expect((await reveal(wanted)).body).toEqual({ value: idNumber });
    expect((await view()).audit).toEqual([
      { at: expect.any(Number), by: '王芳 (wang)', did: 'reveal', what: fields['filerLeader.idNumber'].label },
    ]);
    expect(await audit()).toContainEqual(['wang', 'case-revealed', `case:${number}`, 'filerLeader.idNumber: 核对执照上的证件']);
    expect(JSON.stringify([await audit(), (await view()).audit])).not.toContain(idNumber);
  });

  it.each<[what: string, body: object, status: number]>([
    ['without a reason', { field: wanted.field }, 400],
    ['with an empty one', { ...wanted, reason: '  ' }, 400],
    ['of a field that there is not', { ...wanted, field: 'everything' }, 400],
    ['of what is not covered', { ...wanted, field: 'contactMobile' }, 404],
    ['of what is not known', { ...wanted, field: 'serviceLeader.idNumber' }, 404],
  ])('is not revealed %s', async (_, body, status) => {
    expect((await reveal(body)).status).toBe(status);
    expect((await audit()).filter(([, did]) => did === 'case-revealed')).toEqual([]);
  });

  describe('ten minutes after its supervisor signed in', () => {
    beforeEach(() => bench.advance(10 * 60_000));
    const confirm = (password: string) => chief.post<Failure>('session/confirm', { password });
    const deeds = async () => (await audit()).map(([, did]) => did);

    it('is revealed when the password is typed anew, and for ten minutes from then', async () => {
      const refused = await reveal(wanted);
      expect([refused.status, refused.body]).toEqual([
        403,
        { error: expect.objectContaining({ code: 'ConfirmationNeeded' }), by: 'password' },
      ]);
      expect(await deeds()).not.toContain('case-revealed');
      expect((await confirm(goodPassword)).status).toBe(204);
      expect((await reveal(wanted)).body).toEqual({ value: idNumber });
      expect((await deeds()).filter((did) => did !== 'signed-in').slice(0, 2)).toEqual(['case-revealed', 'identity-confirmed']);
      bench.advance(10 * 60_000);
      expect((await reveal(wanted)).status).toBe(403);
    });

    it('is not revealed to who guesses, of whom each try is on record, and who guesses in vain from then on', async () => {
      const answers = [];
      for (let at = 0; at < 7; at += 1) answers.push(await confirm(`guess ${at}`));
      expect(answers.map(({ status }) => status)).toEqual([422, 422, 422, 422, 422, 429, 429]);
      expect(answers[0]?.body.error.code).toBe('PasswordWrong');
      expect((await confirm(goodPassword)).status).toBe(429);
      expect((await deeds()).filter((did) => did === 'confirmation-failed')).toHaveLength(5);
      expect((await reveal(wanted)).status).toBe(403);
      // The same tries as at the entrance.
      expect((await new DeskBrowser(desk.url).post('session', { login: 'wang', password: goodPassword })).status).toBe(429);
    });

    it('is not revealed by what somebody does in another session', async () => {
      const other = new DeskBrowser(desk.url);
      await other.post('session', { login: 'wang', password: goodPassword });
      expect([(await reveal(wanted)).status, (await reveal(wanted, other)).status]).toEqual([403, 200]);
    });
  });

  it('is revealed twenty times in an hour at most, to each supervisor', async () => {
    const answers = [];
    for (let at = 0; at < 22; at += 1) answers.push(await reveal(wanted));
    expect(answers.map(({ status }) => status)).toEqual([...Array(20).fill(200), 429, 429]);
    expect((await audit()).filter(([, did]) => did === 'case-revealed')).toHaveLength(20);
    expect((await audit()).filter(([, did]) => did === 'case-reveal-refused')).toHaveLength(2);
    const other = await DeskBrowser.invited(desk, await invite(desk.accounts, { login: 'zhao', role: 'supervisor' }));
    expect((await reveal(wanted, other)).status).toBe(200);
  });
});

describe('a document', () => {
  it('is given out as a download that cannot run, of this case only, on record', async () => {
    const files = new Files(`${bench.folder}/files`, bench.keys);
    const { name: file } = await files.save(Readable.from([Buffer.from('%PDF-1.4 <script>alert(1)</script>')]));
    const { name: strange } = await files.save(Readable.from([Buffer.from('of another case')]));
    number = await kept('D', { documents: [{ ...sampleDocument(file), kind: 'filer-certificate', name: `执照 ${idNumber}.jpg` }] });
    expect((await view()).documents).toEqual([
      { file, title: expect.stringContaining('营业执照'), name: `执照 ${covered}.jpg`, contentType: 'image/jpeg', at: expect.any(Number) },
    ]);
    const { status, headers, body } = await agent.get<string>(`cases/${number}/files/${file}`);
    expect([status, body]).toEqual([200, '%PDF-1.4 <script>alert(1)</script>']);
    expect(headers.get('content-type')).toBe('application/pdf');
    expect(headers.get('content-disposition')).toMatch(/^attachment/);
    expect(headers.get('content-security-policy')).toContain('sandbox');
    for (const other of [strange, '..%2F..%2Fdata.mdb', 'x']) expect((await agent.get(`cases/${number}/files/${other}`)).status).toBe(404);
    expect((await view()).audit.map(({ by, did }) => [by, did])).toEqual([['李娜 (li)', 'read-documents']]);
    expect((await audit()).filter(([, did]) => did === 'case-document-read')).toEqual([
      ['li', 'case-document-read', `case:${number}`, undefined],
    ]);
  });
});

describe('a picture', () => {
  const picture = () => sharp({ create: { width: 60, height: 40, channels: 3, background: '#a40' } });
  const opened = async (content: Buffer) => {
    const { name } = await new Files(`${bench.folder}/files`, bench.keys).save(Readable.from([content]));
    number = await kept('D', { documents: [{ ...sampleDocument(name), kind: 'filer-certificate' }] });
    return `cases/${number}/files/${name}`;
  };

  it('is given out anew, upright, without what the camera wrote into it', async () => {
    const taken = picture()
      .withExif({ IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '39/1 54/1 27/1' } })
      .withMetadata({ orientation: 6 });
    const cookie = [...agent.cookies].map((pair) => pair.join('=')).join('; ');
    const response = await fetch(`${desk.url}/desk/api/${await opened(await taken.webp().toBuffer())}`, { headers: { cookie } });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    const copy = Buffer.from(await response.arrayBuffer());
    expect(partsBesidePicture(copy)).toEqual([]);
    expect(await sharp(copy).metadata()).toMatchObject({ width: 40, height: 60 });
  });

  it('that cannot be made anew is not given out, nor on record as seen', async () => {
    const { status, body } = await agent.get<Refused>(await opened((await picture().jpeg().toBuffer()).subarray(0, 200)));
    expect([status, body.error.code, body.reason]).toEqual([409, 'PictureUnreadable', '这张图片打不开，可能已损坏，请让客户重新发一张']);
    expect((await view()).audit).toEqual([]);
  });

  it('that took too much to be made anew can be asked for again', () => {
    expect(() => contentOf('stopped', '营业执照.jpg')).toThrow(
      expect.objectContaining({
        status: 503,
        facts: { reason: '材料“营业执照.jpg”一时处理不了，请稍后再试；一直不行，请让客户重新发一张' },
      }),
    );
  });
});

describe('the export', () => {
  it('has the cases of the filter, computes nothing, covers certificate numbers, and is on record', async () => {
    await kept('D', { values: { ...sampleValues, filerProvince: '11', filerName: '=HYPERLINK("http://evil.example")' } });
    const { status, headers, body } = await chief.post<string>('cases/export', { province: '11', search: 'evil' });
    expect([status, headers.get('content-disposition')]).toEqual([200, 'attachment; filename="cases.csv"']);
    expect(body).toContain(`"'=HYPERLINK(""http://evil.example"")"`);
    expect(body).toContain(covered);
    expect(body).not.toContain(idNumber);
    expect(body).not.toContain(number);
    expect(await audit()).toContainEqual(['wang', 'cases-exported', undefined, '1 case(s), province 11, a search']);
  });
});
