import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { knowledgeFiles } from '../../../bot/paths.ts';
import { withoutPhrasings, withPhrasings } from '../../../knowledge/misses/phrasings.ts';
import { realKnowledge } from '../../support/knowledge.ts';
import { sampleOf } from '../../support/sample.ts';

const textOf = (category: string) => readFileSync(join(knowledgeFiles.faq, `${category}.yaml`), 'utf8');
const added = { category: 'basics', topic: 'what-is-icp-filing', phrasings: ['备案算怎么个事儿', '“ICP: 备案” # 是啥'] };

/** The lines of a text that another does not have. */
const linesBeyond = (text: string, other: string) => text.split('\n').filter((line) => !other.split('\n').includes(line));

describe('phrasings of a topic', () => {
  it('are added behind those it has, and change no other line', () => {
    const before = textOf('basics');
    const after = withPhrasings(before, added);
    expect(linesBeyond(after, before)).toEqual(['      - 备案算怎么个事儿', '      - "“ICP: 备案” # 是啥"']);
    expect(linesBeyond(before, after)).toEqual([]);
  });

  it.each(sampleOf(realKnowledge().entries, 8, 'phrasings').map(({ id, category }) => [id, category]))(
    'are taken back from %s byte for byte',
    (topic, category) => {
      const one = { category, topic, phrasings: ['没人这么问过的问法'] };
      const before = textOf(category);
      expect(withoutPhrasings(withPhrasings(before, one), one)).toBe(before);
    },
  );

  it('are taken back although others were added since, or the answer was edited', () => {
    const before = textOf('basics');
    const later = { ...added, phrasings: ['后来又加的问法'] };
    const since = withPhrasings(withPhrasings(before, added), later).replace('title: 基础知识', 'title: 基础知识 # 改过');
    expect(withoutPhrasings(since, added)).toBe(withPhrasings(before, later).replace('title: 基础知识', 'title: 基础知识 # 改过'));
  });

  it('are not taken back when one of them was changed, or the topic is gone', () => {
    const after = withPhrasings(textOf('basics'), added);
    expect(withoutPhrasings(after.replace('备案算怎么个事儿', '备案算怎么回事儿'), added)).toBeUndefined();
    expect(withoutPhrasings(after.replace('id: what-is-icp-filing', 'id: what-is-filing'), added)).toBeUndefined();
  });

  it('are not added to a topic that is not there', () => {
    expect(() => withPhrasings(textOf('basics'), { ...added, topic: 'no-such-topic' })).toThrow('no-such-topic');
  });
});
