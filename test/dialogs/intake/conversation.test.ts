import { describe, expect, it } from 'vitest';
import { fields } from '../../../dialogs/intake/fields.ts';
import * as wording from '../../../dialogs/intake/wording.ts';
import type { Reply } from '../../../dialogs/reply.ts';
import { answerTo, apply } from '../../support/applicant.ts';
import { Customer } from '../../support/customer.ts';

const labels = (replies: Reply[]) => replies.at(-1)?.choices.map(({ label }) => label);
const text = (replies: Reply[]) => replies.map((reply) => reply.text).join('\n');
const asks = (field: string) => [{ kind: 'ask', field }];

/** A company's first filing up to the first personal item, with the consent given. */
function agreed(): Customer {
  const customer = new Customer();
  for (const words of ['帮我办首次备案', '网站', '某某云', '同意']) customer.says(words);
  return customer;
}

/** The same with a contact and a name. */
function named(): Customer {
  const customer = agreed();
  customer.says('张女士 13800138000');
  return customer;
}

describe('a case begins', () => {
  it.each([
    ['帮我备案', undefined],
    ['我要首次备案', 'initial'],
    ['公司换法人了要改备案', 'change'],
    ['新增接入', 'add-access'],
    ['我想办ICP许可证', 'license'],
    ['帮我注销网站备案', 'cancel-service'],
    ['能帮我备案吗', undefined],
    ['代办备案', undefined],
    ['我们公司要新增一个网站备案', 'add-service'],
  ])('with %s', (said, type) => {
    const customer = new Customer();
    expect(customer.says(said).at(-1)?.kind).toMatch(/ask|consent/);
    expect(customer.session.form?.filingType).toBe(type);
  });

  it.each([
    '怎么备案',
    '备案要多久',
    '个人可以备案吗',
    '变更备案要什么材料',
    '注销备案有什么后果',
    '首次备案流程是什么',
    '许可证和备案有什么区别',
  ])('not with the question %s', (said) => {
    const customer = new Customer();
    customer.says(said);
    expect(customer.session.form).toBeUndefined();
  });

  it('with a decision of a few questions for those who do not know, and the reason told', () => {
    const customer = new Customer();
    customer.says('帮我备案');
    customer.says('不清楚');
    customer.says('有');
    customer.says('是我们的');
    customer.says('继续用');
    const replies = customer.says('换或加服务器商');
    expect(text(replies)).toContain('新增接入');
    expect(customer.session.form?.filingType).toBe('add-access');
  });

  it('in the middle of the decision one can go back', () => {
    const customer = new Customer();
    customer.says('帮我备案');
    customer.says('不清楚');
    expect(text(customer.says('上一步'))).toContain('要办哪件事');
  });

  it('tells a foreign filing on the domain to ask a person instead of opening a case', () => {
    const customer = new Customer();
    for (const words of ['帮我备案', '不清楚', '有', '是别人的']) customer.says(words);
    expect(customer.session.form).toBeUndefined();
  });
});

describe('consent', () => {
  it('comes before the first personal item, with purposes and how long things are kept', () => {
    const customer = new Customer();
    customer.says('帮我办首次备案');
    customer.says('网站');
    const replies = customer.says('某某云');
    expect(replies).toMatchObject([{ kind: 'consent' }]);
    expect(text(replies)).toMatch(/用来做什么[\s\S]*保存多久[\s\S]*365天/);
    expect(customer.session.form?.number).toBeUndefined();
  });

  it('gives the case its number', () => {
    const customer = agreed();
    expect(customer.session.form?.number).toMatch(/^BA-20261123-\d{7}$/);
    expect(customer.desk.cases.size).toBe(1);
  });

  it('that is refused ends the form and offers a call back', () => {
    const customer = new Customer();
    for (const words of ['帮我办首次备案', '网站', '某某云']) customer.says(words);
    expect(labels(customer.says('不同意'))).toEqual([wording.callBackLabel]);
    expect(customer.session.form).toBeUndefined();
    customer.says(wording.callBackLabel);
    expect(customer.says('微信 qingchuan88')).toMatchObject([{ kind: 'handoff', handoff: 'requested' }]);
    expect(customer.takeEffects()).toContainEqual(expect.objectContaining({ kind: 'requestCallBack', contact: '微信 qingchuan88' }));
  });

  it('is asked for separately for certificate numbers, and a case comes about without', () => {
    const customer = new Customer();
    const { number, asked } = apply(
      customer,
      '帮我办首次备案',
      { serviceKind: 'website', filerKind: 'enterprise' },
      { certificates: false },
    );
    expect(asked).not.toContain('filerLeader.idNumber');
    expect(customer.desk.cases.get(number)).toMatchObject({ state: 'ready', withheld: expect.arrayContaining(['filerLeader.idNumber']) });
  });

  it('is asked for before a pasted paragraph of personal data is taken', () => {
    const customer = new Customer();
    customer.says('帮我办首次备案');
    customer.says('网站');
    const replies = customer.says('联系手机：13800138000，主办单位名称：晴川（福建）科技有限公司');
    expect(replies.at(-1)?.kind).toBe('consent');
    expect(JSON.stringify(customer.session.form?.values)).not.toContain('13800138000');
  });
});

