import { describe, expect, it } from 'vitest';
import * as wording from '../../dialogs/case-wording.ts';
import { fields } from '../../dialogs/intake/fields.ts';
import * as intakeWording from '../../dialogs/intake/wording.ts';
import type { Reply } from '../../dialogs/reply.ts';
import type { CaseState, FilingCase } from '../../knowledge/filing/filing-case.ts';
import { apply } from '../support/applicant.ts';
import { Customer } from '../support/customer.ts';

const text = (replies: Reply[]) => replies.map((reply) => reply.text).join('\n');
const labels = (replies: Reply[]) => replies.at(-1)?.choices.map(({ label }) => label) ?? [];

/** A customer whose case is in a state. */
function withCase(state: CaseState = 'ready', answers = {}) {
  const customer = new Customer();
  const { number } = apply(customer, '帮我办首次备案', { filerKind: 'enterprise', ...answers });
  const filed = () => customer.desk.cases.get(number) as FilingCase;
  customer.desk.cases.set(number, { ...filed(), state });
  return { customer, number, filed };
}

describe('a submitted case that is still with the agency', () => {
  it.each([
    ['改一下联系手机', '13900139000', 'contactMobile', '13900139000'],
    ['案子里的域名写错了', 'qinghe.com', 'onlineService.domainName', 'qinghe.com'],
    ['我提交的网站名称填错了', '青禾信息资讯', 'onlineService.name', '青禾信息资讯'],
    ['能不能改一下主体负责人邮箱', 'new@example.com', 'filerLeader.email', 'new@example.com'],
    ['请帮我改一下通信地址，谢谢', '福建省福州市台江区示例街2号', 'filerAddress', '福建省福州市台江区示例街2号'],
    ['受理单里的前置审批填错了', '新闻', 'preApproval', 'news'],
  ] as const)('%s, then %s', (wish, said, field, value) => {
    const { customer, number, filed } = withCase();
    const from = filed().values[field];
    expect(text(customer.says(wish))).toContain(fields[field].label);
    expect(text(customer.says(said))).toContain(`已把受理单 ${number} 的${fields[field].label}`);
    expect(filed()).toMatchObject({ state: 'ready', values: { [field]: value } });
    expect(filed().changes).toEqual([{ kind: 'value', at: customer.now, field, from, to: value }]);
  });

  it.each(['把联系手机改成13900139000', '联系手机填错了，应该是13900139000', '改联系手机 13900139000'])('%s is done at once', (said) => {
    const { customer, filed } = withCase();
    expect(text(customer.says(said))).toContain('从 138****8000 改成 139****9000');
    expect(filed().values.contactMobile).toBe('13900139000');
  });

  it('asks which item, where a word means several', () => {
    const { customer, filed } = withCase();
    expect(labels(customer.says('改一下手机号'))).toEqual(expect.arrayContaining(['改联系手机', '改主体负责人手机']));
    customer.says('改联系手机');
    customer.says('13900139000');
    expect(filed().values.contactMobile).toBe('13900139000');
  });

  it('refuses a value as the form does, and asks again', () => {
    const { customer, filed } = withCase();
    customer.says('改一下联系手机');
    expect(text(customer.says('1390013'))).toContain('11位');
    expect(filed().changes).toBeUndefined();
    customer.says('13900139000');
    expect(filed().values.contactMobile).toBe('13900139000');
  });

  it('asks whether a mistyped address is meant', () => {
    const { customer, filed } = withCase();
    customer.says('改一下主体负责人邮箱');
    expect(labels(customer.says('boss@gmial.com'))).toEqual([intakeWording.yesThat, intakeWording.noAsTyped]);
    customer.says(intakeWording.yesThat);
    expect(filed().values['filerLeader.email']).toBe('boss@gmail.com');
  });

  it('can be left as it is', () => {
    const { customer, filed } = withCase();
    customer.says('改一下联系手机');
    expect(text(customer.says('取消'))).toBe(wording.left);
    customer.says('13900139000');
    expect(filed().changes).toBeUndefined();
  });

  it('answers a question in between', () => {
    const { customer, filed } = withCase();
    customer.says('改一下联系手机');
    expect(customer.says('备案审核要多长时间').at(-1)?.kind).toBe('answer');
    customer.says('13900139000');
    expect(filed().values.contactMobile).toBe('13900139000');
  });

  it('never says a certificate number in full, nor keeps a password', () => {
    const { customer, filed } = withCase();
    customer.says('改一下主体负责人证件号码');
    const said = text(customer.says('810000199408230021'));
    expect(said).not.toContain('810000199408230021');
    expect(JSON.stringify(customer.session)).not.toContain('810000199408230021');
    customer.says('改一下网站名称');
    expect(text(customer.says('密码是Qinghe#2026'))).toBe(intakeWording.secretsUnwanted());
    expect(JSON.stringify(filed())).not.toContain('Qinghe#2026');
  });

  it('leaves to staff what other answers hang on', () => {
    const { customer, number, filed } = withCase();
    customer.says('案子里的主体类型填错了');
    expect(text(customer.says('个人'))).toBe(wording.leftToStaff(number, 'ready'));
    expect(filed().values.filerKind).toBe('enterprise');
    expect(filed().changes).toEqual([{ kind: 'note', at: customer.now, field: 'filerKind', said: '个人' }]);
  });
});

