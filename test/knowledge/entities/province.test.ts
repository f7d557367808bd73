import { describe, expect, it } from 'vitest';
import { knowledgeFiles } from '../../../bot/paths.ts';
import { provinceOf, provinceRules, provinces, ruleSubjects, spanOf } from '../../../knowledge/entities/province.ts';
import { provinceSubjects, provinceTopics, rulesOnTopic } from '../../../knowledge/entities/province-topics.ts';
import { readKnowledge } from '../../../knowledge/read-knowledge.ts';

describe('the provinces', () => {
  it('are 31, each with its own code, character and administration', () => {
    expect(provinces.map(({ prefix }) => prefix).join('')).toBe('京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝蜀黔滇藏陕陇青宁新');
    expect(new Set(provinces.map(({ code }) => code)).size).toBe(31);
    expect(new Set(provinces.map(({ administration }) => administration.site)).size).toBe(31);
    for (const { name, administration } of provinces) expect(administration.name).toBe(`${name}通信管理局`);
  });

  it('have no name in common', () => {
    const names = provinces.flatMap(({ name, aliases }) => [name, ...aliases]);
    expect(names.length).toBe(new Set(names).size);
  });

  it('have a telephone number only where there is a source for it', () => {
    expect(provinces.flatMap(({ shortName, administration }) => (administration.phone ? [shortName] : []))).toEqual(['广东']);
  });

  it('are not made up for a code that is none', () => {
    expect(() => provinceOf('99')).toThrow('no province 99');
  });
});

describe('the rules of a province', () => {
  const all = provinces.flatMap(({ code, shortName }) => provinceRules(code).rules.map((rule) => ({ ...rule, shortName })));

  it('are there for each, with the question that is asked most', () => {
    for (const { code } of provinces) {
      const { rules, asOf, reviewed } = provinceRules(code);
      expect(rules.length).toBeGreaterThan(8);
      expect(rules[0]?.subject).toBe('nonlocal-id');
      expect(asOf).toMatch(/^20\d\d/);
      expect(reviewed).toBe('2026-11-24');
    }
  });

  it('name no vendor and no telephone number', () => {
    expect(all.filter(({ text }) => /腾讯|华为|阿里|京东|百度|青云|ucloud|\d{3,4}-\d{7}|\d{8}/i.test(text))).toEqual([]);
  });

  it('contradict themselves only where they say so', () => {
    expect(all.filter(({ text, disputed }) => /有分歧|有的资料.*有的|说法不一/.test(text) && !disputed)).toEqual([]);
    for (const { code, nonLocalId } of provinces) {
      if (nonLocalId === 'conflict') expect(provinceRules(code, ['nonlocal-id']).disputed).toBe(true);
    }
  });

  it('are all about subjects that some topic draws on', () => {
    const drawnOn = new Set(provinceTopics().flatMap((topic) => provinceSubjects(topic) ?? []));
    expect(ruleSubjects.filter((subject) => !drawnOn.has(subject))).toEqual([]);
    expect(ruleSubjects.filter((subject) => !all.some((rule) => rule.subject === subject))).toEqual([]);
  });

  it('on a topic come in the order of what it asks, for the filer it asks about', () => {
    expect(rulesOnTopic('44', 'materials-personal').rules.map(({ subject }) => subject)[0]).toBe('documents');
    expect(rulesOnTopic('44', 'materials-personal').rules.filter(({ applies }) => applies === 'organization')).toEqual([]);
    expect(rulesOnTopic('44', 'filing-fee').rules).toEqual([]);
  });

  it('draw on topics that there are', () => {
    const { entries } = readKnowledge(knowledgeFiles);
    const ids = new Set(entries.map(({ id }) => id));
    expect(provinceTopics().filter((topic) => !ids.has(topic))).toEqual([]);
  });

  it('span the dates of their sources', () => {
    expect(spanOf([{ asOf: '2021/2023' }, { asOf: '2024-04' }])).toBe('2021/2024-04');
    expect(spanOf([{ asOf: '2023' }])).toBe('2023');
    expect(spanOf([])).toBeUndefined();
  });
});
