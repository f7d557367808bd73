import { describe, expect, it } from 'vitest';
import { explainProblem, explainRemark, problemCode } from '../../../dialogs/intake/explain.ts';
import { type Field, optionsOf, questionOf, type Read } from '../../../dialogs/intake/field.ts';
import { fields } from '../../../dialogs/intake/fields.ts';
import type { Problem, Remark } from '../../../dialogs/intake/problems.ts';
import { maskAddress, shown } from '../../../dialogs/intake/show.ts';
import { type FieldKey, fieldKeys, type Values } from '../../../knowledge/filing/form.ts';
import { filerKinds } from '../../../knowledge/filing/kinds.ts';

/** A Friday. */
const today = '2026-11-27';
const read = (key: FieldKey, typed: string, values: Values = {}) => fields[key].read(typed, { values, today });

function taken(key: FieldKey, typed: string, values: Values = {}): Read {
  const reading = read(key, typed, values);
  if (!reading.ok) throw new Error(`${key} refuses ${typed}: ${reading.problem.code}`);
  return reading.value;
}

function refusal(key: FieldKey, typed: string, values: Values = {}): string {
  const reading = read(key, typed, values);
  return reading.ok ? `taken: ${reading.value.value}` : reading.problem.code;
}

const remarksOn = (key: FieldKey, typed: string, values: Values = {}) => (taken(key, typed, values).remarks ?? []).map(({ code }) => code);

/** The kinds of filer that a field's options differ by. */
const contexts: Values[] = [{}, { filerKind: 'individual' }, { filerKind: 'enterprise' }, { licenseTask: 'new' }, { serviceKind: 'app' }];
const offering = fieldKeys.filter((key) => optionsOf(fields[key], {}).length > 0);

describe('every field', () => {
  it.each(fieldKeys)('%s is asked for, explained and has an example that it accepts', (key) => {
    const field = fields[key];
    for (const values of contexts) expect(questionOf(field, values)).toMatch(/[？。]$/u);
    expect(field.why).toMatch(/。$/u);
    expect(field.label).not.toBe('');
    const { value } = taken(key, field.example ?? '');
    // What was taken is taken again: answers are read once more when one that they depend on changes.
    expect(taken(key, value).value).toBe(value);
  });

  it.each(offering)('%s is answered by the label, the number and each word of an option', (key) => {
    for (const values of contexts) {
      const options = optionsOf(fields[key], values);
      for (const [at, option] of options.entries()) {
        const said = [option.value, option.label, String(at + 1), `第${at + 1}个`, `${at + 1}.`, ...(option.words ?? [])];
        for (const typed of said) expect([typed, taken(key, typed, values).value]).toEqual([typed, option.value]);
      }
    }
  });

  it('has a label of its own, and options that are told apart by theirs', () => {
    const labels = fieldKeys.map((key) => fields[key].label);
    expect(new Set(labels).size).toBe(labels.length);
    for (const key of offering) {
      const own = optionsOf(fields[key], {}).map(({ label }) => label);
      expect(new Set(own).size).toBe(own.length);
    }
  });

  it('keeps no password and no code', () => {
    for (const key of fieldKeys) {
      expect([key, refusal(key, '密码是abc12345')]).toEqual([key, 'secret-not-wanted']);
      expect([key, refusal(key, '验证码：482913')]).toEqual([key, 'secret-not-wanted']);
    }
    expect(refusal('lostAccess', '备案密码忘了')).toBe('taken: filing-password');
  });
});

