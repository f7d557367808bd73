import { expect, test } from 'vitest';
import { knowledgeFiles } from '../../../bot/paths.ts';
import { isAboutOtherThing } from '../../../knowledge/matching/other-things.ts';
import { readKnowledge } from '../../../knowledge/read-knowledge.ts';
import { normalize } from '../../../knowledge/text/normalize.ts';

test.each([
  '外卖能帮我催一下吗',
  '狗证每年都要审吗',
  '食品经营许可证要多久', // the thing's own name has a word of the trade in it
  '租房备案过期了怎么办',
  '那公积金账号的密码忘了',
])('%s is about something else', (text) => expect(isAboutOtherThing(normalize(text))).toBe(true));

test.each([
  '我卖猫粮的，网站要备案吗',
  '餐馆想做个点外卖的小程序，办什么许可',
  '能帮我催一下吗',
  '我是送水的，名字要改',
  '我卖奶茶的，要哪些材料', // what somebody deals in is no errand of theirs
  '家具厂 收费吗',
  '做鸡蛋批发的，名字改了',
])('%s may be one of ours', (text) => expect(isAboutOtherThing(normalize(text))).toBe(false));

test('no reviewed phrasing is taken for something else', () => {
  const phrasings = readKnowledge(knowledgeFiles).entries.flatMap(({ question, phrasings, keywords }) => [
    question,
    ...phrasings,
    ...keywords,
  ]);
  expect(phrasings.filter((text) => isAboutOtherThing(normalize(text)))).toEqual([]);
});