describe('a case that was passed on', () => {
  it.each(['submitted', 'provider-review', 'sms-pending', 'administration-review', 'approved'] as const)(
    'is not changed while it is %s: staff are told, and the customer what happens',
    (state) => {
      const { customer, number, filed } = withCase(state);
      const before = filed().values;
      expect(text(customer.says('把联系手机改成13900139000'))).toBe(wording.leftToStaff(number, state));
      expect(filed()).toMatchObject({ state, values: before });
      expect(filed().changes).toEqual([{ kind: 'note', at: customer.now, field: 'contactMobile', said: '把联系手机改成13900139000' }]);
    },
  );

  it('is changed by a filing of its own when it has passed', () => {
    const { customer } = withCase('approved');
    expect(labels(customer.says('改一下域名'))).toEqual([intakeWording.changeFilingLabel]);
    customer.says(intakeWording.changeFilingLabel);
    expect(customer.session.form?.filingType).toBe('change');
  });

  it('and was given up stays as it is', () => {
    const { customer, number, filed } = withCase('cancelled');
    expect(text(customer.says('改一下域名'))).toBe(wording.amendEnded(number));
    expect(filed().changes).toBeUndefined();
  });

  it('while the new value was being thought of, is left to staff', () => {
    const { customer, number, filed } = withCase();
    customer.says('改一下联系手机');
    customer.desk.cases.set(number, { ...filed(), state: 'submitted' });
    expect(text(customer.says('13900139000'))).toBe(wording.leftToStaff(number, 'submitted'));
  });
});

describe('which case it is', () => {
  it('has to be proved elsewhere, and is told to whoever held it', () => {
    const { customer, number, filed } = withCase();
    const elsewhere = new Customer({ desk: customer.desk });
    for (const words of ['我提交的域名写错了', number, '8000', fields.filerName.example ?? '']) elsewhere.says(words);
    expect(elsewhere.takeEffects()).toMatchObject([{ kind: 'saveCase', takeOver: true }]);
    elsewhere.says('qinghe.com');
    expect(filed().values['onlineService.domainName']).toBe('qinghe.com');
  });

  it('is not told by a wrong proof', () => {
    const { customer, number, filed } = withCase();
    const stranger = new Customer({ desk: customer.desk });
    for (const words of ['我提交的域名写错了', number, '1234']) stranger.says(words);
    expect(text(stranger.says('别的公司'))).toBe(wording.notProved);
    expect(filed().changes).toBeUndefined();
  });

  it('is asked where there are several', () => {
    const { customer, number, filed } = withCase();
    apply(customer, '帮我办首次备案', { filerKind: 'enterprise' });
    expect(labels(customer.says('改一下网站域名'))).toContain(number);
    customer.says(number);
    customer.says('qinghe.com');
    expect(filed().values['onlineService.domainName']).toBe('qinghe.com');
  });
});

describe('what is no change of a submitted case', () => {
  it.each([
    '备案后怎么改域名',
    '公司换法人了要改备案',
    '域名改了要重新备案吗',
    '密码错了',
    '我要办变更备案',
    '网站名称怎么改',
    '法人变更了备案要改吗',
    '改天再说',
  ])('%s', (said) => {
    const { customer, filed } = withCase();
    customer.says(said);
    expect(customer.session.inquiry).toBeUndefined();
    expect(filed().changes).toBeUndefined();
  });

  it('改一下手机号, of somebody who has submitted nothing', () => {
    const customer = new Customer();
    customer.says('改一下手机号');
    expect(customer.session.inquiry).toBeUndefined();
  });
});