describe('choices', () => {
  const saying: [FieldKey, string, string][] = [
    ['filerKind', '我们是公司', 'enterprise'],
    ['filerKind', '个体户，有执照', 'individual-business'],
    ['filerKind', '以个人名义', 'individual'],
    ['serviceKind', '一个网站', 'website'],
    ['registrantVerified', '是的呀', 'yes'],
    ['registrantVerified', '还没有实名', 'no'],
    ['orderPending', '没有', 'no'],
    ['canLogIn', '不能登录', 'no'],
    ['filerUnchanged', '没有', 'yes'],
    ['filerUnchanged', '法人变了', 'no'],
    ['registrantVerified', '已实名，超过三天', 'yes'],
    ['licenseTask', '办ICP证', 'new'],
    ['serviceLeader.isFilerLeader', '不是同一个人', 'no'],
    ['preApproval', '都不涉及', 'none'],
    ['preApproval', '新闻、游戏', 'news,games'],
    ['preApproval', '1', 'none'],
    ['preApproval', '2、4', 'news,games'],
    ['preApproval', '有药品还有医疗', 'drugs,medical'],
    ['app.platforms', '安卓和苹果', 'android,ios'],
    ['app.platforms', '安卓、iOS、鸿蒙', 'android,ios,harmony'],
    ['app.platforms', '13', 'android,harmony'],
    ['businessModel', '付费会员', 'paid-content'],
    ['changeItems', '法人和地址', 'address,legal-representative'],
    ['contentCategories', '商城、公司官网', 'portal,e-commerce'],
  ];
  it.each(saying)('%s: %s is %s', (key, typed, value) => {
    expect(taken(key, typed).value).toBe(value);
  });

  const refusing: [FieldKey, string, string][] = [
    ['filerKind', '不知道呢', 'choice-unknown'],
    ['serviceKind', '99', 'choice-unknown'],
    ['serviceKind', '网站和App都要', 'choice-several'],
    ['preApproval', '新闻、房产', 'choice-unknown'],
    ['preApproval', '不涉及、新闻', 'choice-exclusive'],
    ['contentCategories', '1、2、3、4、5、6', 'choice-too-many'],
    ['changeItems', '换域名', 'change-not-possible'],
    ['changeItems', '要跨省', 'change-not-possible'],
    ['irrevocable', '我再想想', 'not-confirmed'],
    ['irrevocable', '不确认', 'not-confirmed'],
  ];
  it.each(refusing)('%s: %s is refused as %s', (key, typed, code) => {
    expect(refusal(key, typed)).toBe(code);
  });
});

describe('one answer says more', () => {
  it('a contact message names the contact', () => {
    expect(taken('contactMobile', '张三 138 0013 8000')).toMatchObject({ value: '13800138000', also: { contactName: '张三' } });
    expect(taken('contactMobile', '联系人：李女士，电话：１３８００１３８０００').also).toEqual({ contactName: '李女士' });
    expect(taken('contactMobile', '王先生13800138000 微信同号').also).toEqual({ contactName: '王先生' });
    expect(taken('contactMobile', '13800138000').also).toBeUndefined();
    expect(taken('contactMobile', '我的手机是13800138000').also).toBeUndefined();
  });

  it('the name of a company says what kind of filer it is', () => {
    expect(taken('filerName', '示例市青禾信息技术有限公司')).toEqual({
      value: '示例市青禾信息技术有限公司',
      also: { filerKind: 'enterprise' },
    });
    expect(taken('filerName', '张三').also).toBeUndefined();
    expect(taken('filerName', '示例市青禾便利店').also).toBeUndefined();
  });

  it('an individual is the leader', () => {
    expect(taken('filerName', '张三', { filerKind: 'individual' }).also).toEqual({ 'filerLeader.name': '张三' });
    expect(taken('filerKind', '个人', { filerName: '张三' }).also).toEqual({ 'filerLeader.name': '张三' });
  });

  it('a seat says the province, but an individual may file elsewhere', () => {
    const address = '广东省深圳市南山区青禾路1号2层201室';
    expect(taken('filerDocumentAddress', address, { filerKind: 'enterprise' }).also).toEqual({ filerProvince: '44' });
    expect(taken('filerDocumentAddress', address, { filerKind: 'individual' }).also).toBeUndefined();
    expect(taken('filerAddress', '和证件住所一样', { filerDocumentAddress: address }).value).toBe(address);
  });

  it('a number of a service holds the one of its filer', () => {
    expect(taken('serviceNumber', '沪ICP备20210338号-2A')).toMatchObject({
      value: '沪ICP备20210338号-2A',
      also: { filerNumber: '沪ICP备20210338号', filerProvince: '31', serviceKind: 'app' },
    });
    expect(taken('filerNumber', '沪ICP备20210338号-2')).toMatchObject({
      value: '沪ICP备20210338号',
      also: { serviceNumber: '沪ICP备20210338号-2', filerProvince: '31' },
    });
    expect(refusal('serviceNumber', '沪ICP备20210338号')).toBe('filing-number-no-service');
  });

  it('an emergency number in the same message is taken with it', () => {
    expect(taken('filerLeader.mobile', '13900139000，应急 13700137000').also).toEqual({ 'filerLeader.emergencyMobile': '13700137000' });
    expect(refusal('filerLeader.mobile', '13900139000、13700137000')).toBe('several-values');
    expect(taken('filerLeader.mobile', '和联系手机一样', { contactMobile: '13800138000' }).value).toBe('13800138000');
    expect(taken('filerLeader.mobile', '同联系手机', { contactMobile: '13800138000' }).value).toBe('13800138000');
  });

  it('a credit code speaks for a kind of filer', () => {
    expect(taken('creditCode', '91350100M000100Y43').also).toEqual({ filerKind: 'enterprise' });
    expect(remarksOn('creditCode', '92110101MA0000007P', { filerKind: 'enterprise' })).toEqual(['credit-code-kind']);
    expect(remarksOn('filerKind', '企业', { creditCode: '92110101MA0000007P' })).toEqual(['credit-code-kind']);
    expect(remarksOn('creditCode', '51110000MA0000007B', { filerKind: 'foundation' })).toEqual([]);
    expect(remarksOn('creditCode', '92110101MA0000007P', { licenseTask: 'new' })).toEqual(['license-needs-company']);
  });
});