describe('while filling in', () => {
  it('a question in between is answered and the form goes on', () => {
    const customer = agreed();
    const replies = customer.says('备案审核要多长时间');
    expect(replies).toMatchObject([
      { kind: 'answer', topic: 'review-time' },
      { kind: 'ask', field: 'contactMobile' },
    ]);
    expect(text(customer.says('张女士 13800138000'))).toContain('138****8000');
  });

  it('every value is echoed masked', () => {
    const customer = agreed();
    expect(text(customer.says('１３８ ００１３ ８０００'))).toMatch(/138\*{4}8000/);
    expect(customer.session.form?.values.contactMobile).toBe('13800138000');
  });

  it('a wrong value is refused precisely, and the question stands', () => {
    const customer = agreed();
    expect(customer.says('1380013800')).toMatchObject([{ kind: 'refuse', field: 'contactMobile', problem: 'mobile-format' }]);
    expect(customer.session.form?.asked).toBe('contactMobile');
  });

  it('one goes back, and 继续 keeps what was there', () => {
    const customer = named();
    const back = customer.says('上一步');
    expect(back).toMatchObject(asks('contactMobile'));
    expect(text(back)).toContain('138****8000');
    expect(customer.says('继续')).toMatchObject(asks('filerName'));
    expect(customer.session.form?.values.contactMobile).toBe('13800138000');
  });

  it.each(['改联系手机', '改手机号', '我要改电话', '刚才的手机号填错了'])('%s asks for it again', (said) => {
    expect(named().says(said)).toMatchObject(asks('contactMobile'));
  });

  it.each(['改手机号 成 13900139000', '手机号改成13900139000', '把联系手机改成13900139000', '手机号应该是13900139000'])(
    '%s changes it at once',
    (said) => {
      const customer = named();
      const replies = customer.says(said);
      expect(customer.session.form?.values.contactMobile).toBe('13900139000');
      expect(replies.at(-1)).toMatchObject({ kind: 'ask', field: 'filerName' });
    },
  );

  it('an earlier value stands until the new one is accepted', () => {
    const customer = named();
    customer.says('改手机号');
    expect(customer.says('139')).toMatchObject([{ kind: 'refuse' }]);
    expect(customer.session.form?.values.contactMobile).toBe('13800138000');
  });

  it('为什么 is answered for the item that is asked', () => {
    expect(text(agreed().says('为什么要填这个'))).toContain(fields.contactMobile.why);
  });

  it.each(['例子', '110105194912310021', '随便写'])('a certificate number is shown in full not even as an example, after %s', (said) => {
    const customer = new Customer();
    let replies = customer.says('帮我办首次备案');
    while (customer.session.form?.asked !== 'filerLeader.idNumber') replies = customer.says(answerTo(replies.at(-1), customer, {}));
    expect(text(customer.says(said))).not.toMatch(/\d{17}[\dX]/);
  });

  it('an individual who gives the name of a company is shown what a name of a person looks like', () => {
    const customer = agreed();
    customer.says('主体类型改成个人');
    for (const words of ['个人', '张女士 13800138000']) customer.says(words);
    const refused = text(customer.says('晴川（福建）科技有限公司'));
    expect(customer.session.form?.values.filerKind).toBe('individual');
    expect(refused).toContain(fields.filerName.personalExample);
    expect(refused).not.toContain(fields.filerName.example);
  });

  it('还差什么 names what is open', () => {
    const replies = agreed().says('还差什么');
    expect(text(replies)).toContain(fields.contactMobile.label);
    expect(replies.at(-1)).toMatchObject({ kind: 'ask', field: 'contactMobile' });
  });

  it('what must be filled in cannot be skipped', () => {
    expect(text(agreed().says('跳过'))).toContain(wording.cannotSkip);
  });

  it('取消 is confirmed, and nothing is lost until then', () => {
    const customer = named();
    customer.says('取消');
    expect(customer.says('不取消，接着填')).toMatchObject(asks('filerName'));
    expect(customer.session.form?.values.contactMobile).toBe('13800138000');
    customer.says('取消');
    customer.says('确定取消');
    expect(customer.session.form).toBeUndefined();
    expect([...customer.desk.cases.values()]).toMatchObject([{ state: 'cancelled', values: {} }]);
  });

  it('重新开始 is confirmed, keeps the consent, and asks from the first question', () => {
    const customer = named();
    customer.says('重新开始');
    expect(customer.says('清空重填').at(-1)).toMatchObject({ kind: 'ask', field: 'serviceKind' });
    expect(customer.session.form?.values).toEqual({});
  });

  it('稍后再填 lets it rest, questions are answered as ever, and 继续 goes on', () => {
    const customer = named();
    customer.says('稍后再填');
    expect(customer.says('备案审核要多长时间')).toMatchObject([{ kind: 'answer' }]);
    expect(customer.says('继续')).toMatchObject(asks('filerName'));
  });

  it('取消 said while it rests asks whether it is to be given up, and does not go on with it', () => {
    const customer = named();
    customer.says('稍后再填');
    expect(labels(customer.says('取消'))).toEqual([wording.cancelLabel, wording.keepLabel]);
    customer.says(wording.cancelLabel);
    expect(customer.session.form).toBeUndefined();
  });

  it('a pasted paragraph of company data is taken apart', () => {
    const customer = agreed();
    const replies = customer.says(
      '公司名称：晴川（福建）科技有限公司\n统一社会信用代码：91350100M000100Y43\n住所：福建省福州市鼓楼区东街1号3层305室\n联系手机：13800138000',
    );
    expect(customer.session.form?.values).toMatchObject({
      filerName: '晴川（福建）科技有限公司',
      creditCode: '91350100M000100Y43',
      filerDocumentAddress: '福建省福州市鼓楼区东街1号3层305室',
      contactMobile: '13800138000',
    });
    expect(replies.at(-1)?.kind).toMatch(/ask|consent/);
  });

  it('a late reply to the question before is taken for what it is', () => {
    const customer = named();
    customer.says('晴川（福建）科技有限公司');
    customer.says('改联系手机');
    customer.says('13900139000');
    const asked = customer.session.form?.asked;
    customer.says('13700137000');
    expect(customer.session.form?.values.contactMobile).toBe('13700137000');
    expect(customer.session.form?.asked).toBe(asked);
  });

  it('a company is not taken for a command, and a command not for a company', () => {
    const customer = named();
    customer.says('找人工智能客服有限公司');
    expect(customer.session.form?.values.filerName).toBe('找人工智能客服有限公司');
    const other = named();
    expect(other.says('转人工')).toMatchObject([{ kind: 'handoff' }]);
    expect(other.session.form?.values.filerName).toBeUndefined();
  });

  it('a password or an SMS code is never taken', () => {
    const customer = named();
    expect(text(customer.says('密码是abc12345'))).toContain(wording.secretsUnwanted());
    expect(JSON.stringify(customer.session)).not.toContain('abc12345');
  });

  it('another case is not begun without asking', () => {
    const customer = agreed();
    expect(labels(customer.says('我要办变更备案'))).toEqual([wording.switchLabel, wording.staySameLabel]);
    expect(customer.says(wording.staySameLabel)).toMatchObject(asks('contactMobile'));
    customer.says('我要办变更备案');
    customer.says(wording.switchLabel);
    expect(customer.session.form?.filingType).toBe('change');
  });

  it('changing the kind of filer drops what no longer holds, and says so', () => {
    const customer = named();
    customer.says('晴川（福建）科技有限公司');
    const replies = customer.says('主体类型改成个人');
    expect(customer.session.form?.values.filerKind).toBe('individual');
    expect(text(replies)).toContain(fields.filerName.label);
    expect(customer.session.form?.values.filerName).toBeUndefined();
  });
});
