import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { provesCase } from '../../../knowledge/filing/case-proof.ts';
import type { Values } from '../../../knowledge/filing/form.ts';

const values: Values = {
  contactMobile: '13812345678',
  filerName: '北京晴川（集团）科技有限公司',
  'onlineService.domainName': 'example.com.cn',
  creditCode: '91350100M000100Y43',
  'filerLeader.idNumber': '11010519491231002X',
  'filerLeader.mobile': '13900001111',
};
const proves = (mobileEnd: string, item: string, of: Values = values) => provesCase({ values: of, state: 'drafting' }, { mobileEnd, item });

describe('a case', () => {
  it.each([
    ['the filer’s name', '北京晴川（集团）科技有限公司'],
    ['in other brackets, with spaces', ' 北京晴川 (集团) 科技有限公司 '],
    ['the domain name', 'example.com.cn'],
    ['with www and capitals', 'https://www.Example.com.cn/index.html'],
    ['the end of the credit code', '0Y43'],
    ['in small letters', '00100y43'],
    ['the whole credit code', '91350100m000100y43'],
    ['the end of a certificate number', '002x'],
    ['in full width', '１００２Ｘ'],
  ])('is proved by its mobile’s end and %s', (_, item) => {
    expect(proves('5678', item)).toBe(true);
    expect(proves('５６７８', item)).toBe(true);
    expect(proves('5679', item)).toBe(false);
  });

  it.each(['北京晴川', '', ' ', '科技有限公司', 'com.cn', 'xample.com.cn', 'Y43', '02X', '5678', '9999', '（）'])(
    'is not proved by "%s"',
    (item) => {
      expect(proves('5678', item)).toBe(false);
    },
  );

  it('without a contact mobile is proved with that of the filer’s leader, and without any by nobody', () => {
    const { contactMobile: _, ...withLeader } = values;
    expect(proves('1111', '002X', withLeader)).toBe(true);
    expect(proves('5678', '002X', withLeader)).toBe(false);
    const { 'filerLeader.mobile': __, ...without } = withLeader;
    for (const end of ['1111', '5678', '', '0000']) expect(proves(end, '002X', without)).toBe(false);
  });

  it('is not proved by less, or by nothing', () => {
    for (const end of ['', '678', '345678', 'abcd', '....']) expect(proves(end, '002X')).toBe(false);
    expect(provesCase({ values, state: 'erased' }, { mobileEnd: '5678', item: '002X' })).toBe(false);
    fc.assert(fc.property(fc.string(), fc.string(), (end, item) => !proves(end, item, {})));
  });
});