describe('what does not go together is refused', () => {
  const two: Values = { 'serviceLeader.isFilerLeader': 'no', filerKind: 'enterprise' };
  const cases: [FieldKey, string, Values, string][] = [
    ['filerLeader.emergencyMobile', '13900139000', { 'filerLeader.mobile': '13900139000' }, 'emergency-same-as-mobile'],
    ['filerLeader.emergencyMobile', '一样', { 'filerLeader.mobile': '13900139000' }, 'emergency-same-as-mobile'],
    ['filerLeader.mobile', '13900139000', { 'filerLeader.emergencyMobile': '13900139000' }, 'emergency-same-as-mobile'],
    ['serviceLeader.mobile', '13900139000', { ...two, 'filerLeader.mobile': '13900139000' }, 'leaders-share-mobile'],
    ['serviceLeader.mobile', '13900139000', { 'filerLeader.mobile': '13900139000' }, 'taken: 13900139000'],
    ['serviceLeader.emergencyMobile', '13700137000', { ...two, 'filerLeader.emergencyMobile': '13700137000' }, 'leaders-share-emergency'],
    ['serviceLeader.email', 'a@example.com', { ...two, 'filerLeader.email': 'a@example.com' }, 'leaders-share-email'],
    ['serviceLeader.idNumber', '11010519491231002X', { ...two, 'filerLeader.idNumber': '11010519491231002X' }, 'leaders-same'],
    ['legalRepresentative.name', '张三', { 'filerLeader.name': '张三' }, 'legal-representative-same'],
    ['legalRepresentative.idNumber', '11010519491231002X', { 'filerLeader.idNumber': '11010519491231002X' }, 'legal-representative-same'],
    ['filerLeader.idNumber', '110105194912310021', {}, 'id-number-check-digit'],
    ['filerProvince', '香港', {}, 'province-outside'],
    ['filerProvince', '火星', {}, 'province-unknown'],
    ['currentLicense', '京ICP备20210338号', {}, 'license-number-is-filing'],
    ['filerNumber', '没有', {}, 'filing-number-format'],
    ['filerNumber', '没有', { licenseTask: 'new' }, 'taken: none'],
    ['filerNumber', '不知道', { lostAccess: 'leader-mobile' }, 'taken: unsure'],
    ['serviceRemark', '学习用', {}, 'text-too-short'],
    ['onlineService.domainName', '没有', { serviceKind: 'app' }, 'taken: none'],
    ['onlineService.domainName', 'https://api.example.com/x', { serviceKind: 'app' }, 'taken: api.example.com'],
    ['onlineService.domainName', '没有', { serviceKind: 'website' }, 'domain-needed'],
    ['accessProvider', '香港服务器', {}, 'server-overseas'],
    ['accessProvider', '网站', {}, 'provider-unclear'],
    ['ips', '192.168.1.1', {}, 'ip-not-public'],
  ];
  it.each(cases)('%s: %s with %j is %s', (key, typed, values, outcome) => {
    expect(refusal(key, typed, values)).toBe(outcome);
  });

  it('people who are too young for the province', () => {
    // Born 2011-03-01 and 2009-03-01: 15 and 17 on the day.
    const fifteen = '110105201103010014';
    const seventeen = '110105200903010012';
    const individual: Values = { filerKind: 'individual' };
    expect(refusal('filerLeader.idNumber', withCheckDigit(fifteen), { ...individual, filerProvince: '44' })).toBe('leader-underage');
    expect(refusal('filerLeader.idNumber', withCheckDigit(seventeen), { ...individual, filerProvince: '11' })).toBe('leader-underage');
    expect(remarksOn('filerLeader.idNumber', withCheckDigit(seventeen), { ...individual, filerProvince: '32' })).toContain('leader-young');
    expect(refusal('filerLeader.idNumber', withCheckDigit(seventeen), { filerKind: 'enterprise' })).toBe('leader-underage');
  });
});

