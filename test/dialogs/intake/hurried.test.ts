import { describe, expect, it } from 'vitest';
import * as wording from '../../../dialogs/intake/wording.ts';
import type { Reply } from '../../../dialogs/reply.ts';
import type { FieldKey, Values } from '../../../knowledge/filing/form.ts';
import { answerTo } from '../../support/applicant.ts';
import { Customer } from '../../support/customer.ts';

// What hurried people say on a phone: sentences instead of values, second thoughts, questions and sighs.

const text = (replies: readonly Reply[]) => replies.map((reply) => reply.text).join('\n');

/** Somebody who has answered everything up to an item. */
function askedFor(field: FieldKey, answers: Values = {}, wish = '帮我办首次备案'): Customer {
  const customer = new Customer();
  for (let replies = customer.says(wish); customer.session.form?.asked !== field; )
    replies = customer.says(answerTo(replies.at(-1), customer, answers));
  return customer;
}

/** Somebody who is asked for the general consent. */
function askedForConsent(): Customer {
  const customer = new Customer();
  for (const words of ['帮我办首次备案', '网站', '某某云']) customer.says(words);
  return customer;
}

describe('which case it is', () => {
  it.each([
    ['公司搬家了地址变了', 'change'],
    ['网站要搬到别的云服务器', 'add-access'],
    ['网站不要用了', undefined],
  ])('%s is read', (said, type) => {
    const customer = new Customer();
    customer.says('帮我备案');
    expect(text(customer.says(said))).not.toContain(wording.settleFirst);
    expect(customer.session.form?.filingType).toBe(type);
  });

  it.each(['嗯 是新的', '之前没备过', '我们没有备案过', '还没备过案呢'])('%s is no earlier filing', (said) => {
    const customer = new Customer();
    customer.says('我想给公司网站备案');
    customer.says(said);
    expect(customer.session.form?.filingType).toBe('initial');
  });

  it.each(['不是我们的', '是别人的', '好像是朋友的'])('%s is a filing of others', (said) => {
    const customer = new Customer();
    for (const words of ['帮我备案', '不清楚', '有']) customer.says(words);
    customer.says(said);
    expect(customer.session.form).toBeUndefined();
  });

  it('帮我们公司的app备个案 is a wish', () => {
    const customer = new Customer();
    customer.says('帮我们公司的app备个案');
    expect(customer.session.form?.values.serviceKind).toBe('app');
  });

  it('who says that it is for an individual is not asked who files', () => {
    const customer = new Customer();
    customer.says('我个人网站要备案');
    expect(customer.session.form?.values).toMatchObject({ serviceKind: 'website', filerKind: 'individual' });
  });
});

describe('consent', () => {
  it('is asked for in full once, then in one sentence', () => {
    const customer = askedForConsent();
    expect(text(customer.says('啊啊啊'))).not.toContain('收集人');
    expect(text(customer.says('啊啊啊'))).toContain(wording.consentAgain('general'));
    expect(customer.says('可以').at(-1)).toMatchObject({ kind: 'ask', field: 'contactMobile' });
  });

  it.each(['为什么', '这个安全吗', '凭什么要我的信息'])('%s is told why', (said) => {
    expect(text(askedForConsent().says(said))).toContain(wording.whyConsent('general'));
  });

  it('同意 is heard also where an item without consent comes next', () => {
    const customer = new Customer();
    for (const words of ['帮我办首次备案', '网站', '联系手机：13800138000，邮箱：boss@example.com']) customer.says(words);
    expect(customer.says('同意').at(-1)).toMatchObject({ kind: 'ask', field: 'accessProvider' });
    expect(customer.session.form?.consent.general).toBe('given');
  });

  it.each(['不给', '不想填', '不在这里填'])('%s refuses certificate numbers', (said) => {
    const customer = askedFor('filerLeader.name');
    customer.says('王小明');
    expect(customer.says(said).at(-1)).toMatchObject({ kind: 'ask', field: 'filerLeader.validity' });
    expect(customer.says('改主体负责人证件号').at(-1)?.kind).toBe('consent');
    customer.says('联系手机：13800138000 身份证号：11010519491231002X');
    expect(JSON.stringify(customer.session)).not.toContain('11010519491231002X');
  });
});

