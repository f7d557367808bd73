import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkSiteName, type SiteNameContext } from '../../../knowledge/entities/site-name.ts';
import { hostileText } from './hostile-text.ts';

const check = (name: string, context: Partial<SiteNameContext> = {}) => {
  const result = checkSiteName(name, { filerKind: 'organization', ...context });
  return result.ok ? result.value : result.problem;
};
const individual = { filerKind: 'individual' } as const;
const codes = (name: string, context?: Partial<SiteNameContext>) => {
  const value = check(name, context);
  return 'remarks' in value ? value.remarks.map(({ code, ...rest }) => ('rule' in rest ? `${code}:${rest.rule}` : code)) : value.code;
};

// Rules: intake survey of 2026-11, section 2.13.
describe('names of sites', () => {
  it.each([
    ['示例五金', {}],
    ['网站名称：示例五金店', {}],
    ['《示例五金店》', {}],
    ['山野摄影笔记', individual],
    ['安全国际物流', {}],
    ['华中国际贸易网', {}],
    ['美国家具之家', {}],
    ['中央空调维修', {}],
    ['人民路小吃店', {}],
    ['巨人大厦物业', {}],
    ['芍药花开了', individual],
  ])('%s may be one', (name, context) => {
    expect(check(name, context)).toMatchObject({ remarks: [] });
  });

  it.each([
    ['五金', {}, { code: 'site-name-too-short', han: 2 }],
    ['ABC五金', {}, { code: 'site-name-too-short', han: 2 }],
    ['12345', {}, { code: 'site-name-form', because: 'digits' }],
    ['Example Shop', {}, { code: 'site-name-form', because: 'latin' }],
    ['example.com', {}, { code: 'site-name-form', because: 'domain' }],
    ['五金网example.com', {}, { code: 'site-name-form', because: 'domain' }],
    ['示例五金@网', {}, { code: 'site-name-form', because: 'sign', character: '@', position: 5 }],
    ['示例😀五金', {}, { code: 'site-name-form', because: 'sign', character: '😀', position: 3 }],
    ['中国五金网', {}, { code: 'site-name-national', word: '中国' }],
    ['全国家具网', {}, { code: 'site-name-national', word: '全国' }],
    ['中华美食', individual, { code: 'site-name-national', word: '中华' }],
    ['人民医院网', {}, { code: 'site-name-national', word: '人民' }],
    ['消费维权网', {}, { code: 'site-name-banned', word: '维权' }],
    ['摄影工作室', individual, { code: 'site-name-personal', word: '工作室', because: 'general' }],
    ['旅行者论坛', individual, { code: 'site-name-personal', word: '论坛', because: 'general' }],
    ['张三的博客', individual, { code: 'site-name-personal', word: '博客', because: 'general' }],
    ['示例有限公司', individual, { code: 'site-name-personal', word: '公司', because: 'organization' }],
    ['杭州美食记', individual, { code: 'site-name-personal', word: '杭州', because: 'place' }],
    ['张三丰之家', { ...individual, filerName: '张三丰' }, { code: 'site-name-personal', word: '张三丰', because: 'own-name' }],
  ])('%s (%j): %j', (name, context, problem) => {
    expect(check(name, context)).toEqual(problem);
  });

  it.each([
    ['示例交流社区', {}, ['site-name-sensitive']],
    ['示例教育培训', {}, ['site-name-industry']],
    ['山野教育札记', individual, ['site-name-industry']],
    ['一个长得超过十个字的名称', individual, ['site-name-length']],
    ['一二三四五六七八九十一二三四五六七八九十号店', {}, ['site-name-length']],
    ['示例市人民医院', { filerName: '示例市人民医院' }, ['site-name-national', 'site-name-industry']],
    // Provinces.
    ['张三的个人博客', { ...individual, province: '32' }, []],
    ['山野摄影笔记', { ...individual, province: '32' }, ['site-name-province:individual-form']],
    ['张三的个人博客', { ...individual, province: '33' }, 'site-name-personal'],
    ['山野小铺子', { province: '51', filerName: '成都示例科技有限公司' }, ['site-name-province:like-filer']],
    ['示例商城网', { province: '51', filerName: '成都示例科技有限公司' }, []],
    ['山野小铺子', { province: '41', filerName: '郑州示例科技有限公司' }, ['site-name-province:like-filer']],
    ['示例五金店', { province: '36' }, ['site-name-province:unique']],
    ['山野摄影笔记', { ...individual, province: '61' }, ['site-name-province:unique']],
    ['示例五金A店', { province: '50' }, ['site-name-province:no-latin']],
    ['大理民宿网', { province: '53' }, ['site-name-province:no-place']],
  ])('%s (%j): %j', (name, context, expected) => {
    expect(codes(name, context)).toEqual(expected);
  });

  it('are checked without throwing, and again to the same', () => {
    const context = fc.record({
      filerKind: fc.constantFrom('individual' as const, 'organization' as const),
      province: fc.constantFrom('32', '51', '53', '11'),
    });
    fc.assert(
      fc.property(hostileText('中国人民示例五金店论坛a1.@《》的个人博客'), context, (text, each) => {
        const result = checkSiteName(text, each);
        if (result.ok) expect(checkSiteName(result.value.name, each)).toEqual(result);
      }),
    );
  });
});