function withCheckDigit(number: string): string {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, at) => total + weight * Number(number.charAt(at)), 0);
  return number.slice(0, 17) + '10X98765432'.charAt(sum % 11);
}

describe('remarks', () => {
  const beijing = '11010519491231002X';
  const cases: [FieldKey, string, Values, string[]][] = [
    ['filerProvince', '河南', { filerKind: 'individual', 'filerLeader.idNumber': beijing }, ['certificate-province']],
    ['filerProvince', '天津', { filerKind: 'individual', 'filerLeader.idNumber': beijing }, []],
    ['filerProvince', '河南', { filerKind: 'enterprise', 'filerLeader.idNumber': beijing }, []],
    ['filerProvince', '深圳', { filerKind: 'enterprise', filerDocumentAddress: '江西省南昌市青禾路1号201室' }, ['address-province']],
    ['filerProvince', '44', { filerNumber: '沪ICP备20210338号' }, ['filing-number-province']],
    ['filerLeader.idNumber', beijing, { filerKind: 'individual', filerProvince: '41' }, ['certificate-province']],
    ['filerLeader.mobile', '17012345678', {}, ['mobile-virtual-operator']],
    ['filerLeader.validity', '2020.1.2-2026.12.31', {}, ['document-expiring']],
    ['filerLeader.validity', '2020.1.2至长期', { 'filerLeader.idNumber': withCheckDigit('110105199003010000') }, ['long-term-too-young']],
    ['filerLeader.isLegalRepresentative', '不是', { filerProvince: '33' }, ['leader-not-legal-representative']],
    ['filerKind', '部队', {}, ['needs-person']],
    ['serviceKind', '小程序', {}, ['needs-person']],
    ['accessProvider', '还没有', {}, ['no-server']],
    ['accessProvider', '没有', { filerNumber: '沪ICP备20210338号' }, ['filing-without-provider']],
    ['accessProvider', '没有', { filerNumber: '沪ICP备20210338号', registrant: 'filer' }, ['no-server']],
    ['accessProvider', '域名在某某网买的', {}, ['registrar-not-provider']],
    ['onlineService.domainName', 'www.example.com', {}, []],
    ['onlineService.domainName', 'shop.example.com', {}, ['domain-subdomain']],
    ['registrant', '法人', {}, ['registrant-not-filer']],
    ['registeredCapital', '50万', {}, ['capital-too-low']],
    ['registeredCapital', '500万', { provincesCovered: 'all' }, ['capital-too-low']],
    ['provincesCovered', '全国', { registeredCapital: '500' }, ['capital-too-low']],
    ['contentCategories', '其他', { filerKind: 'individual', filerProvince: '23' }, ['category-province']],
    ['serviceRemark', '记录我的摄影练习和旅行见闻，也介绍公司产品的报价。', { filerKind: 'individual' }, ['remark-sounds-commercial']],
    ['serviceRemark', '记录本人摄影练习和旅行见闻，只放照片和随笔，不提供产品交易。', { filerKind: 'individual' }, []],
    ['app.certificateMd5', '稍后提供', {}, ['developer-provides']],
  ];
  it.each(cases)('%s: %s with %j says %j', (key, typed, values, codes) => {
    expect(remarksOn(key, typed, values)).toEqual(codes);
  });

  it('a slip in an address is asked about', () => {
    expect(taken('filerLeader.email', 'zhang@gmial.com')).toEqual({ value: 'zhang@gmial.com', suggestion: 'zhang@gmail.com' });
  });
});