describe('is not taken for an answer', () => {
  it.each<[FieldKey, string]>([
    ['accessProvider', '网站呗'],
    ['accessProvider', '同意'],
    ['accessProvider', '香港服务器'],
    ['filerName', '这个要填啥'],
    ['filerName', '算了不发了'],
    ['filerName', '我不知道'],
    ['filerName', '随便'],
    ['filerLeader.name', '不想填身份证'],
    ['filerLeader.name', '等下问一下老板'],
    ['onlineService.name', '不知道叫什么好'],
    ['onlineService.name', '还没想好'],
    ['onlineService.domainName', '还没买'],
    ['onlineService.domainName', '就是那个'],
  ])('%s: %s', (field, said) => {
    const customer = askedFor(field);
    customer.says(said);
    expect(customer.session.form?.values[field]).toBeUndefined();
  });
});

describe('sentences are taken for what they say', () => {
  it.each<[FieldKey, string, string]>([
    ['accessProvider', '服务器是阿里云的', '阿里云'],
    ['accessProvider', '就在腾讯云', '腾讯云'],
    ['contactMobile', '我姓王，电话一三八零零一三八零零零', '13800138000'],
    ['filerName', '我们公司叫杭州青禾信息技术有限公司', '杭州青禾信息技术有限公司'],
    ['filerAddress', '就在上面那个地址', '广东省示例市示例区青禾路1号2层201室'],
    ['filerAddress', '刚才那个', '广东省示例市示例区青禾路1号2层201室'],
    ['filerLeader.mobile', '手机跟刚才那个一样', '13800138000'],
    ['filerLeader.mobile', '刚才那个号', '13800138000'],
    ['onlineService.domainName', '域名就是 www.abc123.com 那个', 'abc123.com'],
    ['onlineService.name', '网站叫杭州青禾', '杭州青禾'],
    ['onlineService.name', '我爱读书小站', '我爱读书小站'],
    ['serviceLeader.isFilerLeader', '就是我', 'yes'],
    ['filerLeader.isLegalRepresentative', '法人就是我自己', 'yes'],
  ])('%s: %s', (field, said, value) => {
    const customer = askedFor(field);
    customer.says(said);
    expect(customer.session.form?.values[field]).toBe(value);
  });

  it('a surname is kept as the contact', () => {
    const customer = askedFor('contactMobile');
    customer.says('我姓王，电话13800138000');
    expect(customer.session.form?.values.contactName).toBe('王');
  });
});

