import { describe, expect, it } from 'vitest';
import { aboutProvince } from '../../dialogs/province.ts';
import { provinces } from '../../knowledge/entities/province.ts';
import { provinceTopics } from '../../knowledge/entities/province-topics.ts';

const codeOf = (shortName: string) => provinces.find((province) => province.shortName === shortName)?.code ?? '';

/** Everything the bot can say about provinces: each with each topic, with none, and with one that no rule bears on. */
const everything = provinces.flatMap(({ code, shortName, administration }) =>
  [undefined, 'filing-fee', ...provinceTopics()].map((topic) => ({ shortName, administration, topic, ...aboutProvince(code, topic) })),
);

describe('what the bot says about a province', () => {
  it.each(provinces.map(({ shortName, code }) => [shortName, code]))(
    '%s: what matters most, when nothing else was asked',
    (shortName, code) => {
      const { basis, text } = aboutProvince(code);
      const items = text.split('\n').filter((line) => line.startsWith('- '));
      expect(basis).toBe('overview');
      expect(text).toContain(`**在${shortName}备案`);
      expect(items.length).toBeGreaterThanOrEqual(4);
      expect(items.length).toBeLessThanOrEqual(6);
    },
  );

  it('has a conclusion, a caution with the administration, a date, and nothing that customers should not read', () => {
    for (const { shortName, administration, text, provenance } of everything) {
      expect(text).toMatch(new RegExp(`^\\*\\*[^*]*${shortName}[^*]*。\\*\\*`));
      expect(text).toContain(administration.name);
      expect(text).toContain('和接入商的当前要求为准');
      expect(text).toMatch(/20\d\d/);
      expect(`${text}${provenance}`).not.toMatch(/undefined|null|NaN|腾讯|华为|阿里|京东|百度|ucloud/i);
      expect(text.replace('020-87628386', '')).not.toMatch(/\d{3,4}-\d{7}|1\d{10}/);
    }
  });

  it('keeps short', () => {
    expect(everything.filter(({ text }) => text.length > 600).map(({ shortName, topic }) => `${shortName} ${topic}`)).toEqual([]);
  });

  it('names issuers and the day of the review, as the provenance of topics does', () => {
    for (const { basis, provenance } of everything) {
      expect(provenance).toContain('核对日期：2026-11-24。具体要求以当地通信管理局和接入商的最新规定为准。');
      expect(provenance.startsWith('依据：')).toBe(basis !== 'none');
    }
    expect(aboutProvince(codeOf('浙江'), 'minor-age').provenance).toContain('依据：各省管局要求（云服务商公开帮助文档，2021至2023）');
  });

  it.each([
    ['浙江', 'minor-age', 'rules', '**浙江关于年龄的要求：须满18周岁，单位负责人不接受授权书替代。**（2021至2023年）'],
    ['北京', 'province-residence', 'rules', '**在北京，个人备案接受外省身份证。**'],
    ['广东', 'residence-permit', 'rules', '**在广东，外省身份证可以办个人备案，但要准备当地的居住证等证明。**'],
    ['山西', 'province-residence', 'rules', '**在山西，个人备案只收当地身份证，外省的不收。**'],
    ['陕西', 'province-residence', 'rules', '**外省身份证能不能在陕西办个人备案，各份资料说法不一，请先问接入商或管局再决定。**'],
    ['湖南', 'phone-requirement', 'rules', '各份资料说法不一，请先确认再办。**'],
    ['四川', 'subject-person-must-legal-rep', 'rules', '**四川关于负责人的要求（单位）：主体负责人可不是法定代表人'],
    ['广东', 'display-filing-number', 'rules', '广东网站底部挂主体备案号（不带序号）'],
    ['北京', 'display-filing-number', 'rules', '**北京关于底部挂号的要求和多数省一样：'],
    ['江苏', 'personal-site-name', 'rules', '“某某的个人博客”或“某某的个人主页”'],
    ['江苏', 'cancel-site', 'rules', '不支持在线注销网站'],
    ['江苏', 'province-jiangsu', 'overview', '**在江苏备案'],
    ['湖北', 'province-jiangsu', 'overview', '**在湖北备案'],
    ['湖南', 'cancel-subject', 'rules', '注销空壳主体，在湖南管局网站下载注销申请表办理'],
    ['湖南', 'cancel-site', 'none', '**关于这个问题，我手上没有湖南的单独规定'],
    ['河北', 'change-and-add-concurrent', 'rules', '要先变更再新增'],
    ['浙江', 'cancel-subject', 'none', '**关于这个问题，我手上没有浙江的单独规定'],
    ['浙江', 'review-time', 'none', '**关于这个问题，我手上没有浙江的单独规定'],
  ])('%s, %s: %s', (shortName, topic, basis, words) => {
    const answer = aboutProvince(codeOf(shortName), topic);
    expect(answer.basis).toBe(basis);
    expect(answer.text).toContain(words);
  });

  it('tells provinces apart that sound the same', () => {
    expect(aboutProvince(codeOf('山西'), 'minor-age').text).toContain('这里说的是山西，不是陕西。');
    expect(aboutProvince(codeOf('陕西'), 'minor-age').text).toContain('这里说的是陕西，不是山西。');
  });

  it('links to the administration, unless its address is in doubt', () => {
    expect(aboutProvince(codeOf('浙江')).text).toContain('[浙江省通信管理局](https://zjca.miit.gov.cn/)');
    expect(aboutProvince(codeOf('青海')).text).toContain('青海省通信管理局（资料中的官网是 qhca.gov.cn，网址可能已变）');
  });
});