describe('values as they are shown', () => {
  const cases: [FieldKey, string, Values, string][] = [
    ['filerLeader.name', '张三丰', {}, '张**'],
    ['filerName', '张三', { filerKind: 'individual' }, '张**'],
    ['filerName', '示例市青禾信息技术有限公司', { filerKind: 'enterprise' }, '示例市青禾信息技术有限公司'],
    ['filerLeader.idNumber', '11010519491231002X', {}, '110***********002X'],
    ['legalRepresentative.idNumber', 'H12345678', {}, '*******78'],
    ['contactMobile', '13800138000', {}, '138****8000'],
    ['filerLeader.email', 'zhang@example.com', {}, 'z***@example.com'],
    ['filerAddress', '广东省深圳市南山区青禾路1号2层201室', {}, '广东省深圳市南山区***'],
    ['creditCode', '91350100M000100Y43', {}, '91350100M000100Y43'],
    ['onlineService.domainName', 'example.com', {}, 'example.com'],
    ['filerKind', 'individual-business', {}, '个体工商户'],
    ['filerProvince', '44', {}, '广东省'],
    ['preApproval', 'news,games', {}, '新闻、游戏'],
    ['registrant', 'legal-representative', { filerKind: 'individual' }, '法定代表人'],
    ['filerLeader.validity', '2020-01-02/long', {}, '2020-01-02 至 长期'],
    ['serviceLeader.validity', '/2030-01-02', {}, '至2030-01-02'],
    ['provincesCovered', '44,35', {}, '广东、福建'],
    ['ips', '47.96.12.34,47.96.12.35', {}, '47.96.12.34、47.96.12.35'],
    ['newValue', '新负责人13800138000，证件11010519491231002X', {}, '新负责人***，证件110***********002X'],
    ['serviceCode', 'none', {}, '还没有'],
  ];
  it.each(cases)('%s: %s with %j is %s', (key, value, values, text) => {
    expect(shown(key, { ...values, [key]: value })).toBe(text);
  });

  it('a certificate number that was typed for something else is covered all the same', () => {
    expect(shown('miniProgram.appId', { 'miniProgram.appId': '830000199201300022' })).not.toContain('830000199201300022');
    expect(shown('accessProvider', { accessProvider: '11010519491231002X' })).not.toContain('11010519491231002X');
    expect(shown('creditCode', { creditCode: '911101010000000012' })).toBe('911101010000000012');
  });

  it('an address shows no house', () => {
    expect(maskAddress('内蒙古自治区呼和浩特市新城区海拉尔东街1号')).toBe('内蒙古自治区呼和浩特市新城区***');
    expect(maskAddress('北京市海淀区中关村大街27号')).toBe('北京市海淀区***');
    expect(maskAddress('青禾路1号2层201室')).toBe('已填（不显示）');
  });

  it('every personal value is masked', () => {
    for (const key of fieldKeys.filter((each) => fields[each].privacy === 'certificate' || fields[each].privacy === 'personal')) {
      if (key.endsWith('.validity')) continue;
      const { value } = taken(key, fields[key].example ?? '');
      expect([key, shown(key, { filerKind: 'individual', [key]: value })]).not.toEqual([key, value]);
    }
  });
});