describe('beside the answers', () => {
  it.each<[FieldKey, string, RegExp]>([
    ['filerLeader.idNumber', '身份证？在身上，等下', /找到了直接发/],
    ['filerLeader.idNumber', '等我去拿一下', /找到了直接发/],
    ['filerLeader.email', '应急电话有什么用', /打不通本人手机/],
    ['filerLeader.email', '为什么要填应急电话', /打不通本人手机/],
    ['filerLeader.email', '为什么要填这个', /审核结果/],
    ['filerLeader.emergencyMobile', '没有应急电话', /不能跳过/],
    ['filerLeader.emergencyMobile', '我没有别人的电话', /不能跳过/],
    ['filerLeader.emergencyMobile', '不想填', /不能跳过/],
    ['filerKind', '随便', /转人工/],
    ['filerKind', '我不知道', /转人工/],
    ['filerKind', '烦死了', /费心.*还有\d+项/],
    ['filerName', '这个要填啥', /例如/],
    ['serviceRemark', '帮我写一个', /例如/],
    ['serviceRemark', '查进度', /还差/],
    ['filerLeader.mobile', '不想弄了', /确定要取消吗/],
    ['filerLeader.mobile', '等会再弄', /存好/],
  ])('%s: %s', (field, said, heard) => {
    const customer = askedFor(field, field === 'filerKind' ? { filerName: '张三' } : {});
    const before = { ...customer.session.form?.values };
    expect(text(customer.says(said))).toMatch(heard);
    expect(customer.session.form?.values).toEqual(before);
  });

  it.each<[string, FieldKey, string, Values]>([
    ['after the name', 'creditCode', '不对，是个人', { filerKind: 'individual' }],
    ['after the name', 'creditCode', '改成个体户', { filerKind: 'individual-business' }],
    ['where the consent waits', 'filerLeader.name', '说错了，是app', { serviceKind: 'app' }],
    ['the latest number', 'filerLeader.emergencyMobile', '不对，是13900139001', { 'filerLeader.mobile': '13900139001' }],
  ])('second thoughts %s, at %s: %s', (_, field, said, values) => {
    const customer = askedFor(field);
    customer.says(said);
    expect(customer.session.form?.values).toMatchObject(values);
  });

  it('那换成阿里云 changes the provider while consent is asked for', () => {
    const customer = askedForConsent();
    expect(customer.says('那换成阿里云').at(-1)?.kind).toBe('consent');
    expect(customer.session.form?.values.accessProvider).toBe('阿里云');
  });

  it('an emergency number like the own one is refused, and changes nothing', () => {
    const customer = askedFor('filerLeader.emergencyMobile');
    const { 'filerLeader.mobile': mobile } = customer.session.form?.values ?? {};
    expect(customer.says('和手机一样')).toMatchObject([{ kind: 'refuse', problem: 'emergency-same-as-mobile' }]);
    expect(customer.session.form?.values['filerLeader.mobile']).toBe(mobile);
  });

  it.each<[FieldKey, string, FieldKey, string]>([
    ['registrantVerified', '老板的', 'registrant', 'legal-representative'],
    ['registrant', '我们网站是 http://shop.abc.com.cn/', 'onlineService.domainName', 'abc.com.cn'],
    ['filerName', '91350100M000100Y43', 'creditCode', '91350100M000100Y43'],
  ])('asked for %s, %s is taken for another item', (field, said, other, value) => {
    const customer = askedFor(field);
    customer.says(said);
    expect(customer.session.form?.values[other]).toBe(value);
    expect(customer.session.form?.values[field]).toBeUndefined();
  });

  it('a number of a filing is taken before it is asked for', () => {
    const customer = new Customer();
    for (const words of ['公司换法人了要改备案', '同意', '13800138000', '京ICP备20210338号']) customer.says(words);
    customer.says('法人换了，地址也变了');
    expect(customer.session.form?.values.filerNumber ?? customer.session.form?.asked).toBeDefined();
  });

  it('what is not done yet is no answer to another question of yes or no', () => {
    const customer = askedFor('serviceLeader.isFilerLeader');
    customer.says('服务码还没弄');
    expect(customer.session.form?.values['serviceLeader.isFilerLeader']).toBeUndefined();
  });
});

