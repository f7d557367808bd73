import { describe, expect, it } from 'vitest';
import { wordDocuments, wordFinding, wordNextSteps, wordSource } from '../../../dialogs/intake/review-wording.ts';
import { documentsFor } from '../../../knowledge/filing/documents.ts';
import { filingTypes } from '../../../knowledge/filing/filing-case.ts';
import { nextSteps } from '../../../knowledge/filing/next-steps.ts';
import { findingCodes, reviewFiling } from '../../../knowledge/filing/review.ts';
import { cancelFiler, company, individual, today, twoLeaders } from '../../knowledge/filing/cases.ts';

const source = { title: '备案常见问题', asOf: '2026-02' };

describe('a finding', () => {
  it.each(findingCodes)('%s has a title and a remedy in short sentences', (code) => {
    for (const facts of [
      undefined,
      { word: '金融', leader: 'serviceLeader', day: '2026-12-31', province: '44', least: '18', same: 'yes', registered: '36' },
    ]) {
      const text = wordFinding({ code, severity: 'must-fix', fields: ['filerName'], source, ...(facts && { facts }) });
      expect(text).toMatch(/^\*\*[^*]+\*\*：.{3,110}[。]$/u);
      expect(text).not.toMatch(/undefined|你|NaN/);
    }
  });

  it('tells the rule of a province with its date and whether it is disputed', () => {
    const [finding] = reviewFiling('initial', { ...individual, filerProvince: '41' }, today).filter(
      ({ code }) => code === 'certificate-region-refused',
    );
    expect(finding && wordFinding(finding)).toBe(
      '**外省身份证不能在这里备案**：河南的个人备案不收外省身份证，请在身份证所在省办理。当地要求（2024年4月资料）：只收河南本省身份证。',
    );
    const [disputed] = reviewFiling('initial', { ...company, filerProvince: '65' }, today).filter(({ code }) => code === 'party-building');
    expect(disputed && wordFinding(disputed)).toContain('（2021年至2024年4月资料，说法不一）');
  });

  it('does not write the name or a number of a customer', () => {
    const findings = reviewFiling('initial', { ...individual, 'onlineService.name': '张三的小屋' }, today);
    expect(findings.map(wordFinding).join()).not.toContain('张三');
  });
});

describe('the documents', () => {
  it('come as a list of titles, those that are not certain as a number', () => {
    const documents = documentsFor('initial', twoLeaders);
    const text = wordDocuments(documents);
    expect(text).toContain('- 营业执照\n');
    expect(text).toContain('域名证书');
    expect(text).toContain(`看情况可能还要${documents.filter(({ certain }) => !certain).length}样`);
    expect(text.split('\n').length).toBeLessThan(12);
  });

  it('are left out when there are none', () => {
    expect(wordDocuments([])).toBe('');
  });
});

describe('the next steps', () => {
  it('are numbered, with days that are called an estimate', () => {
    const text = wordNextSteps(nextSteps('initial', company, today));
    expect(text).toMatch(/^1\. \*\*我们核对资料\*\*（预计11月30日，最晚12月1日）/);
    expect(text).toContain('24小时内');
    expect(text).toMatch(/5\. \*\*通信管理局审核\*\*（最晚预计2027年1月\d+日）/);
    expect(text).toContain('只是预计，不是承诺');
  });

  it('are told for every type, with and without days', () => {
    for (const type of filingTypes) {
      for (const day of [today, '1990-01-01']) {
        const text = wordNextSteps(nextSteps(type, cancelFiler, day));
        expect(text).toMatch(/^1\. \*\*/);
        expect(text).not.toMatch(/undefined|NaN|\[object/);
      }
    }
  });
});

it.each([
  ['2026-05', '备案帮助，2026年5月'],
  ['2024', '备案帮助，2024年'],
  ['2021/2024-04', '备案帮助，2021年至2024年4月'],
])('a source of %s reads %s', (asOf, words) => {
  expect(wordSource({ title: '备案帮助', asOf })).toBe(words);
});