// One of each code: the type asks for a sample of a code that is new.
const problems: { [Code in Problem['code']]: Extract<Problem, { code: Code }> } = {
  'address-form': { code: 'address-form' },
  'address-other-item': { code: 'address-other-item' },
  'address-too-long': { code: 'address-too-long', length: 120, most: 100 },
  'address-too-short': { code: 'address-too-short', length: 3, least: 8 },
  'amount-format': { code: 'amount-format' },
  'app-id-format': { code: 'app-id-format' },
  'app-md5-format': { code: 'app-md5-format', length: 40, looksLike: 'sha1' },
  'app-package-format': { code: 'app-package-format', because: 'part-start', character: '1', position: 5 },
  'app-public-key': { code: 'app-public-key', length: 12 },
  'app-sha1-format': { code: 'app-sha1-format', length: 40, character: 'G', position: 3 },
  'change-not-possible': { code: 'change-not-possible', what: 'domain' },
  'choice-exclusive': { code: 'choice-exclusive', label: '以上都不涉及' },
  'choice-several': { code: 'choice-several', labels: ['网站', 'App'] },
  'choice-too-many': { code: 'choice-too-many', most: 5, picked: 6 },
  'choice-unknown': { code: 'choice-unknown', labels: ['是', '不是'] },
  'count-format': { code: 'count-format' },
  'credit-code-chars': { code: 'credit-code-chars', characters: 'O', position: 5, suggestion: '91350100M000100Y43' },
  'credit-code-check-digit': { code: 'credit-code-check-digit', organisationPasses: true },
  'credit-code-length': { code: 'credit-code-length', length: 15, old: 'registration-number' },
  'credit-code-region': { code: 'credit-code-region', typed: '35A100', character: 'A', position: 5 },
  'date-unknown': { code: 'date-unknown' },
  'document-expired': { code: 'document-expired', on: '2025-01-01' },
  'domain-format': { code: 'domain-format', typed: 'example', because: 'label' },
  'domain-is-ip': { code: 'domain-is-ip', typed: '47.96.12.34' },
  'domain-multiple': { code: 'domain-multiple', domains: ['example.com', 'example.cn'] },
  'domain-needed': { code: 'domain-needed', filed: false },
  'email-format': { code: 'email-format', because: 'no-at' },
  'emergency-same-as-mobile': { code: 'emergency-same-as-mobile' },
  'filing-number-digits': { code: 'filing-number-digits', digits: 7, letters: 'O' },
  'filing-number-format': { code: 'filing-number-format' },
  'filing-number-is-license': { code: 'filing-number-is-license', license: '京ICP证030173号' },
  'filing-number-is-other': { code: 'filing-number-is-other', certificate: 'culture' },
  'filing-number-is-public-security': { code: 'filing-number-is-public-security', number: '京公网安备11010502030143号' },
  'filing-number-no-province': { code: 'filing-number-no-province', serial: '20210338' },
  'filing-number-no-service': { code: 'filing-number-no-service', number: '京ICP备20210338号' },
  'filing-number-several': { code: 'filing-number-several', numbers: ['京ICP备20210338号', '京ICP备20210339号'] },
  'id-number-birthday': { code: 'id-number-birthday', typed: '1949-02-31' },
  'id-number-chars': { code: 'id-number-chars', character: 'A', position: 3 },
  'id-number-check-digit': { code: 'id-number-check-digit' },
  'id-number-length': { code: 'id-number-length', length: 17 },
  'id-number-other-document': { code: 'id-number-other-document' },
  'id-number-region': { code: 'id-number-region', typed: '16' },
  'ip-format': { code: 'ip-format', typed: '47.96.300.1', part: '300' },
  'ip-not-public': { code: 'ip-not-public', typed: '192.168.1.1' },
  'ip-range': { code: 'ip-range', typed: '47.96.12.34-12' },
  'leader-underage': { code: 'leader-underage', age: 15, least: 16, province: '44' },
  'leaders-same': { code: 'leaders-same' },
  'leaders-share-email': { code: 'leaders-share-email' },
  'leaders-share-emergency': { code: 'leaders-share-emergency' },
  'leaders-share-mobile': { code: 'leaders-share-mobile' },
  'legal-representative-same': { code: 'legal-representative-same' },
  'license-number-is-filing': { code: 'license-number-is-filing' },
  'mobile-format': { code: 'mobile-format', digits: 10 },
  'mobile-machine': { code: 'mobile-machine' },
  'not-confirmed': { code: 'not-confirmed' },
  'organization-name-form': { code: 'organization-name-form', word: '备案' },
  'organization-name-length': { code: 'organization-name-length', length: 1 },
  'person-name-form': { code: 'person-name-form', character: '1', position: 2 },
  'person-name-length': { code: 'person-name-length', length: 1 },
  'person-name-nickname': { code: 'person-name-nickname', typed: '王总' },
  'person-name-organization': { code: 'person-name-organization', typed: '青禾公司' },
  'provider-unclear': { code: 'provider-unclear' },
  'province-outside': { code: 'province-outside' },
  'province-several': { code: 'province-several', provinces: ['11', '22'] },
  'province-unknown': { code: 'province-unknown' },
  'secret-not-wanted': { code: 'secret-not-wanted', secret: 'password' },
  'server-overseas': { code: 'server-overseas' },
  'service-name-unclear': { code: 'service-name-unclear' },
  'several-values': { code: 'several-values', count: 2 },
  'site-name-banned': { code: 'site-name-banned', word: '投诉' },
  'site-name-form': { code: 'site-name-form', because: 'sign', character: '!', position: 3 },
  'site-name-national': { code: 'site-name-national', word: '中国' },
  'site-name-personal': { code: 'site-name-personal', word: '公司', because: 'organization' },
  'site-name-too-short': { code: 'site-name-too-short', han: 2 },
  'text-too-long': { code: 'text-too-long', length: 300, most: 200 },
  'text-too-short': { code: 'text-too-short', length: 3, least: 20 },
  'validity-format': { code: 'validity-format' },
  'validity-order': { code: 'validity-order', from: '2030-01-01', to: '2020-01-01' },
};