describe('files', () => {
  const kinds = (customer: Customer) => customer.session.form?.documents.map(({ kind }) => kind);

  it.each([
    ['营业执照', 'filer-certificate'],
    ['身份证正面', 'leader-id-front'],
    ['身份证反面', 'leader-id-back'],
    ['域名证书', 'domain-certificate'],
    ['不知道', 'other'],
    ['其他', 'other'],
  ])('%s says which document they are', (said, kind) => {
    const customer = askedFor('filerName');
    customer.sendsFiles(1);
    expect(customer.says(said).at(-1)).toMatchObject({ kind: 'ask', field: 'filerName' });
    expect(kinds(customer)).toEqual([kind]);
  });

  it('that come with their name are not asked about', () => {
    const customer = askedFor('filerName');
    expect(customer.sendsFiles(1, '营业执照').at(-1)).toMatchObject({ kind: 'ask', field: 'filerName' });
    expect(kinds(customer)).toEqual(['filer-certificate']);
  });

  it('that follow others before it was said what they are wait with them', () => {
    const customer = askedFor('filerName');
    customer.sendsFiles(1);
    customer.sendsFiles(2);
    customer.says('营业执照');
    expect(kinds(customer)).toHaveLength(3);
  });

  it('are kept when the answer to the form comes instead, and that is taken', () => {
    const customer = askedFor('filerName');
    customer.sendsFiles(1);
    expect(text(customer.says('示例市青禾信息技术有限公司'))).toContain(wording.filesAside);
    expect(kinds(customer)).toEqual(['other']);
    expect(customer.session.form?.values.filerName).toBe('示例市青禾信息技术有限公司');
  });

  it('are dropped when they were sent by mistake', () => {
    const customer = askedFor('filerName');
    customer.sendsFiles(1);
    expect(text(customer.says('算了不发了'))).toContain(wording.filesDropped);
    expect(kinds(customer)).toEqual([]);
    expect(customer.session.form?.asked).toBe('filerName');
  });
});

describe('the way on', () => {
  it('leads back to the form after a person was asked for', () => {
    const customer = askedFor('filerLeader.mobile');
    for (const said of ['转人工', '打电话给我', wording.callBackLabel])
      expect(
        customer
          .says(said)
          .at(-1)
          ?.choices.map(({ label }) => label),
      ).toContain(wording.continueLabel);
    expect(customer.says(wording.continueLabel).at(-1)).toMatchObject({ kind: 'ask', field: 'filerLeader.mobile' });
  });

  it.each(['不删', '算了', '取消', '先不删了'])('%s keeps everything, and the form goes on', (said) => {
    const customer = askedFor('filerLeader.mobile');
    customer.says('删除我的信息');
    expect(customer.says(said).at(-1)).toMatchObject({ kind: 'ask', field: 'filerLeader.mobile' });
  });

  it.each(['是的', '确定', '删吧'])('%s erases', (said) => {
    const customer = askedFor('filerLeader.mobile');
    customer.says('删除我的信息');
    customer.says(said);
    expect(customer.session.form).toBeUndefined();
    expect(customer.takeEffects()).toContainEqual(expect.objectContaining({ kind: 'eraseCustomer' }));
  });

  it('a rejection notice is decoded, whatever is asked', () => {
    const customer = askedFor('serviceRemark');
    const replies = customer.says('退回原因：域名持有者与主体不一致，请修改后重新提交。');
    expect(replies).toMatchObject([{ kind: 'notice' }, { kind: 'ask', field: 'serviceRemark' }]);
    expect(customer.session.form?.values.serviceRemark).toBeUndefined();
  });

  it('提交 before the end says what is missing, in a bubble', () => {
    const replies = askedFor('onlineService.name').says('确认提交');
    expect(text(replies)).toContain('还差');
    expect(text(replies).split('\n').length).toBeLessThan(8);
  });

  it('after the submission is short, and 查进度 tells the rest', () => {
    const customer = askedFor('serviceCode');
    let replies = customer.says('i-0a1b2c3d4e5f');
    replies = customer.says(answerTo(replies.at(-1), customer, {}));
    expect(replies).toMatchObject([{ kind: 'opened' }]);
    expect(
      text(replies)
        .split('\n')
        .filter((line) => line !== '').length,
    ).toBeLessThan(14);
    expect(text(customer.says(wording.progressLabel))).toContain('短信核验');
  });

  it('no example fills the screen', () => {
    const customer = askedFor('app.publicKey', { serviceKind: 'app' });
    expect(text(customer.says('12')).length).toBeLessThan(200);
    expect(text(customer.says('举个例子')).length).toBeLessThan(200);
  });
});

