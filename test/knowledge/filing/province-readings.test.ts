import { describe, expect, it } from 'vitest';
import { provinceRules, provinces, type RuleSubject } from '../../../knowledge/entities/province.ts';
import * as readings from '../../../knowledge/filing/province-readings.ts';

/** The provinces whose own rules on a subject have the words. */
function withWords(subject: RuleSubject, words: RegExp): string[] {
  return provinces.map(({ code }) => code).filter((code) => provinceRules(code, [subject]).rules.some(({ text }) => words.test(text)));
}

describe('what is read out of the rules of provinces agrees with their words', () => {
  it.each<[string, readonly string[], string[]]>([
    ['others as leaders', readings.othersAllowed, withWords('filer-leader', /主体负责人可以?不是法定代表人，但|也可委托股东/)],
    ['foreign leaders', readings.foreignLeaderProvinces, withWords('foreign-leader', /./)],
    [
      'one leader',
      readings.oneLeaderOnly,
      withWords('filer-leader', /同一人/).filter((code) =>
        provinceRules(code, ['filer-leader']).rules.some(({ text }) =>
          /网站负责人(?:须|需)(?:为|是)同一人|与网站负责人为?同一人/.test(text),
        ),
      ),
    ],
    ['the same city', readings.sameCityProvinces, withWords('address', /同市|同一地级市|跨市/)],
    ['the emergency number', readings.emergencyRemarkProvinces, withWords('emergency-contact', /备注/)],
    ['a declaration', readings.declarationProvinces, withWords('site-remark', /声明/)],
  ])('%s', (_, read, written) => {
    expect([...read].sort()).toEqual(written.sort());
  });

  it('disputes where the rules do', () => {
    for (const code of readings.othersDisputed.filter((each) => each !== '11')) {
      expect(provinceRules(code, ['filer-leader']).disputed, code).toBe(true);
    }
  });
});

it('takes a rule as firm from 2024 on, unless it is disputed', () => {
  expect(['2023', '2021/2023', '2024-04', '2021/2025-12'].map((asOf) => readings.isFirm({ asOf, disputed: false }))).toEqual([
    false,
    false,
    true,
    true,
  ]);
  expect(readings.isFirm({ asOf: '2025-12', disputed: true })).toBe(false);
});
