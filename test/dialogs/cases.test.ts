import { describe, expect, it } from 'vitest';
import * as wording from '../../dialogs/case-wording.ts';
import { fields } from '../../dialogs/intake/fields.ts';
import * as intakeWording from '../../dialogs/intake/wording.ts';
import type { Reply } from '../../dialogs/reply.ts';
import { apply } from '../support/applicant.ts';
import { CaseDesk } from '../support/case-desk.ts';
import { Customer } from '../support/customer.ts';

const text = (replies: Reply[]) => replies.map((reply) => reply.text).join('\n');
const labels = (replies: Reply[]) => replies.at(-1)?.choices.map(({ label }) => label) ?? [];

/** A customer with an opened case, and its number. */
function withCase(desk = new CaseDesk()): { customer: Customer; number: string } {
  const customer = new Customer({ desk });
  return { customer, number: apply(customer, '帮我办首次备案').number };
}

/** A draft with a contact and a company's name, left in another browser. */
function withDraft(): { desk: CaseDesk; number: string; first: Customer } {
  const desk = new CaseDesk();
  const first = new Customer({ desk });
  for (const words of ['帮我办首次备案', '网站', '某某云', '同意', '张女士 13800138000', fields.filerName.example ?? '']) first.says(words);
  return { desk, first, number: first.session.form?.number ?? '' };
}

describe('a submitted case', () => {
  it('is told about at once in the conversation it was opened in', () => {
    const { customer, number } = withCase();
    expect(customer.says('我的备案到哪了')).toMatchObject([{ kind: 'status', caseNumber: number }]);
  });

  it('names what is still missing, and takes it when it is sent', () => {
    const { customer, number } = withCase();
    expect(text(customer.says('查进度'))).toContain('营业执照');
    expect(labels(customer.sendsFiles(1))).toContain('营业执照');
    expect(text(customer.says('营业执照'))).toContain(number);
    expect(customer.desk.cases.get(number)?.documents).toMatchObject([{ kind: expect.any(String), name: '照片1.jpg' }]);
    expect(text(customer.says('我的备案到哪了'))).not.toMatch(/还没收到的材料：营业执照、/);
  });

  it.each([
    ['in one message', (number: string) => [`${number} 尾号8000 ${fields.filerName.example}`]],
    ['step by step', (number: string) => ['我的备案到哪了', number, '8000', fields.filerName.example ?? '']],
    ['with the whole mobile number', (number: string) => [number, '13800138000', 'example.com']],
  ])('is shown elsewhere for a proof given %s', (_how, words) => {
    const { customer, number } = withCase();
    const elsewhere = new Customer({ desk: customer.desk });
    const replies = words(number).map((said) => elsewhere.says(said));
    expect(replies.at(-1)).toMatchObject([{ kind: 'status', caseNumber: number, text: expect.stringContaining('已提交') }]);
  });

  it('is not shown for a wrong proof, which does not say what was wrong', () => {
    const { customer, number } = withCase();
    const stranger = new Customer({ desk: customer.desk });
    expect(text(stranger.says(`${number} 尾号1234 ${fields.filerName.example}`))).toBe(wording.notProved);
    expect(text(stranger.says('BA-20261123-1234560'))).not.toContain('张');
  });

  it('tells its changes of state, with the words of staff', () => {
    const { customer, number } = withCase();
    const replies = customer.hearsOf(number, { kind: 'state', state: 'returned', note: '营业执照照片反光，请重新拍。' });
    expect(text(replies)).toContain(intakeWording.caseStateLabels.returned);
    expect(text(replies)).toContain('工作人员说明：营业执照照片反光');
  });

  it('keeps its news while a person is in charge, and tells them afterwards', () => {
    const { customer, number } = withCase();
    customer.owner = { kind: 'agent', id: 'a1', name: '小王' };
    expect(customer.hearsOf(number, { kind: 'state', state: 'approved' })).toEqual([]);
    customer.owner = { kind: 'bot' };
    expect(text(customer.says('你好'))).toContain(intakeWording.caseStateLabels.approved);
    expect(text(customer.says('你好'))).not.toContain(intakeWording.caseStateLabels.approved);
  });
});

describe('a draft', () => {
  it('goes on in another browser where it was left, and nothing is asked twice', () => {
    const { desk, number } = withDraft();
    const second = new Customer({ desk });
    const replies = second.says(`继续办理 ${number}，手机尾号8000，${fields.filerName.example}`);
    expect(replies.at(-1)).toMatchObject({ kind: 'ask', field: 'creditCode' });
    expect(second.takeEffects()).toContainEqual(expect.objectContaining({ kind: 'saveCase', takeOver: true }));
  });

  it('that has moved is let go where it was begun', () => {
    const { first, number } = withDraft();
    expect(text(first.hearsOf(number, { kind: 'moved' }))).toContain(number);
    expect(first.session.form).toBeUndefined();
    expect(first.session.cases).not.toContain(number);
  });

  it('goes on in the same browser days later', () => {
    const { first } = withDraft();
    first.now += 5 * 86_400_000;
    expect(first.says('我的备案到哪了').at(-1)).toMatchObject({ kind: 'ask', field: 'creditCode' });
  });
});

describe('a question about a contact or a case', () => {
  it.each(['取消', '算了', '不办了'])('is given up at %s, and what comes later is no answer to it', (said) => {
    const customer = new Customer();
    customer.says('转人工');
    customer.says(intakeWording.callBackLabel);
    expect(text(customer.says(said))).toBe(wording.left);
    customer.says('13800138000');
    expect(customer.takeEffects()).not.toContainEqual(expect.objectContaining({ kind: 'requestCallBack' }));
  });

  it('about the kind of a document is given up too', () => {
    const { customer } = withCase();
    customer.sendsFiles(1);
    expect(text(customer.says('取消'))).toBe(wording.left);
    expect(customer.session.inquiry).toBeUndefined();
  });
});

describe('erasure', () => {
  it('takes the cases of the conversation with it', () => {
    const { customer, number } = withCase();
    customer.says('删除我的信息');
    expect(text(customer.says('确认删除'))).toMatch(/回执/);
    expect(customer.takeEffects()).toContainEqual({ kind: 'eraseCustomer', cases: [number], receipt: expect.any(String) });
    expect(customer.session.cases).toEqual([]);
    expect(JSON.stringify(customer.session)).not.toContain('138');
  });
});

describe('a rejection notice', () => {
  it('is decoded', () => {
    const replies = new Customer().says('您的备案申请已被退回，退回原因：主体负责人证件照片不清晰，请重新上传。');
    expect(replies).toMatchObject([{ kind: 'notice', provenance: expect.stringContaining('核对日期') }]);
  });

  it('that nobody knows goes to a person with its text', () => {
    const customer = new Customer();
    const notice = '尊敬的用户，您的备案申请已被退回。退回原因：代码X-778不符合第三联附页要求。';
    const replies = customer.says(notice);
    expect(text(replies)).toContain(wording.askContact);
    customer.says('13800138000');
    expect(customer.takeEffects()).toContainEqual({
      kind: 'requestCallBack',
      contact: '13800138000',
      about: 'unknown-notice',
      said: notice,
    });
  });
});
