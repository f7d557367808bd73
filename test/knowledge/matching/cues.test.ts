import { describe, expect, it } from 'vitest';
import { cues } from '../../../knowledge/matching/cues.ts';
import { normalize } from '../../../knowledge/text/normalize.ts';
import { realKnowledge } from '../../support/knowledge.ts';

const entries = new Map(realKnowledge().entries.map((entry) => [entry.id, entry]));
const longest = 16; // like what follows in a conversation, not like a question that begins one

describe('the cues', () => {
  it('are there for every topic, and for nothing else', () => {
    expect(Object.keys(cues).sort()).toEqual([...entries.keys()].sort());
  });

  it.each(Object.keys(cues))('of %s are found in its own short phrasings more than in those of linked topics', (id) => {
    const own = shortPhrasings(id);
    const others = linkedWith(id).flatMap(shortPhrasings);
    expect(shareOf(own, id)).toBeGreaterThan(shareOf(others, id));
  });

  it.each([
    ['sms-not-received', '没收到咋办'],
    ['sms-failed', '填错了呢'],
    ['cancel-restore', '还能再要回来吗'],
    ['domain-expired-after-filing', '备完才过期呢'],
    ['license-vs-edi', '这俩证有啥不一样'],
    ['process-add-access', '只是换了家云'],
    ['materials-photo-spec', '新证照片咋拍'],
  ])('of %s are found in %s', (id, question) => {
    expect(cues[id]?.test(question)).toBe(true);
  });
});

function shortPhrasings(id: string): string[] {
  return (entries.get(id)?.phrasings ?? []).map(normalize).filter((text) => text.length <= longest);
}

function linkedWith(id: string): string[] {
  const links = ({ related, confusableWith }: { related: readonly string[]; confusableWith: readonly string[] }) => [
    ...related,
    ...confusableWith,
  ];
  const own = entries.get(id);
  return [...entries.values()]
    .filter((other) => links(other).includes(id) || (own && links(own).includes(other.id)))
    .map((other) => other.id);
}

function shareOf(texts: readonly string[], id: string): number {
  return texts.filter((text) => cues[id]?.test(text)).length / Math.max(1, texts.length);
}
