import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findPlaces, provinceNamed } from '../../../knowledge/entities/place.ts';
import { provinceOf, provinces } from '../../../knowledge/entities/province.ts';
import { normalize } from '../../../knowledge/text/normalize.ts';

const found = (typed: string) =>
  findPlaces(normalize(typed)).map(({ matched, province, doubt }) =>
    [matched, provinceOf(province).shortName, ...(doubt ? [doubt] : [])].join(' '),
  );

describe('places in a message', () => {
  it.each([
    ['我在浙江', ['浙江 浙江']],
    ['公司在杭州市，法人是哈尔滨人', ['杭州市 浙江', '哈尔滨 黑龙江']],
    ['從北京搬到廣東', ['北京 北京', '广东 广东']],
    ['內蒙古自治區的', ['内蒙古自治区 内蒙古']],
    ['广西壮族自治区和新疆', ['广西壮族自治区 广西', '新疆 新疆']],
    // One name inside another, or across two.
    ['吉林市', ['吉林市 吉林']],
    ['海南州', ['海南州 青海']],
    ['海南藏族自治州', ['海南藏族自治州 青海']],
    ['海南', ['海南 海南']],
    ['天津河北区', ['天津 天津', '河北区 天津']],
    ['河北区域的要求', ['河北 河北']],
    ['马鞍山', ['马鞍山 安徽']],
    ['朝阳市', ['朝阳市 辽宁']],
    ['湖南昌盛公司', ['湖南 湖南']],
    ['上海口碑', ['上海 上海']],
    ['山西安全', ['山西 山西']],
    ['苏州市场', ['苏州 江苏']],
    // Doubtful.
    ['朝阳区', ['朝阳区 北京 same-name']],
    ['长春朝阳区', ['长春 吉林', '朝阳区 北京 same-name']],
    ['西安区', ['西安区 黑龙江 same-name']],
    ['山东大学的网站', ['山东 山东 part-of-name']],
    ['中国石油大学在东营', ['东营 山东']],
    ['在济南上大学', ['济南 山东']],
    ['南京银行', ['南京 江苏 part-of-name']],
    ['日照的公司', ['日照 山东 common-word']],
    ['日照市的公司', ['日照市 山东']],
    // None.
    ['上海路12号', []],
    ['中山南路', []],
    ['会说广东话吗', []],
    ['重庆火锅', []],
    ['兰州拉面', []],
    ['阿里云ICP备案', []],
    ['西南通信', []],
    ['华东营销中心', []],
    ['等保定级', []],
    ['普通化妆品', []],
    ['白银市场', []],
    ['东方市场', []],
    ['三明治', []],
    ['大理石', []],
    ['全国最大连锁', []],
    ['绑定安全手机', []],
    ['东西安全吗', []],
    ['更新余额', []],
    ['朝阳行业', []],
    ['鼓楼区', []],
    ['和平区', []],
    ['香港公司', []],
    ['', []],
  ])('%s: %j', (typed, expected) => {
    expect(found(typed)).toEqual(expected);
  });

  it('are found by every name of the table, each in its province', () => {
    const lost = provinces.flatMap(({ code, name, aliases }) =>
      [name, ...aliases].filter((alias) => {
        const [place, ...more] = findPlaces(alias);
        return !place || more.length > 0 || place.province !== code || place.matched !== alias;
      }),
    );
    expect(lost).toEqual([]);
  });

  it.each(provinces.map(({ shortName, administration, code }) => [shortName, administration.name, code]))(
    '%s is the only one in the name of its administration',
    (shortName, administration, code) => {
      for (const name of [administration, `${shortName}通信管理局`, `${shortName}管局`]) {
        expect(findPlaces(name).map(({ province }) => province)).toEqual([code]);
      }
    },
  );

  it('carry their span and whether the province itself is named', () => {
    expect(findPlaces('我在浙江杭州')).toEqual([
      { province: '33', provinceName: '浙江省', matched: '浙江', start: 2, end: 4, level: 'province' },
      { province: '33', provinceName: '浙江省', matched: '杭州', start: 4, end: 6, level: 'place' },
    ]);
  });

  it('lie apart and in order, whatever the text', () => {
    const names = provinces.flatMap(({ aliases }) => aliases);
    const text = fc.array(fc.oneof(fc.constantFrom(...names), fc.string({ unit: fc.constantFrom(...'市区县州路大学的在南西安通') })), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(text, (parts) => {
        const whole = parts.join('');
        let before = 0;
        for (const { start, end, matched } of findPlaces(whole)) {
          expect(start).toBeGreaterThanOrEqual(before);
          expect(whole.slice(start, end)).toBe(matched);
          before = end;
        }
      }),
    );
  });
});

describe('the province that a message names', () => {
  it.each([
    ['浙江杭州的公司', { kind: 'one', province: '33' }],
    ['长春朝阳区', { kind: 'one', province: '22' }],
    ['从北京迁到广东', { kind: 'several', provinces: ['11', '44'] }],
    ['朝阳区', { kind: 'several', provinces: ['11', '22'] }],
    ['西安区', { kind: 'several', provinces: ['23', '22'] }],
    ['山东大学', { kind: 'several', provinces: ['37'] }],
    ['备案要多久', { kind: 'none' }],
  ])('%s: %j', (typed, expected) => {
    expect(provinceNamed(findPlaces(normalize(typed)))).toEqual(expected);
  });
});
