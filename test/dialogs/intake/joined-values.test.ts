import { describe, expect, it } from 'vitest';
import type { FieldKey, Values } from '../../../knowledge/filing/form.ts';
import { answerTo } from '../../support/applicant.ts';
import { Customer } from '../../support/customer.ts';

// Labels with their values behind them and nothing between: 网站名称青禾信息，域名qinghe.com.

const ready = new Map<FieldKey, Customer['session']>();

/** Somebody from a company who is asked for an item and has answered everything before it. */
function askedFor(field: FieldKey): Customer {
  const known = ready.get(field);
  if (known) return new Customer({ session: known });
  const customer = new Customer();
  for (let replies = customer.says('帮我办首次备案'); customer.session.form?.asked !== field; )
    replies = customer.says(answerTo(replies.at(-1), customer, { filerKind: 'enterprise' }));
  ready.set(field, customer.session);
  return customer;
}

const valuesOf = (customer: Customer): Values => customer.session.form?.values ?? {};

const site = 'onlineService.name';
const domain = 'onlineService.domainName';
const leader = 'filerLeader.name';
const legal = 'legalRepresentative.name';
const email = 'filerLeader.email';

describe('values that stand behind their labels', () => {
  it.each<[string, Values]>([
    ['网站名称青禾信息，域名qinghe.com', { [site]: '青禾信息', [domain]: 'qinghe.com' }],
    ['域名qinghe.com，网站名称青禾信息', { [site]: '青禾信息', [domain]: 'qinghe.com' }],
    ['网站名称青禾信息 域名qinghe.com', { [site]: '青禾信息', [domain]: 'qinghe.com' }],
    ['网站名青禾信息。域名qinghe.com。', { [site]: '青禾信息', [domain]: 'qinghe.com' }],
    ['网站名称《青禾信息》，网址www.qinghe.com', { [site]: '青禾信息', [domain]: 'qinghe.com' }],
    ['网站名称青禾信息\n域名qinghe.com', { [site]: '青禾信息', [domain]: 'qinghe.com' }],
    ['我们的网站名称青禾信息，我们的域名qinghe.com', { [site]: '青禾信息', [domain]: 'qinghe.com' }],
    ['公司名称青禾科技有限公司，网站名称青禾信息', { filerName: '青禾科技有限公司', [site]: '青禾信息' }],
    ['公司名称青禾科技有限公司法人张三', { filerName: '青禾科技有限公司', [legal]: '张三' }],
    ['公司名称青禾科技有限公司，税号91350100M000100Y43', { filerName: '青禾科技有限公司', creditCode: '91350100M000100Y43' }],
    [
      '单位名称青禾（福建）科技有限公司；信用代码91350100M000100Y43',
      { filerName: '青禾（福建）科技有限公司', creditCode: '91350100M000100Y43' },
    ],
    ['企业名称福州青禾面馆 法人李小明', { filerName: '福州青禾面馆', [legal]: '李小明' }],
    ['法人张三 手机13900139000 邮箱boss@example.com', { [legal]: '张三', [email]: 'boss@example.com' }],
    ['法人张三，邮箱boss@example.com', { [legal]: '张三', [email]: 'boss@example.com' }],
    ['法人张三手机13900139000邮箱boss@example.com', { [legal]: '张三', [email]: 'boss@example.com' }],
    ['法定代表人欧阳青禾，邮箱boss@example.com', { [legal]: '欧阳青禾', [email]: 'boss@example.com' }],
    ['负责人王小明，负责人邮箱boss@example.com', { [leader]: '王小明', [email]: 'boss@example.com' }],
    ['法人买买提·阿布都拉，邮箱boss@example.com', { [legal]: '买买提·阿布都拉', [email]: 'boss@example.com' }],
    [
      '公司名称青禾科技有限公司，住所福建省福州市鼓楼区示例路1号',
      { filerName: '青禾科技有限公司', filerDocumentAddress: '福建省福州市鼓楼区示例路1号' },
    ],
    [
      '注册地址福建省福州市鼓楼区示例路1号，通信地址福建省福州市台江区示例街2号',
      { filerDocumentAddress: '福建省福州市鼓楼区示例路1号', filerAddress: '福建省福州市台江区示例街2号' },
    ],
    [
      '信用代码91350100M000100Y43住所福建省福州市鼓楼区示例路1号',
      { creditCode: '91350100M000100Y43', filerDocumentAddress: '福建省福州市鼓楼区示例路1号' },
    ],
    [
      '我这边资料：公司名称青禾科技有限公司，法人张三，域名qinghe.com',
      { filerName: '青禾科技有限公司', [legal]: '张三', [domain]: 'qinghe.com' },
    ],
    ['1、公司名称青禾科技有限公司 2、法人张三', { filerName: '青禾科技有限公司', [legal]: '张三' }],
    ['公司名称：青禾科技有限公司，法人张三', { filerName: '青禾科技有限公司', [legal]: '张三' }],
    ['接入商青禾云，网站名称青禾信息', { accessProvider: '青禾云', [site]: '青禾信息' }],
    ['域名青禾.中国，网站名称青禾信息', { [domain]: '青禾.中国', [site]: '青禾信息' }],
    ['公司名称青禾科技有限公司 联系人张女士', { filerName: '青禾科技有限公司', contactName: '张女士' }],
    ['网站名称手机之家资讯，域名qinghe.com', { [site]: '手机之家资讯', [domain]: 'qinghe.com' }],
  ])('%s', (said, values) => {
    const customer = askedFor('filerName');
    customer.says(said);
    expect(valuesOf(customer)).toMatchObject(values);
  });
});

describe('what only begins like that fills nothing in', () => {
  it.each([
    '网站名称怎么起',
    '域名没有实名',
    '网站名称怎么起，域名怎么选',
    '网站名称和域名要一致吗',
    '网站名称不能和公司名称一样吗',
    '域名没有实名，网站名称还没想好',
    '网站名称写什么好，域名qinghe.com可以吗',
    '法人变更了怎么办，邮箱也换了',
    '法人换了，手机也换了',
    '法人没有手机，邮箱也没有',
    '法人不在国内，手机打不通',
    '法人方面没问题，域名方面也没问题',
    '公司名称变更了，域名没变',
    '公司名称有变化，法人也有变化',
    '公司名称太长了，网站名称也太长',
    '单位名称必须和执照一致吗，地址呢',
    '负责人应该填谁，手机填谁的',
    '负责人手机能否收短信，邮箱要不要填',
    '邮箱收不到邮件，手机收不到短信',
    '域名到期了，服务器也到期了',
    '域名实名认证过了，网站名称审核没过',
    '域名证书在哪下载，域名实名在哪看',
    '网站名称被驳回，域名备案被退回',
    '网站名称重复了，公司名称错了',
    '住所变了，地址也变了',
    '住所和地址不一样，法人和负责人不一样',
    '接入商不知道，域名不知道',
    '接入商要换，法人要换',
    '法人何时到场，负责人何时刷脸',
    '法人马上到，负责人马上到',
  ])('%s', (said) => {
    const customer = askedFor('filerName');
    const before = valuesOf(customer);
    customer.says(said);
    expect(valuesOf(customer)).toEqual(before);
  });

  it('nor does it cut a value with a label in its midst', () => {
    const customer = askedFor('filerName');
    customer.says('公司名称：青禾科技有限公司，住所：福建省福州市鼓楼区示例路1号，手机店旁边');
    expect(valuesOf(customer).filerDocumentAddress).toBe('福建省福州市鼓楼区示例路1号，手机店旁边');
  });
});