describe('changing', () => {
  it.each<[FieldKey, string, FieldKey, string]>([
    ['filerLeader.mobile', '改接入商 腾讯云', 'accessProvider', '腾讯云'],
    ['accessProvider', '改服务器商 华为云', 'accessProvider', '华为云'],
    ['registrant', '改域名abd.com', 'onlineService.domainName', 'abd.com'],
    ['filerLeader.mobile', '改回app', 'serviceKind', 'app'],
  ])('asked for %s: %s', (field, said, changed, value) => {
    const customer = askedFor(field);
    customer.says(said);
    expect(customer.session.form?.values[changed]).toBe(value);
  });

  it('an item under change in free text takes no words about changing', () => {
    const customer = askedFor('filerLeader.mobile');
    customer.says('改接入商');
    customer.says('改一下那个');
    expect(customer.session.form?.values.accessProvider).toBe('某某云');
    expect(customer.says('不改了').at(-1)).toMatchObject({ kind: 'ask', field: 'filerLeader.mobile' });
  });

  it('what was probably meant is taken with a yes', () => {
    const customer = askedFor('onlineService.domainName');
    expect(
      customer
        .says('abc.con')
        .at(-1)
        ?.choices.map(({ label }) => label),
    ).toEqual([wording.yesThat, wording.noAgain]);
    customer.says('是');
    expect(customer.session.form?.values['onlineService.domainName']).toBe('abc.com');
  });

  it('and asked for anew with a no', () => {
    const customer = askedFor('creditCode');
    customer.says('9135O100M000100Y43');
    expect(customer.says(wording.noAgain).at(-1)).toMatchObject({ kind: 'ask', field: 'creditCode' });
    expect(customer.says('91350100M000100Y43').at(-1)).toMatchObject({ kind: 'ask', field: 'filerDocumentAddress' });
  });

  it('a contact that is not left leads back to the form', () => {
    const customer = askedFor('accessProvider');
    for (const said of ['转人工', wording.callBackLabel]) customer.says(said);
    expect(customer.says('不用了').at(-1)).toMatchObject({ kind: 'ask', field: 'accessProvider' });
  });
});

describe('small things', () => {
  it.each<[FieldKey, string, RegExp]>([
    ['filerLeader.email', '今天天气不错', /邮箱/],
    ['filerLeader.email', '？', /例如/],
    ['filerLeader.mobile', '先不弄了，晚上再说', /存好/],
    ['filerLeader.mobile', '下班了明天再说', /存好/],
    ['filerLeader.mobile', '我回来了', /手机号/],
    ['filerLeader.validity', '2020年1月2号', /没有认出有效期/],
    ['filerDocumentAddress', '我身份证河南的 想在广东备', /没有认出地址/],
    ['filerLeader.mobile', '要多少钱', /代办服务费|收费/],
  ])('%s: %s', (field, said, heard) => {
    const customer = askedFor(field);
    const before = { ...customer.session.form?.values };
    expect(text(customer.says(said))).toMatch(heard);
    expect(customer.session.form?.values).toEqual(before);
  });

  it.each(['不取消', '算了', '不'])('%s to the question whether to cancel goes on', (said) => {
    const customer = askedFor('filerLeader.mobile');
    customer.says('取消');
    expect(customer.says(said).at(-1)).toMatchObject({ kind: 'ask', field: 'filerLeader.mobile' });
  });

  it('确定 to the question whether to cancel cancels', () => {
    const customer = askedFor('filerLeader.mobile');
    customer.says('不办了');
    customer.says('确定');
    expect(customer.session.form).toBeUndefined();
  });

  it('a name with numbers after it is taken whole', () => {
    const customer = askedFor('filerLeader.name');
    customer.says('王小明 13900139000 wang@qq.com');
    expect(customer.session.form?.values).toMatchObject({
      'filerLeader.name': '王小明',
      'filerLeader.mobile': '13900139000',
      'filerLeader.email': 'wang@qq.com',
    });
  });

  it('a number fits the question that waits, not an earlier one', () => {
    const customer = askedFor('serviceLeader.isFilerLeader');
    const { businessModel } = customer.session.form?.values ?? {};
    customer.says('2、3');
    expect(customer.session.form?.values.businessModel).toBe(businessModel);
  });
});