describe('sentences', () => {
  it.each(Object.values(problems))('tell what is wrong: $code', (problem) => {
    const sentence = explainProblem(problem);
    expect(sentence).toMatch(/[。？]$/u);
    expect(sentence).not.toMatch(/undefined|null|NaN|,|\?/);
    expect([...sentence].length).toBeLessThan(110);
    expect(problemCode(problem)).toBe(problem.code);
  });

  it('tell the position of a wrong character and never the right check digit', () => {
    expect(explainProblem(problems['id-number-chars'])).toContain('第3位是“A”');
    expect(explainProblem(problems['mobile-format'])).toContain('10位');
    const reading = read('filerLeader.idNumber', '110105194912310021');
    expect(reading.ok ? '' : explainProblem(reading.problem)).not.toContain('002X');
  });

  it('stop at a child, keep nothing of it, and send the guardian to a person', () => {
    const reading = read('filerLeader.idNumber', withCheckDigit('110105201303010010'), { filerKind: 'individual', filerProvince: '34' });
    expect(reading.ok ? '' : explainProblem(reading.problem)).toMatch(/未满14周岁，不能在这里填写，号码没有保存。请由监护人发“转人工”/);
  });

  it('stand for every remark of an option', () => {
    const remarks = fieldKeys.flatMap((key) => optionsOf(fields[key], {}).flatMap(({ remark }) => remark ?? []));
    expect(remarks.length).toBeGreaterThan(30);
    for (const remark of remarks) expect(explainRemark(remark)).toMatch(/[。？]$/u);
  });

  const others: Remark[] = [
    { code: 'certificate-province', certificate: '11', province: '41', rule: 'rejected' },
    { code: 'certificate-province', certificate: '11', province: '44', rule: 'proof' },
    { code: 'certificate-province', certificate: '11', province: '15', rule: 'conflict' },
    { code: 'leader-young', age: 17, province: '32' },
    { code: 'leader-young', age: 17 },
    { code: 'leader-not-legal-representative', province: '33' },
    { code: 'credit-code-kind', usual: 'individual-business', chosen: 'enterprise' },
    { code: 'document-ask-provider', document: 'passport' },
    { code: 'site-name-province', province: '32', rule: 'individual-form' },
    { code: 'address-province', address: '36', province: '44' },
  ];
  it.each(others)('are readable: %j', (remark) => {
    expect(explainRemark(remark)).toMatch(/[。？]$/u);
    expect(explainRemark(remark)).not.toMatch(/undefined/);
  });
});

it('names a certificate for every kind of filer', () => {
  const question = (filerKind: string) => questionOf(fields.creditCode satisfies Field, { filerKind });
  for (const [kind, { certificate }] of Object.entries(filerKinds)) expect(question(kind)).toContain(certificate);
});
